/*
 * The failing run, told for people: what went wrong, the lines of code that
 * it is about, a table with one column a thread and one row a step, how it
 * ends, and how to see it again. For 80 columns, and without colour.
 */
#include "tests/explorer/report/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, NUMBER = 7, LEAST_COLUMN = 18, GAP = 2 };

/* --- Text that keeps within the width --------------------------------------*/

/* The last place from `least` to `room` where the text may be cut; 0: none. */
static size_t place_to_cut(
        const char *text, size_t least, size_t room, bool keeps_values)
{
    for (size_t at = room; at > least; at--) {
        bool is_value = text[at + 1] == '=' || text[at - 1] == '=';
        if (text[at] == ' ' && text[at - 1] != ' ' &&
                !(keeps_values && is_value))
            return at;
    }
    return 0;
}

/* How much of the text fits: best without cutting "balance = 1". */
static size_t fitting(const char *text, size_t room)
{
    size_t length = strlen(text);
    if (length <= room)
        return length;
    size_t at = place_to_cut(text, room / 2, room, true);
    if (at == 0)
        at = place_to_cut(text, room / 4, room, false);
    return at == 0 ? room : at;
}

/* The cursor is at column `at`; further lines are indented by `indent`. */
static void print_wrapped(const char *text, size_t at, size_t indent)
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

typedef struct quote {
    const char *file;
    int line;
    int first_line; /* of the function */
} quote;

/* Rows whose words say it all need no line of code. */
static bool is_quoted(const report *of, const row *r)
{
    return !r->is_dull && !r->is_long && r->at.line != 0 &&
           r->kind != OP_CREATE && r->kind != OP_JOIN && r->kind != OP_END &&
           !(r->kind == OP_CHECK && of->verdict == EXPLORER_CHECK) &&
           r->kind != OP_EXIT;
}

static int by_line(const void *a, const void *b)
{
    const quote *one = a, *two = b;
    int order = strcmp(one->file, two->file);
    return order != 0 ? order : one->line - two->line;
}

/* A line, and the first one of its function. */
static void add_quote(quote *quotes, size_t *count, place at, int first)
{
    if (at.line == 0 || name_source(at.file, at.line) == NULL)
        return;
    if (first == 0)
        first = at.line;
    quotes[(*count)++] = (quote){at.file, first, first};
    quotes[(*count)++] = (quote){at.file, at.line, first};
}

static quote *quotes_of(const report *r, size_t *count)
{
    quote *quotes = zeroes(2 * (r->count + 1), sizeof *quotes);
    *count = 0;
    for (size_t i = 0; i < r->count; i++)
        if (is_quoted(r, &r->rows[i]))
            add_quote(quotes, count, r->rows[i].at, r->rows[i].first_line);
    add_quote(quotes, count, r->allocation, r->allocation_first_line);
    qsort(quotes, *count, sizeof *quotes, by_line);
    return quotes;
}

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

/* The lines between two that are quoted: short stretches are shown. */
static void print_between(const quote *from, const quote *to)
{
    enum { SHORT = 2 };
    if (to->first_line != from->first_line)
        putchar('\n');
    else if (to->line - from->line > SHORT + 1)
        printf("        ...\n");
    else
        for (int line = from->line + 1; line < to->line; line++)
            print_source(to->file, line);
}

static void print_code(const report *r)
{
    size_t count;
    quote *quotes = quotes_of(r, &count);
    bool several =
            count > 0 && strcmp(quotes[0].file, quotes[count - 1].file) != 0;
    for (size_t i = 0; i < count; i++) {
        const quote *now = &quotes[i], *last = i == 0 ? NULL : now - 1;
        bool is_new = last == NULL || strcmp(last->file, now->file) != 0;
        if (is_new && several)
            printf("%s  %s:\n", last == NULL ? "" : "\n", now->file);
        if (!is_new && last->line == now->line)
            continue;
        if (!is_new)
            print_between(last, now);
        print_source(now->file, now->line);
    }
    if (count > 0)
        putchar('\n');
    free(quotes);
}

/* --- The table -------------------------------------------------------------*/

typedef struct table {
    const report *report;
    size_t column[MAX_THREADS]; /* where it begins; 0: the thread has none */
    bool is_list;               /* too many columns: names begin the rows */
} table;

static bool is_shown(const row *r)
{
    return !r->is_dull && !r->is_long;
}

