/*
 * What the program reads from its standard input: read once, and the same in
 * every run.
 */
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *input;
static size_t input_used, input_room;
static FILE *stream;

static void read_all(void)
{
    int c;
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

/* Who reads what would depend on the order of threads: that is not modelled. */
static FILE *from(FILE *file, const char *call)
{
    if (file != stdin)
        refuse("%s from a file is not modelled", call);
    if (run.created > 0)
        refuse("%s is modelled only before the first thread is created", call);
    if (stream == NULL)
        read_all();
    if (input_used == 0)
        fseek(stream, 0, SEEK_END);
    return stream;
}

int explored_fgetc(FILE *file)
{
    return fgetc(from(file, "fgetc"));
}

int explored_getc(FILE *file)
{
    return fgetc(from(file, "getc"));
}

int explored_getchar(void)
{
    return fgetc(from(stdin, "getchar"));
}

char *explored_fgets(char *to, int size, FILE *file)
{
    char *line = fgets(to, size, from(file, "fgets"));
    memory_wrote((uintptr_t)to, (size_t)size);
    return line;
}

int explored_feof(FILE *file)
{
    return feof(from(file, "feof"));
}

static int scan(FILE *file, const char *format, va_list list)
{
    int count = vfscanf(from(file, "scanf"), format, list);
    memory_wrote_anywhere();
    return count;
}

int explored___isoc99_scanf(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int count = scan(stdin, format, list);
    va_end(list);
    return count;
}

int explored___isoc99_fscanf(FILE *file, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int count = scan(file, format, list);
    va_end(list);
    return count;
}

int explored___isoc99_sscanf(const char *text, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int count = vsscanf(text, format, list);
    va_end(list);
    memory_wrote_anywhere();
    return count;
}
