/*
 * What a table can do without: what a thread does for itself, what repeats the
 * row before, and the middle of what is too long.
 */
#include "tests/explorer/report/record.h"

#include <stdlib.h>
#include <string.h>

/* --- What says nothing -----------------------------------------------------*/

static bool is_access(const row *r)
{
    return r->kind <= OP_COMPARE;
}

static bool is_read(const row *r)
{
    return r->kind == OP_READ || r->kind == OP_LOAD;
}

static int by_object(const void *a, const void *b)
{
    const row *const *one = a, *const *two = b;
    uintptr_t first = (*one)->object & ~(uintptr_t)7;
    uintptr_t second = (*two)->object & ~(uintptr_t)7;
    return first < second ? -1 : first > second;
}

/* Places that several threads were seen to use, by words, while a game lasts: at
 * the beginning of a run it does not show. */
static uintptr_t *used_by_several;
static size_t several, several_room;
static bool is_game;

void fold_for_game(bool begins)
{
    is_game = begins;
    several = 0;
}

static bool is_used_by_several(uintptr_t word)
{
    for (size_t i = 0; i < several; i++)
        if (used_by_several[i] == word)
            return true;
    return false;
}

static void note_used_by_several(uintptr_t word)
{
    if (!is_game || is_used_by_several(word))
        return;
    if (several == several_room)
        used_by_several =
                grow(used_by_several, &several_room, sizeof *used_by_several);
    used_by_several[several++] = word;
}

/* Rows of one place in memory: nobody else comes there, or nobody writes once
 * there are threads. */
static void fold_place(row **rows, size_t count, const row *first_create)
{
    set users = 0;
    bool changes = false;
    for (size_t i = 0; i < count; i++) {
        users |= ONE(rows[i]->thread);
        changes |= !is_read(rows[i]) && rows[i] > first_create;
    }
    uintptr_t word = rows[0]->object & ~(uintptr_t)7;
    if (count_of(users) >= 2 && changes)
        note_used_by_several(word);
    else if (!is_used_by_several(word))
        for (size_t i = 0; i < count; i++)
            rows[i]->is_dull |= !rows[i]->is_of_check;
}

static void fold_memory(report *r, const row *first_create)
{
    row **rows = zeroes(r->count + 1, sizeof(row *));
    size_t count = 0, end;
    for (size_t i = 0; i < r->count; i++)
        if (is_access(&r->rows[i]))
            rows[count++] = &r->rows[i];
    qsort(rows, count, sizeof(row *), by_object);
    for (size_t from = 0; from < count; from = end) {
        for (end = from + 1; end < count; end++)
            if (by_object(&rows[from], &rows[end]) != 0)
                break;
        fold_place(rows + from, end - from, first_create);
    }
    free(rows);
}

static bool is_bookkeeping(const row *r)
{
    switch (r->kind) {
    case OP_INIT:
    case OP_DESTROY:
    case OP_DETACH:
    case OP_YIELD:
    case OP_TIME:
    case OP_DEADLINE:
    case OP_EXIT:
    case OP_END:
    case OP_OUTPUT:
        return true;
    default:
        return false;
    }
}

/* Such as the owner that a lock notes down. */
static bool is_in_library(const row *r)
{
    return strcmp(r->at.file, r->inside.file) != 0;
}

/* The keys that are destroyed are the library's, if the program has none. */
static void fold_keys(report *r)
{
    bool has_own = r->call_count == 0;
    for (size_t i = 0; i < r->count; i++)
        has_own |= r->rows[i].kind == OP_KEYS && r->rows[i].call == 0 &&
                   strncmp(r->rows[i].text, "sets", 4) == 0;
    for (size_t i = 0; i < r->count; i++)
        r->rows[i].is_dull |= !has_own && r->rows[i].kind == OP_KEYS;
}

static const row *find_first_create(const report *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->rows[i].kind == OP_CREATE)
            return &r->rows[i];
    return r->rows;
}

/* The handle that pthread_create fills in, and everything read from it. */
static void fold_handles(report *r)
{
    const row *end = r->rows + r->count;
    for (const row *create = r->rows; create + 1 < end; create++) {
        const row *handle = create + 1;
        if (create->kind != OP_CREATE || handle->kind != OP_WRITE ||
                handle->thread != create->thread ||
                handle->at.line != create->at.line)
            continue;
        for (row *at = r->rows; at < end; at++)
            at->is_dull |= is_access(at) && at->object == handle->object;
    }
}

/* A race and a leak are complete when they have been shown. */
static void fold_sequel(report *r)
{
    if (r->verdict != EXPLORER_RACE && r->verdict != EXPLORER_LEAK)
        return;
    size_t end = r->count;
    while (end > 0 && !r->rows[end - 1].is_key)
        end--;
    for (size_t i = end; end > 0 && i < r->count; i++)
        r->rows[i].is_dull = true;
}

