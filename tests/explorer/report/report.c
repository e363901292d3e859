/*
 * The failing run as text for people: what went wrong, the lines of code that
 * it is about, a table with one column a thread and one row a step, how it
 * ends, and how to see it again. For 80 columns.
 */
#include "tests/explorer/report/colour.h"
#include "tests/explorer/report/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, NUMBER = 7, LEAST_COLUMN = 18, GAP = 2 };

/* --- Text that keeps within the width --------------------------------------*/

void print_wrapped(const char *text, size_t at, size_t indent)
{
    for (;;) {
        size_t length = fitting(text, WIDTH - at);
        printf("%.*s\n", (int)length, text);
        text += length;
        text += strspn(text, " ");
        if (*text == '\0')
            return;
        printf("%*s", (int)indent, "");
        at = indent;
    }
}

/* --- The code --------------------------------------------------------------*/

static void print_source(const char *file, int line)
{
    const char *source = name_source(file, line);
    int column = 8;
    printf(*source == '\0' ? "%6d" : "%6d  ", line);
    for (; *source != '\0' && column < WIDTH; source++) {
        int width = *source == '\t' ? 4 : 1;
        printf("%*s", *source == '\t' ? width : 0, "");
        if (*source != '\t')
            putchar(*source);
        column += width;
    }
    putchar('\n');
}

static void print_code(const report *r)
{
    size_t count;
    code *lines = code_of(r, &count);
    for (size_t i = 0; i < count; i++)
        if (lines[i].kind == CODE_LINE)
            print_source(lines[i].file, lines[i].line);
        else if (lines[i].kind == CODE_FILE)
            printf("  %s:\n", lines[i].file);
        else
            printf(lines[i].kind == CODE_GAP ? "        ...\n" : "\n");
    if (count > 0)
        putchar('\n');
    free(lines);
}

/* --- The table -------------------------------------------------------------*/

/* How wide each column would like to be; 0 for threads without a row. */
static void measure(const report *r, size_t *widths)
{
    memset(widths, 0, MAX_THREADS * sizeof *widths);
    for (size_t i = 0; i < r->count; i++) {
        const row *at = &r->rows[i];
        text title = {""}, cell = {""};
        if (!is_shown(at))
            continue;
        title_of(&title, r, at->thread);
        cell_of(&cell, r, at);
        size_t width = strlen(cell.s);
        if (width < strlen(title.s))
            width = strlen(title.s);
        width += GAP;
        if (width > widths[at->thread])
            widths[at->thread] = width;
    }
}

static size_t between(size_t least, size_t width, size_t most)
{
    return width < least ? least : width > most ? most : width;
}

/* A row has one cell, which may go on to the right of its column; only what is
 * in the last column must end there. */
table lay_out(const report *r)
{
    enum { LEAST = 12, MOST = 22, LEAST_OF_LAST = 28 };
    table t = {.report = r};
    size_t widths[MAX_THREADS], columns = 0, sum = NUMBER, last = 0;
    measure(r, widths);
    for (size_t i = 0; i < MAX_THREADS; i++) {
        if (widths[i] == 0)
            continue;
        widths[i] = between(LEAST, widths[i], MOST);
        sum += widths[i];
        columns++;
        last = i;
    }
    size_t alike = columns == 0 ? 0 : (WIDTH - NUMBER) / columns;
    bool fits = sum - widths[last] + LEAST_OF_LAST <= WIDTH;
    t.is_list = !fits && alike < LEAST_COLUMN;
    for (size_t i = 0, next = NUMBER; i < MAX_THREADS; i++) {
        if (widths[i] == 0)
            continue;
        t.column[i] = next;
        next += fits ? widths[i] : alike;
    }
    return t;
}

static void print_list_titles(const table *t)
{
    text titles = {""};
    set which = 0;
    for (int i = 0; i < MAX_THREADS; i++)
        if (t->column[i] != 0)
            which |= ONE(i);
    titles_of(&titles, t->report, which);
    printf("%*s", NUMBER, "");
    print_wrapped(titles.s, NUMBER, NUMBER);
}

/* Where the next column begins, or the line ends. */
static size_t end_of_column(const table *t, int thread)
{
    for (int i = thread + 1; i < MAX_THREADS; i++)
        if (t->column[i] != 0)
            return t->column[i] - 1;
    return WIDTH;
}

