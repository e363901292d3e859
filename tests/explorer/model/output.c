/*
 * Output: what a thread prints is kept for the report.
 */
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OUTPUT_ROOM = 1 << 16 };
static char output[OUTPUT_ROOM];
static size_t output_used;

void output_new_run(void)
{
    output_used = 0;
}

const char *run_output(void)
{
    output[output_used] = '\0';
    return output;
}

static int print(const char *text, size_t size, uintptr_t pc)
{
    if (is_recording) {
        op o = {.kind = OP_OUTPUT, .pc = pc, .text = text, .size = size};
        record_step(run.self, &o);
    }
    if (size > OUTPUT_ROOM - 1 - output_used)
        size = OUTPUT_ROOM - 1 - output_used;
    memcpy(output + output_used, text, size);
    output_used += size;
    return (int)size;
}

static void must_be_terminal(FILE *file, const char *call)
{
    if (file != stdout && file != stderr)
        refuse("%s to a file is not modelled", call);
}

static int print_list(
        const char *format, va_list list, uintptr_t pc, uintptr_t frame)
{
    char text[4096];
    read_arguments(format, list, pc, frame);
    int length = vsnprintf(text, sizeof text, format, list);
    if (length >= (int)sizeof text)
        length = (int)sizeof text - 1;
    print(text, (size_t)length, pc);
    return length;
}

int explored_printf(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = print_list(format, list, HERE, FRAME);
    va_end(list);
    return length;
}

int explored_vprintf(const char *format, va_list list)
{
    return print_list(format, list, HERE, FRAME);
}

int explored_fprintf(FILE *file, const char *format, ...)
{
    must_be_terminal(file, "fprintf");
    va_list list;
    va_start(list, format);
    int length = print_list(format, list, HERE, FRAME);
    va_end(list);
    return length;
}

int explored_vfprintf(FILE *file, const char *format, va_list list)
{
    must_be_terminal(file, "vfprintf");
    return print_list(format, list, HERE, FRAME);
}

int explored_puts(const char *s)
{
    libc_accesses(OP_READ, s, strlen(s) + 1, HERE, FRAME);
    print(s, strlen(s), HERE);
    return print("\n", 1, HERE);
}

int explored_fputs(const char *s, FILE *file)
{
    must_be_terminal(file, "fputs");
    libc_accesses(OP_READ, s, strlen(s) + 1, HERE, FRAME);
    return print(s, strlen(s), HERE);
}

int explored_putchar(int c)
{
    char text = (char)c;
    print(&text, 1, HERE);
    return c;
}

int explored_fputc(int c, FILE *file)
{
    must_be_terminal(file, "fputc");
    char text = (char)c;
    print(&text, 1, HERE);
    return c;
}

int explored_putc(int c, FILE *file)
{
    return explored_fputc(c, file);
}

size_t explored_fwrite(const void *from, size_t size, size_t count, FILE *file)
{
    must_be_terminal(file, "fwrite");
    libc_accesses(OP_READ, from, size * count, HERE, FRAME);
    print(from, size * count, HERE);
    return count;
}

ssize_t explored_write(int descriptor, const void *from, size_t size)
{
    if (descriptor != 1 && descriptor != 2)
        refuse("write to a file is not modelled");
    libc_accesses(OP_READ, from, size, HERE, FRAME);
    print(from, size, HERE);
    return (ssize_t)size;
}

/* "before: the format's text: the error" */
static void complain(const char *before, const char *format, va_list list,
        const char *after, uintptr_t pc)
{
    char text[4096];
    int length = 0;
    size_t room = sizeof text;
    if (before != NULL)
        length = snprintf(text, room, "%s: ", before);
    if (format != NULL)
        length += vsnprintf(text + length, room - (size_t)length, format, list);
    if (length > 4000)
        length = 4000;
    length += snprintf(text + length, room - (size_t)length, "%s%.80s\n",
            after == NULL || format == NULL ? "" : ": ",
            after == NULL ? "" : after);
    print(text, (size_t)length, pc);
}

#define COMPLAIN(after)                                                        \
    do {                                                                       \
        va_list list;                                                          \
        va_start(list, format);                                                \
        complain(program_invocation_short_name, format, list, (after), HERE);  \
        va_end(list);                                                          \
    } while (0)

void explored_perror(const char *s)
{
    char text[512];
    int length = snprintf(
            text, sizeof text, "%.400s: %s\n", s, strerror(run.self->error));
    print(text, (size_t)length, HERE);
}

void explored_warn(const char *format, ...)
{
    COMPLAIN(strerror(run.self->error));
}

void explored_warnx(const char *format, ...)
{
    COMPLAIN(NULL);
}

void explored_err(int status, const char *format, ...)
{
    COMPLAIN(strerror(run.self->error));
    process_exits(status & 255, HERE, FRAME);
}

void explored_errx(int status, const char *format, ...)
{
    COMPLAIN(NULL);
    process_exits(status & 255, HERE, FRAME);
}

void explored_error(int status, int error, const char *format, ...)
{
    COMPLAIN(error == 0 ? NULL : strerror(error));
    if (status != 0)
        process_exits(status & 255, HERE, FRAME);
}

int explored_fflush(FILE *file)
{
    (void)file;
    return 0;
}

int explored_setvbuf(FILE *file, const char *buffer, int mode, size_t size)
{
    (void)file;
    (void)buffer;
    (void)mode;
    (void)size;
    return 0;
}

void explored_setbuf(FILE *file, const char *buffer)
{
    (void)file;
    (void)buffer;
}

void explored_setlinebuf(FILE *file)
{
    (void)file;
}

/* All files of the program are one here, and so is their lock. */
static op lock_of_file(op_kind kind, uintptr_t pc, uintptr_t frame)
{
    hidden.output.kind = PTHREAD_MUTEX_RECURSIVE;
    return (op){.kind = kind,
            .address = (uintptr_t)&hidden.output,
            .pc = pc,
            .frame = frame};
}

void explored_flockfile(FILE *file)
{
    op o = lock_of_file(OP_LOCK, HERE, FRAME);
    (void)file;
    lock_mutex(&o);
}

int explored_ftrylockfile(FILE *file)
{
    op o = lock_of_file(OP_TRYLOCK, HERE, FRAME);
    (void)file;
    return try_lock_mutex(&o);
}

void explored_funlockfile(FILE *file)
{
    op o = lock_of_file(OP_UNLOCK, HERE, FRAME);
    (void)file;
    unlock_mutex(&o);
}