/* A call with a time limit first tries without. */
static void fold_tries(report *r)
{
    for (row *at = r->rows; at + 1 < r->rows + r->count; at++)
        at->is_dull |= (is_try(at->kind) || at->kind == OP_TRYJOIN) &&
                       at[1].kind == OP_DEADLINE && at[1].thread == at->thread;
}

void fold_dull(report *r)
{
    const row *first_create = find_first_create(r);
    fold_memory(r, first_create);
    fold_handles(r);
    fold_tries(r);
    fold_keys(r);
    for (row *at = r->rows; at < r->rows + r->count; at++) {
        at->is_dull |= is_bookkeeping(at) || at < first_create ||
                       (is_access(at) && is_in_library(at)) ||
                       is_of_library(r, at);
        at->is_dull &= !at->is_key || at->kind == OP_CHECK;
    }
    fold_calls(r, first_create);
    fold_sequel(r);
}

/* --- What goes with its neighbour ------------------------------------------*/

static bool is_like(const row *first, const row *at)
{
    return first->kind == at->kind && first->thread == at->thread &&
           first->call == 0 && at->call == 0 && !at->is_key &&
           at->mark == NULL && (at->kind == OP_CREATE || at->kind == OP_JOIN);
}

/* "create A" and "create B" become "create A, B", and more "create A to E". */
static void join_alike(const report *r, row *first, row *end)
{
    bool in_order = true;
    int last = first->other, count = 1;
    for (row *at = first + 1; at < end; at++) {
        if (at->is_dull)
            continue;
        at->is_dull = true;
        at->told_by = (uint32_t)(first - r->rows) + 1;
        in_order &= at->other == last + 1;
        last = at->other;
        count++;
        set_text(&first->shown, "%s, %s",
                first->shown == NULL ? first->text : first->shown,
                thread_name(last));
    }
    if (in_order && count > 3)
        set_text(&first->shown, "%s to %s", first->text, thread_name(last));
}

static void join_rows(report *r)
{
    row *first = r->rows, *end = r->rows + r->count;
    for (row *at = r->rows; at < end; at++) {
        if (at->is_dull || (at != first && is_like(first, at)))
            continue;
        join_alike(r, first, at);
        first = at;
    }
    if (first < end)
        join_alike(r, first, end);
}

/* What the check looked at: "balance = 1", "seats.value = 2"; NULL: the row is
 * about something else. */
static const char *value_seen(const row *r)
{
    if (r->call != 0)
        return r->shown != NULL && strstr(r->shown, " = ") != NULL ? r->shown
                                                                   : NULL;
    return is_read(r) && !r->is_dull ? strchr(r->text, ' ') + 1 : NULL;
}

/* What a check looked at just before is said together with it. */
static void join_check(const report *r, row *check)
{
    text seen = {""};
    row *first = check;
    while (first > r->rows && first[-1].thread == check->thread &&
            first[-1].at.line == check->at.line && !first[-1].is_key &&
            (first[-1].told_by != 0 || value_seen(&first[-1]) != NULL))
        first--;
    for (row *at = first; at < check; at++) {
        if (at->told_by != 0)
            continue;
        say(&seen, "%s%s", seen.s[0] == '\0' ? ": " : ", ", value_seen(at));
        at->is_dull = true;
        at->told_by = (uint32_t)(check - r->rows) + 1;
    }
    set_text(&check->shown, "%s%s", check->text, seen.s);
}

static void join_checks(report *r)
{
    for (row *at = r->rows; at < r->rows + r->count; at++)
        if (at->kind == OP_CHECK && !at->is_dull)
            join_check(r, at);
}

/* --- What is too much ------------------------------------------------------*/

enum { MOST = 40, FIRST = 6, LAST = 16, FEW = 2 };

/* Fewer rows than it would save are not left out. */
static void show_if_few(row *from, const row *to)
{
    int count = 0;
    for (row *at = from; at < to; at++)
        count += at->is_long;
    if (count <= FEW)
        for (row *at = from; at < to; at++)
            at->is_long = false;
}

static void fold_middle(report *r)
{
    size_t shown = 0, keys = 0, number = 0;
    row *end = r->rows + r->count, *last_shown = r->rows;
    for (row *at = r->rows; at < end; at++) {
        shown += !at->is_dull;
        keys += !at->is_dull && at->is_key;
    }
    if (shown <= MOST)
        return;
    for (row *at = r->rows; at < end; at++) {
        if (at->is_dull)
            continue;
        number++;
        at->is_long = number > FIRST && number + LAST <= shown &&
                      (!at->is_key || keys > MOST);
        if (at->is_long)
            continue;
        show_if_few(last_shown, at);
        last_shown = at;
    }
}

void fold(report *r)
{
    fold_dull(r);
    join_rows(r);
    join_checks(r);
    fold_middle(r);
}
