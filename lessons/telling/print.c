/*
 * Prints text, wrapped where a line would be too long, and code as it stands.
 */
#include "lessons/telling/print.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool keeps_colour;

void keep_colour(bool if_there_is_any)
{
    keeps_colour = if_there_is_any && explorer_has_colour();
}

void print_as(look look, const char *format, ...)
{
    static const char *const codes[] = {"", "1", "2", "1;31", "1;32"};
    bool is_marked = look != PLAIN && (keeps_colour || explorer_has_colour());
    if (is_marked)
        printf("\033[%sm", codes[look]);
    va_list list;
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    if (is_marked)
        printf("\033[0m");
}

static void new_line(int indent)
{
    printf("\n%*s", indent, "");
}

void print_text(const char *text, int at, int indent)
{
    bool is_first = true;
    for (;;) {
        size_t space = strspn(text, " ");
        size_t length = strcspn(text + space, " \n");
        if (!is_first && at + 1 + (int)length > WIDTH - 2) {
            new_line(indent);
            at = indent;
            is_first = true;
        }
        at += printf("%s%.*s", is_first ? "" : " ", (int)length, text + space);
        is_first = false;
        text += space + length;
        bool is_item = text[0] == '\n';
        bool is_paragraph = is_item && text[1] == '\n';
        if (is_item) {
            if (is_paragraph)
                putchar('\n');
            new_line(indent);
            at = indent;
            is_first = true;
            text += is_paragraph ? 2 : 1;
        }
        if (*text == '\0')
            break;
    }
    putchar('\n');
}

const char *with_commas(unsigned long number)
{
    static char texts[4][32];
    static int next;
    char *at = texts[next = (next + 1) % 4] + sizeof texts[0];
    *--at = '\0';
    for (int digits = 0; digits == 0 || number > 0; number /= 10) {
        if (digits > 0 && digits % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + number % 10);
        digits++;
    }
    return at;
}

void print_code(const script *script, const passage *rung)
{
    for (int line = rung->first; line <= rung->last; line++) {
        const char *text = script->lines[line - 1];
        print_as(DIM, "%5d", line);
        printf("%s%s\n", *text == '\0' ? "" : "  ", text);
    }
}