static void print_columns(const table *t)
{
    size_t at = 0;
    for (int i = 0; i < MAX_THREADS; i++) {
        text title = {""};
        if (t->column[i] == 0)
            continue;
        title_of(&title, t->report, i);
        at += (size_t)printf("%*s", (int)(t->column[i] - at), "");
        colour_thread(i, false);
        at += (size_t)printf("%.*s", (int)(end_of_column(t, i) - at), title.s);
        colour_end();
    }
    putchar('\n');
}

void print_titles(const table *t)
{
    if (t->is_list)
        print_list_titles(t);
    else
        print_columns(t);
}

static void print_mark(const char *mark, size_t at)
{
    colour_end();
    colour_failure();
    printf("<- ");
    print_wrapped(mark, at + 3, at + 3);
}

/* The mark stands behind the text, or below it. */
static void print_cell(const char *cell, const char *mark, size_t at)
{
    size_t length = strlen(cell);
    if (mark != NULL && at + length + strlen(mark) + 6 <= WIDTH) {
        printf("%s   ", cell);
        print_mark(mark, at + length + 3);
        return;
    }
    print_wrapped(cell, at, at + 3);
    if (mark != NULL) {
        printf("%*s", (int)at + 3, "");
        print_mark(mark, at + 3);
    }
}

void print_row(const table *t, const row *r)
{
    text cell = {""};
    size_t at = t->is_list ? NUMBER + 6 : t->column[r->thread];
    cell_of(&cell, t->report, r);
    if (r->number != 0)
        printf("%5u  ", r->number);
    else
        printf("%*s", NUMBER, "");
    if (!t->is_list)
        printf("%*s", (int)(at - NUMBER), "");
    if (r->kind == OP_CHECK)
        colour_failure();
    else
        colour_thread(r->thread, r->is_key);
    if (t->is_list)
        printf("%-6s", thread_name(r->thread));
    print_cell(cell.s, r->mark, at);
    colour_end();
}

static void print_table(const report *r)
{
    table t = lay_out(r);
    size_t left_out = 0;
    print_titles(&t);
    for (size_t i = 0; i < r->count; i++) {
        const row *at = &r->rows[i];
        left_out += at->is_long;
        if (!is_shown(at))
            continue;
        if (left_out > 0)
            printf("  ...  (%zu more rows)\n", left_out);
        left_out = 0;
        print_row(&t, at);
    }
}

/* --- The rest --------------------------------------------------------------*/

static void print_output(const char *text)
{
    enum { LINES = 5, INDENT = 4 };
    if (*text == '\0')
        return;
    printf("  the program printed:\n");
    for (int i = 0; i < LINES && *text != '\0'; i++) {
        size_t length = strcspn(text, "\n");
        size_t shown = length > WIDTH - INDENT ? WIDTH - INDENT : length;
        printf("%*s%.*s\n", INDENT, "", (int)shown, text);
        text += length + (text[length] == '\n');
    }
    if (*text != '\0')
        printf("%*s...\n", INDENT, "");
}

static void print_timeline(const report *r)
{
    print_table(r);
    if (r->ending_count > 0 || *r->printed != '\0')
        putchar('\n');
    for (size_t i = 0; i < r->ending_count; i++) {
        printf("  ");
        print_wrapped(r->ending[i], 2, 4);
    }
    print_output(r->printed);
}

void explorer_print_timeline(const explorer_result *result)
{
    if (result->report != NULL)
        print_timeline(result->report);
}

void explorer_print(const explorer_result *result)
{
    const report *r = result->report;
    if (r == NULL)
        return;
    text headline = {""};
    headline_of(&headline, result);
    colour_failure();
    print_wrapped(headline.s, 0, 4);
    colour_end();
    putchar('\n');
    print_code(r);
    print_timeline(r);
    if (r->ending_count == 0 && *r->printed == '\0')
        putchar('\n');
    char *replay = replay_of(result);
    printf("  replay: %s\n\n", replay);
    free(replay);
}

/* --- Step by step ----------------------------------------------------------*/

size_t explorer_steps(const explorer_result *result)
{
    const report *r = result->report;
    size_t count = 0;
    if (r == NULL || r->verdict <= EXPLORER_OK)
        return 0;
    for (size_t i = 0; i < r->count; i++)
        count += r->rows[i].number != 0;
    return count;
}

explorer_step explorer_step_at(const explorer_result *result, size_t index)
{
    const report *r = result->report;
    const row *at = r->rows;
    while (at->number == 0 || index-- > 0)
        at++;
    return (explorer_step){.thread = thread_name(at->thread),
            .function = at->inside.function,
            .file = at->inside.file,
            .line = at->inside.line,
            .text = at->text};
}
