/*
 * Strings and blocks of memory: what libc reads or writes in the program's
 * memory is a step like any access.
 */
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define READS_(at, size)  libc_accesses(OP_READ, (at), (size), HERE, FRAME)
#define WRITES_(at, size) libc_accesses(OP_WRITE, (at), (size), HERE, FRAME)
#define READS_STRING(s)   READS_((s), strlen(s) + 1)

/* Constants are nobody's business. */
void libc_accesses(op_kind kind, const volatile void *at, size_t size,
        uintptr_t pc, uintptr_t frame)
{
    if (memory_is_variable((uintptr_t)at))
        plain(kind, at, size, pc, frame);
}

/* --- Blocks of memory ------------------------------------------------------*/

void *explored_memcpy(void *to, const void *from, size_t size)
{
    READS_(from, size);
    WRITES_(to, size);
    return memcpy(to, from, size);
}

void *explored_mempcpy(void *to, const void *from, size_t size)
{
    READS_(from, size);
    WRITES_(to, size);
    return mempcpy(to, from, size);
}

void *explored_memmove(void *to, const void *from, size_t size)
{
    READS_(from, size);
    WRITES_(to, size);
    return memmove(to, from, size);
}

void *explored_memset(void *to, int value, size_t size)
{
    WRITES_(to, size);
    return memset(to, value, size);
}

void explored_bzero(void *to, size_t size)
{
    WRITES_(to, size);
    memset(to, 0, size);
}

int explored_memcmp(const void *a, const void *b, size_t size)
{
    READS_(a, size);
    READS_(b, size);
    return memcmp(a, b, size);
}

void *explored_memchr(const void *from, int c, size_t size)
{
    READS_(from, size);
    return memchr(from, c, size);
}

void explored_qsort(void *base, size_t count, size_t size,
        int (*compare)(const void *, const void *))
{
    READS_(base, count * size);
    WRITES_(base, count * size);
    qsort(base, count, size, compare);
}

void *explored_bsearch(const void *key, const void *base, size_t count,
        size_t size, int (*compare)(const void *, const void *))
{
    READS_(base, count * size);
    return bsearch(key, base, count, size, compare);
}

/* --- Looking at strings ----------------------------------------------------*/

size_t explored_strlen(const char *s)
{
    READS_STRING(s);
    return strlen(s);
}

size_t explored_strnlen(const char *s, size_t most)
{
    READS_(s, strnlen(s, most));
    return strnlen(s, most);
}

#define COMPARES(name)                                                         \
    int explored_##name(const char *a, const char *b)                          \
    {                                                                          \
        READS_STRING(a);                                                       \
        READS_STRING(b);                                                       \
        return name(a, b);                                                     \
    }

#define COMPARES_SOME(name)                                                    \
    int explored_##name(const char *a, const char *b, size_t size)             \
    {                                                                          \
        READS_(a, strnlen(a, size));                                           \
        READS_(b, strnlen(b, size));                                           \
        return name(a, b, size);                                               \
    }

#define LOOKS_FOR(result, name, type)                                          \
    result explored_##name(const char *s, type what)                           \
    {                                                                          \
        READS_STRING(s);                                                       \
        return name(s, what);                                                  \
    }

COMPARES(strcmp)
COMPARES(strcasecmp)
COMPARES(strcoll)
COMPARES_SOME(strncmp)
COMPARES_SOME(strncasecmp)
LOOKS_FOR(char *, strchr, int)
LOOKS_FOR(char *, strrchr, int)
LOOKS_FOR(char *, strstr, const char *)
LOOKS_FOR(char *, strpbrk, const char *)
LOOKS_FOR(size_t, strspn, const char *)
LOOKS_FOR(size_t, strcspn, const char *)

/* --- Numbers in strings ----------------------------------------------------*/

#define READS_NUMBER(type, name, number)                                       \
    type explored_##name(const char *s)                                        \
    {                                                                          \
        READS_STRING(s);                                                       \
        return (type)(number);                                                 \
    }

/* The last two by the names that newer versions of glibc use. */
#define CONVERTS(type, as, name)                                               \
    type explored_##as(const char *s, char **end, int base)                    \
    {                                                                          \
        READS_STRING(s);                                                       \
        if (end != NULL)                                                       \
            WRITES_(end, sizeof *end);                                         \
        return name(s, end, base);                                             \
    }

