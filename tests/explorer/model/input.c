/*
 * What the program reads from its standard input: read once, and the same in
 * every run.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *input;
static size_t input_used, input_room;
static FILE *stream;

bool input_is_taken;

static void read_all(void)
{
    int c;
    if (input_is_taken)
        refuse("the program reads its input, from where the choices come");
    while ((c = fgetc(stdin)) != EOF) {
        if (input_used == input_room)
            input = grow(input, &input_room, 1);
        input[input_used++] = (char)c;
    }
    if (input_used == 0)
        input = zeroes(1, 1);
    stream = fmemopen(input, input_used == 0 ? 1 : input_used, "r");
    if (stream == NULL)
        refuse("no memory for the input");
}

void input_new_run(void)
{
    if (stream != NULL)
        rewind(stream);
}

/* Who reads what depends on the order of threads: it is a step, which libc makes
 * with the file locked. */
static FILE *from(FILE *file, const char *call, uintptr_t pc, uintptr_t frame)
{
    if (file != stdin)
        refuse("%s from a file is not modelled", call);
    op o = {.kind = OP_UPDATE,
            .order = __ATOMIC_SEQ_CST,
            .address = (uintptr_t)&hidden.input,
            .size = sizeof hidden.input,
            .pc = pc,
            .frame = frame};
    step(&o);
    thread_changes(run.self);
    clock_atomic(run.self, &o, true, true);
    if (stream == NULL)
        read_all();
    if (input_used == 0)
        fseek(stream, 0, SEEK_END);
    return stream;
}

#define FROM(file, call) from((file), (call), HERE, FRAME)

int explored_fgetc(FILE *file)
{
    return fgetc(FROM(file, "fgetc"));
}

int explored_getc(FILE *file)
{
    return fgetc(FROM(file, "getc"));
}

int explored_getchar(void)
{
    return fgetc(FROM(stdin, "getchar"));
}

char *explored_fgets(char *to, int size, FILE *file)
{
    FILE *input_file = FROM(file, "fgets");
    plain(OP_WRITE, to, (size_t)size, HERE, FRAME);
    return fgets(to, size, input_file);
}

ssize_t explored_getline(char **line, size_t *size, FILE *file)
{
    char *text = NULL;
    size_t room = 0;
    ssize_t length = getline(&text, &room, FROM(file, "getline"));
    plain(OP_WRITE, line, sizeof *line, HERE, FRAME);
    plain(OP_WRITE, size, sizeof *size, HERE, FRAME);
    if (length >= 0) {
        op o = CALL(OP_FREE, *line);
        *size = (size_t)length + 1;
        *line = resize(&o, *size);
        if (*line != NULL)
            memcpy(*line, text, *size);
    }
    free(text);
    return length;
}

size_t explored_fread(void *to, size_t size, size_t count, FILE *file)
{
    FILE *input_file = FROM(file, "fread");
    plain(OP_WRITE, to, size * count, HERE, FRAME);
    return fread(to, size, count, input_file);
}

ssize_t explored_read(int descriptor, void *to, size_t size)
{
    if (descriptor != 0)
        refuse("read from a file is not modelled");
    FILE *input_file = FROM(stdin, "read");
    plain(OP_WRITE, to, size, HERE, FRAME);
    return (ssize_t)fread(to, 1, size, input_file);
}

int explored_feof(FILE *file)
{
    return feof(FROM(file, "feof"));
}

/* --- scanf -----------------------------------------------------------------*/

/* The size of what a conversion stores; of a string its first byte. */
static size_t size_of(const char **format)
{
    size_t size = sizeof(int), real = sizeof(float);
    for (;; ++*format) {
        switch (**format) {
        case 'h':
            size = size == sizeof(short) ? 1 : sizeof(short);
            continue;
        case 'l':
        case 'j':
        case 'z':
        case 't':
            size = sizeof(long);
            real = sizeof(double);
            continue;
        case 'L':
            real = sizeof(long double);
            continue;
        case 's':
        case 'c':
        case '[':
            return 1;
        case 'p':
            return sizeof(void *);
        case 'a':
        case 'e':
        case 'f':
        case 'g':
            return real;
        default:
            return size;
        }
    }
}

/* scanf writes through its arguments: each is an access by its caller. */
static void write_arguments(
        const char *format, va_list list, uintptr_t pc, uintptr_t frame)
{
    va_list copy;
    va_copy(copy, list);
    while ((format = strchr(format, '%')) != NULL) {
        format++;
        bool is_kept = *format != '*' && *format != '%';
        format += strspn(format, "*0123456789");
        size_t size = size_of(&format);
        if (*format != '\0')
            format++;
        if (is_kept)
            libc_accesses(
                    OP_WRITE, va_arg(copy, const void *), size, pc, frame);
    }
    va_end(copy);
    memory_wrote_anywhere();
}

#define SCANS_FROM(name, file)                                                 \
    {                                                                          \
        va_list list;                                                          \
        va_start(list, format);                                                \
        FILE *input_file = FROM((file), name);                                 \
        write_arguments(format, list, HERE, FRAME);                            \
        int count = vfscanf(input_file, format, list);                         \
        va_end(list);                                                          \
        return count;                                                          \
    }

#define SCANS_STRING                                                           \
    {                                                                          \
        va_list list;                                                          \
        va_start(list, format);                                                \
        libc_accesses(OP_READ, text, strlen(text) + 1, HERE, FRAME);           \
        write_arguments(format, list, HERE, FRAME);                            \
        int count = vsscanf(text, format, list);                               \
        va_end(list);                                                          \
        return count;                                                          \
    }

/* By the names that versions of glibc use. */
int explored___isoc99_scanf(const char *format, ...) SCANS_FROM(
        "scanf", stdin) int explored___isoc23_scanf(const char *format,
        ...) SCANS_FROM("scanf", stdin) int explored___isoc99_fscanf(FILE *file,
        const char *format, ...) SCANS_FROM("fscanf",
        file) int explored___isoc23_fscanf(FILE *file, const char *format, ...)
        SCANS_FROM("fscanf", file) int explored___isoc99_sscanf(
                const char *text, const char *format, ...) SCANS_STRING
        int explored___isoc23_sscanf(
                const char *text, const char *format, ...) SCANS_STRING