static void cell_of(text *to, const report *of, const row *r)
{
    if (is_quoted(of, r))
        say(to, "%d ", r->at.line);
    const char *words = r->shown == NULL ? r->text : r->shown;
    bool is_short =
            strncmp(words, "read ", 5) == 0 || strncmp(words, "load ", 5) == 0;
    if (is_short) /* so that names stand below each other */
        say(to, "%.4s %s", words, words + 4);
    else
        say(to, "%s", words);
}

static void title_of(text *to, const report *r, int id)
{
    say(to, "%s", thread_name(id));
    if (r->start[id] != NULL && strcmp(r->start[id], "?") != 0)
        say(to, ": %s", r->start[id]);
}

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
static table lay_out(const report *r)
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

/* "main   A, B: deposit   C: check" */
static void print_list_titles(const table *t)
{
    text titles = {""};
    const char *last = NULL;
    for (int i = 0; i < MAX_THREADS; i++) {
        const char *start = t->report->start[i];
        if (t->column[i] == 0)
            continue;
        bool is_same =
                last != NULL && start != NULL && strcmp(start, last) == 0;
        if (last != NULL && !is_same)
            say(&titles, ": %s", last);
        say(&titles, "%s%s",
                is_same               ? ", "
                : titles.s[0] == '\0' ? ""
                                      : "   ",
                thread_name(i));
        last = start;
    }
    if (last != NULL)
        say(&titles, ": %s", last);
    printf("%*s", NUMBER, "");
    print_wrapped(titles.s, NUMBER, NUMBER);
}

static void print_titles(const table *t)
{
    size_t at = 0;
    for (int i = 0; i < MAX_THREADS; i++) {
        text title = {""};
        if (t->column[i] == 0)
            continue;
        title_of(&title, t->report, i);
        at += (size_t)printf("%*s", (int)(t->column[i] - at), "");
        at += (size_t)printf("%.*s", WIDTH - (int)at, title.s);
    }
    putchar('\n');
}

/* The mark stands behind the text, or below it. */
static void print_cell(const char *cell, const char *mark, size_t at)
{
    size_t length = strlen(cell);
    bool fits = mark == NULL || at + length + strlen(mark) + 6 <= WIDTH;
    if (mark != NULL && fits) {
        printf("%s   <- %s\n", cell, mark);
        return;
    }
    print_wrapped(cell, at, at + 3);
    if (mark != NULL) {
        printf("%*s<- ", (int)at + 3, "");
        print_wrapped(mark, at + 6, at + 6);
    }
}

static void print_row(const table *t, const row *r)
{
    text cell = {""};
    size_t at = t->is_list ? NUMBER + 6 : t->column[r->thread];
    cell_of(&cell, t->report, r);
    if (r->number != 0)
        printf("%5u  ", r->number);
    else
        printf("%*s", NUMBER, "");
    if (t->is_list)
        printf("%-6s", thread_name(r->thread));
    else
        printf("%*s", (int)(at - NUMBER), "");
    print_cell(cell.s, r->mark, at);
}

static void print_table(const report *r)
{
    table t = lay_out(r);
    size_t left_out = 0;
    if (t.is_list)
        print_list_titles(&t);
    else
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

static void print_headline(const explorer_result *result)
{
    static const char *const names[] = {[EXPLORER_RACE] = "data race",
            [EXPLORER_LEAK] = "leak",
            [EXPLORER_LIVELOCK] = "livelock",
            [EXPLORER_LOST_WAKEUP] = "lost wakeup",
            [EXPLORER_DEADLOCK] = "deadlock",
            [EXPLORER_CHECK] = "broken check",
            [EXPLORER_MISUSE] = "misuse",
            [EXPLORER_USE_AFTER_FREE] = "use after free",
            [EXPLORER_CRASH] = "crash"};
    explorer_verdict verdict = result->report->verdict;
    text line = {""};
    if (verdict <= EXPLORER_OK)
        say(&line, "nothing goes wrong in this run");
    else
        say(&line, "%s: %s", names[verdict], result->what);
    print_wrapped(line.s, 0, 4);
    putchar('\n');
}

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

void explorer_print(const explorer_result *result)
{
    const report *r = result->report;
    if (r == NULL)
        return;
    print_headline(result);
    print_code(r);
    print_table(r);
    putchar('\n');
    for (size_t i = 0; i < r->ending_count; i++) {
        printf("  ");
        print_wrapped(r->ending[i], 2, 4);
    }
    print_output(r->printed);
    printf("  replay: --replay %s",
            *result->schedule == '\0' ? "\"\"" : result->schedule);
    if (options.spurious > 1)
        printf(" --spurious %u", options.spurious);
    if (options.timeouts != 1)
        printf(" --timeouts %u", options.timeouts);
    printf("\n\n");
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