#define CONVERTS_REAL(type, name)                                              \
    type explored_##name(const char *s, char **end)                            \
    {                                                                          \
        READS_STRING(s);                                                       \
        if (end != NULL)                                                       \
            WRITES_(end, sizeof *end);                                         \
        return name(s, end);                                                   \
    }

READS_NUMBER(int, atoi, strtol(s, NULL, 10))
READS_NUMBER(long, atol, strtol(s, NULL, 10))
READS_NUMBER(long long, atoll, strtoll(s, NULL, 10))
READS_NUMBER(double, atof, strtod(s, NULL))
CONVERTS(long, strtol, strtol)
CONVERTS(long long, strtoll, strtoll)
CONVERTS(unsigned long, strtoul, strtoul)
CONVERTS(unsigned long long, strtoull, strtoull)
CONVERTS(intmax_t, strtoimax, strtoimax)
CONVERTS(uintmax_t, strtoumax, strtoumax)
CONVERTS(long, __isoc23_strtol, strtol)
CONVERTS(long long, __isoc23_strtoll, strtoll)
CONVERTS(unsigned long, __isoc23_strtoul, strtoul)
CONVERTS(unsigned long long, __isoc23_strtoull, strtoull)
CONVERTS_REAL(float, strtof)
CONVERTS_REAL(double, strtod)
CONVERTS_REAL(long double, strtold)

/* --- Making strings --------------------------------------------------------*/

char *explored_strcpy(char *to, const char *from)
{
    READS_STRING(from);
    WRITES_(to, strlen(from) + 1);
    return memcpy(to, from, strlen(from) + 1);
}

char *explored_stpcpy(char *to, const char *from)
{
    READS_STRING(from);
    WRITES_(to, strlen(from) + 1);
    return stpcpy(to, from);
}

char *explored_strncpy(char *to, const char *from, size_t size)
{
    READS_(from, strnlen(from, size));
    WRITES_(to, size);
    return strncpy(to, from, size);
}

char *explored_strcat(char *to, const char *from)
{
    READS_STRING(from);
    READS_STRING(to);
    WRITES_(to + strlen(to), strlen(from) + 1);
    memcpy(to + strlen(to), from, strlen(from) + 1);
    return to;
}

char *explored_strncat(char *to, const char *from, size_t size)
{
    READS_(from, strnlen(from, size));
    READS_STRING(to);
    WRITES_(to + strlen(to), strnlen(from, size) + 1);
    return strncat(to, from, size);
}

char *explored_strdup(const char *s)
{
    READS_STRING(s);
    size_t size = strlen(s) + 1;
    char *copy = allocate(size, 16, HERE);
    return copy == NULL ? NULL : memcpy(copy, s, size);
}

char *explored_strndup(const char *s, size_t most)
{
    size_t size = strnlen(s, most);
    READS_(s, size);
    char *copy = allocate(size + 1, 16, HERE);
    if (copy != NULL) {
        memcpy(copy, s, size);
        copy[size] = '\0';
    }
    return copy;
}

/* Where the last call left off is one for all threads. */
char *explored_strtok(char *s, const char *delimiters)
{
    if (s == NULL)
        READS_(&hidden.token_rest, sizeof hidden.token_rest);
    char *from = s != NULL ? s : hidden.token_rest;
    if (from != NULL)
        WRITES_(from, strlen(from) + 1);
    WRITES_(&hidden.token_rest, sizeof hidden.token_rest);
    return strtok_r(s, delimiters, &hidden.token_rest);
}

char *explored_strtok_r(char *s, const char *delimiters, char **rest)
{
    char *from = s != NULL ? s : *rest;
    if (from != NULL)
        WRITES_(from, strlen(from) + 1);
    WRITES_(rest, sizeof *rest);
    return strtok_r(s, delimiters, rest);
}

char *explored_strsep(char **rest, const char *delimiters)
{
    READS_(rest, sizeof *rest);
    if (*rest != NULL)
        WRITES_(*rest, strlen(*rest) + 1);
    WRITES_(rest, sizeof *rest);
    return strsep(rest, delimiters);
}
