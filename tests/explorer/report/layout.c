/*
 * The words of a report, and which lines of code it is about.
 */
#include "tests/explorer/report/layout.h"

#include <stdlib.h>
#include <string.h>

/* --- Lines around the table ------------------------------------------------*/

const char *name_failure(explorer_verdict verdict)
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
    return names[verdict];
}

void headline_of(text *to, const explorer_result *result)
{
    explorer_verdict verdict = result->report->verdict;
    if (verdict <= EXPLORER_OK)
        say(to, "nothing goes wrong in this run");
    else
        say(to, "%s: %s", name_failure(verdict), result->what);
}

char *replay_of(const explorer_result *result)
{
    char *replay = NULL;
    set_text(&replay, "--replay %s",
            *result->schedule == '\0' ? "\"\"" : result->schedule);
    if (options.spurious > 1)
        set_text(&replay, "%s --spurious %u", replay, options.spurious);
    if (options.timeouts != 1)
        set_text(&replay, "%s --timeouts %u", replay, options.timeouts);
    return replay;
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
    if (r->call != 0)
        return is_shown(r) && r->at.line != 0;
    if (is_of_library(of, r))
        return false;
    return is_shown(r) && r->at.line != 0 && r->kind != OP_CREATE &&
           r->kind != OP_JOIN && r->kind != OP_END &&
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

enum { SHORT = 2 }; /* stretches between two quotes are shown */

static void add_code(
        code *lines, size_t *count, code_kind kind, const char *file, int line)
{
    lines[(*count)++] = (code){kind, file, line};
}

static void add_between(
        code *lines, size_t *count, const quote *from, const quote *to)
{
    if (to->first_line != from->first_line)
        add_code(lines, count, CODE_BLANK, to->file, 0);
    else if (to->line - from->line > SHORT + 1)
        add_code(lines, count, CODE_GAP, to->file, 0);
    else
        for (int line = from->line + 1; line < to->line; line++)
            add_code(lines, count, CODE_LINE, to->file, line);
}

code *code_of(const report *r, size_t *count)
{
    size_t n;
    quote *quotes = quotes_of(r, &n);
    code *lines = zeroes((2 + SHORT) * n + 1, sizeof *lines);
    bool several = n > 0 && strcmp(quotes[0].file, quotes[n - 1].file) != 0;
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        const quote *now = &quotes[i], *last = i == 0 ? NULL : now - 1;
        bool is_new = last == NULL || strcmp(last->file, now->file) != 0;
        if (!is_new && last->line == now->line)
            continue;
        if (!is_new)
            add_between(lines, count, last, now);
        else if (several && last != NULL)
            add_code(lines, count, CODE_BLANK, now->file, 0);
        if (is_new && several)
            add_code(lines, count, CODE_FILE, now->file, 0);
        add_code(lines, count, CODE_LINE, now->file, now->line);
    }
    free(quotes);
    return lines;
}

/* --- The table -------------------------------------------------------------*/

bool is_shown(const row *r)
{
    return !r->is_dull && !r->is_long;
}

void cell_of(text *to, const report *of, const row *r)
{
    if (is_quoted(of, r))
        say(to, "%d ", r->at.line);
    const char *words = r->shown == NULL ? r->text : r->shown;
    bool is_short =
            strncmp(words, "read ", 5) == 0 || strncmp(words, "load ", 5) == 0;
    if (is_end_of_thread(of, r))
        say(to, "ends: ");
    if (is_short) /* so that names stand below each other */
        say(to, "%.4s %s", words, words + 4);
    else
        say(to, "%s", words);
}

void title_of(text *to, const report *r, int thread)
{
    say(to, "%s", thread_name(thread));
    if (r->start[thread] != NULL && strcmp(r->start[thread], "?") != 0)
        say(to, ": %s", r->start[thread]);
}

void titles_of(text *to, const report *r, set which)
{
    const char *last = NULL;
    for (bool is_first = true; which != 0; which &= which - 1) {
        int i = first_of(which);
        const char *start = r->start[i];
        bool is_same =
                last != NULL && start != NULL && strcmp(start, last) == 0;
        if (last != NULL && !is_same)
            say(to, ": %s", last);
        say(to, "%s%s", is_same ? ", " : is_first ? "" : "   ", thread_name(i));
        last = start;
        is_first = false;
    }
    if (last != NULL)
        say(to, ": %s", last);
}

/* --- Text that keeps within a width ----------------------------------------*/

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

size_t fitting(const char *text, size_t room)
{
    size_t length = strlen(text);
    if (length <= room)
        return length;
    size_t at = place_to_cut(text, room / 2, room, true);
    if (at == 0)
        at = place_to_cut(text, room / 4, room, false);
    if (at == 0)
        at = room;
    while (at > 1 && (text[at] & 0xc0) == 0x80) /* within a character */
        at--;
    return at;
}
