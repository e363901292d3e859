/*
 * Formatted text: libc reads the strings among the arguments, and writes the
 * result.
 */
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <limits.h>
#include <printf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARGUMENTS = 32 };

/* Takes one argument of that type off the list; a string's address, or NULL.
 * NOLINTBEGIN(bugprone-branch-clone): to the check all va_arg are alike */
static const char *next_argument(int type, va_list *list)
{
    bool is_long = type & (PA_FLAG_LONG | PA_FLAG_LONG_LONG);
    int base = type & PA_FLAG_PTR ? PA_POINTER : type & ~PA_FLAG_MASK;
    bool is_real = base == PA_FLOAT || base == PA_DOUBLE;
    if (base == PA_STRING)
        return va_arg(*list, const char *);
    if (base == PA_POINTER || base == PA_WSTRING)
        (void)va_arg(*list, void *);
    else if (is_real && type & PA_FLAG_LONG_DOUBLE)
        (void)va_arg(*list, long double);
    else if (is_real)
        (void)va_arg(*list, double);
    else if (is_long)
        (void)va_arg(*list, long);
    else
        (void)va_arg(*list, int);
    return NULL;
}
/* NOLINTEND(bugprone-branch-clone) */

enum { NO_LIMIT = -1, GIVEN = -2 };

/* How much of the next string among the arguments is read. */
static int next_limit(const char **format)
{
    while ((*format = strchr(*format, '%')) != NULL) {
        int limit = NO_LIMIT;
        const char *at = *format + 1;
        at += strspn(at, "-+ #0'123456789*$");
        if (*at == '.') {
            limit = at[1] == '*' ? GIVEN : (int)strtol(at + 1, NULL, 10);
            at += 1 + strspn(at + 1, "0123456789*$");
        }
        at += strspn(at, "hlLqjzt");
        *format = at + (*at != '\0');
        if (*at == 's')
            return limit;
    }
    *format = "";
    return NO_LIMIT;
}

/* A string with a precision need not end. If it is an argument too, it is not
 * looked at. */
void read_arguments(
        const char *format, va_list list, uintptr_t pc, uintptr_t frame)
{
    int types[ARGUMENTS];
    if (strchr(format, 's') == NULL)
        return;
    libc_accesses(OP_READ, format, strlen(format) + 1, pc, frame);
    size_t count = parse_printf_format(format, ARGUMENTS, types);
    const char *rest = format;
    va_list copy;
    va_copy(copy, list);
    for (size_t i = 0; i < count && i < ARGUMENTS; i++) {
        const char *s = next_argument(types[i], &copy);
        if (s == NULL)
            continue;
        int limit = next_limit(&rest);
        if (limit == NO_LIMIT)
            libc_accesses(OP_READ, s, strlen(s) + 1, pc, frame);
        else if (limit >= 0)
            libc_accesses(OP_READ, s, strnlen(s, (size_t)limit), pc, frame);
    }
    va_end(copy);
}

static int format_into(char *to, size_t size, const char *format, va_list list,
        uintptr_t pc, uintptr_t frame)
{
    read_arguments(format, list, pc, frame);
    va_list copy;
    va_copy(copy, list);
    int length = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    size_t used = (size_t)length + 1 < size ? (size_t)length + 1 : size;
    libc_accesses(OP_WRITE, to, used, pc, frame);
    return vsnprintf(to, size, format, list);
}

int explored_vsnprintf(char *to, size_t size, const char *format, va_list list)
{
    return format_into(to, size, format, list, HERE, FRAME);
}

int explored_vsprintf(char *to, const char *format, va_list list)
{
    return format_into(to, INT_MAX, format, list, HERE, FRAME);
}

int explored_snprintf(char *to, size_t size, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = format_into(to, size, format, list, HERE, FRAME);
    va_end(list);
    return length;
}

int explored_sprintf(char *to, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = format_into(to, INT_MAX, format, list, HERE, FRAME);
    va_end(list);
    return length;
}

static int format_new(char **to, const char *format, va_list list, uintptr_t pc)
{
    char *text;
    int length = vasprintf(&text, format, list);
    if (length < 0)
        refuse("out of memory");
    *to = allocate((size_t)length + 1, 16, pc);
    if (*to != NULL)
        memcpy(*to, text, (size_t)length + 1);
    free(text);
    return *to == NULL ? -1 : length;
}

int explored_vasprintf(char **to, const char *format, va_list list)
{
    read_arguments(format, list, HERE, FRAME);
    libc_accesses(OP_WRITE, to, sizeof *to, HERE, FRAME);
    return format_new(to, format, list, HERE);
}

int explored_asprintf(char **to, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    read_arguments(format, list, HERE, FRAME);
    libc_accesses(OP_WRITE, to, sizeof *to, HERE, FRAME);
    int length = format_new(to, format, list, HERE);
    va_end(list);
    return length;
}
