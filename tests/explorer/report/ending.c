/*
 * How the failing run ends: each verdict tells its own story, after the table,
 * and marks the rows of the table that it is about.
 */
#include "tests/explorer/report/ending.h"

#include <stdio.h>
#include <string.h>

const char *verb_of(const row *r)
{
    switch (r->kind) {
    case OP_READ:
    case OP_LOAD:
        return "reads";
    case OP_UPDATE:
    case OP_COMPARE:
        return "updates";
    case OP_FREE:
        return "frees";
    default:
        return "writes";
    }
}

/* --- Mutexes that are held -------------------------------------------------*/

row *next_held(report *r, int thread, const row *end, row *after)
{
    row *from = after == NULL ? r->rows : after + 1;
    for (row *took = from; took < end; took++) {
        if (took->thread != thread || took->holds <= 0)
            continue;
        row *later = took + 1;
        while (later < end && !(later->holds < 0 && later->thread == thread &&
                                      later->mutex == took->mutex))
            later++;
        if (later >= end)
            return took;
    }
    return NULL;
}

void say_held(text *t, const report *r, const char *before, const row *took)
{
    say(t, "%s%s", before, name_whole(r, took));
    if (took->kind == OP_READ_LOCK || took->kind == OP_TRY_READ_LOCK)
        say(t, " for reading");
    else if (took->kind >= OP_WRITE_LOCK && took->kind <= OP_QUEUE)
        say(t, " for writing");
}

static const char *held_at(report *r, const row *at)
{
    static text held[2];
    static int next;
    text *t = &held[next++ % 2];
    t->s[0] = '\0';
    for (row *h = NULL; (h = next_held(r, at->thread, at, h)) != NULL;)
        say_held(t, r, t->s[0] == '\0' ? "holding " : ", ", h);
    return t->s[0] == '\0' ? "no lock held" : t->s;
}

row *where_taken(report *r, int thread, uintptr_t mutex, const row *end)
{
    for (row *h = NULL; (h = next_held(r, thread, end, h)) != NULL;)
        if (h->mutex == mutex)
            return h;
    return NULL;
}

/* --- Data races ------------------------------------------------------------*/

/* ", called from line 7 (deposit)" */
static const char *called_from(const report *r, const row *at)
{
    static text t;
    t.s[0] = '\0';
    for (size_t i = 0; i < at->caller_count; i++)
        if (r->call_count == 0 || !is_library_code(&at->callers[i]))
            say(&t, "%s line %d (%s)", t.s[0] == '\0' ? ", called from" : ",",
                    at->callers[i].line, at->callers[i].function);
    return t.s;
}

static void tell_access(report *r, const row *at)
{
    bool is_in_library = strcmp(at->at.file, at->inside.file) != 0;
    say_last(r, "step %u: %s %s %s in line %d%s%s%s, %s", number_of(r, at),
            thread_name(at->thread), verb_of(at), at->name, at->inside.line,
            is_in_library ? " of " : "", is_in_library ? at->inside.file : "",
            called_from(r, at), held_at(r, at));
}

static void add_race(report *r, const row *first, const row *second)
{
    add_arrow(r, ARROW_RACE, (size_t)(first - r->rows),
            (size_t)(second - r->rows));
}

static void tell_race(report *r, const explorer_result *result, text *what)
{
    row *pair[2];
    for (int i = 0; i < 2; i++)
        if ((pair[i] = row_of_step(r, result->race[i])) == NULL)
            return;
    what->s[0] = '\0';
    say(what, "%s %s %s while %s %s it: nothing orders the two",
            thread_name(pair[0]->thread), verb_of(pair[0]), pair[0]->name,
            thread_name(pair[1]->thread), verb_of(pair[1]));
    for (int i = 0; i < 2; i++)
        tell_access(r, pair[i]);
    pair[0]->is_key = true;
    MARK(pair[1], "races with step %u", number_of(r, pair[0]));
    add_race(r, pair[0], pair[1]);
}

static void tell_race_too(report *r, const explorer_result *result)
{
    row *first = row_of_step(r, result->race[0]);
    row *second = row_of_step(r, result->race[1]);
    if (!result->shows_race || first == NULL || second == NULL)
        return;
    first->is_key = second->is_key = true;
    add_race(r, first, second);
    const char *held = held_at(r, first), *held_too = held_at(r, second);
    if (strcmp(held, held_too) == 0)
        say_last(r, "also a data race: steps %u and %u, %s at either",
                number_of(r, first), number_of(r, second), held);
    else
        say_last(r, "also a data race: step %u (%s) and step %u (%s)",
                number_of(r, first), held, number_of(r, second), held_too);
}

/* --- Lost updates ----------------------------------------------------------*/

enum { FAR = 2000 }; /* rows, so that long runs take no long time */

static bool is_read(const row *r)
{
    return r->kind == OP_READ || r->kind == OP_LOAD;
}

/* What another thread wrote there since the writer read it; NULL: nothing. */
static row *lost_by(const report *r, row *writes)
{
    row *lost = NULL;
    for (row *at = writes; at > r->rows && writes - at < FAR;) {
        at--;
        if (at->object != writes->object || at->kind > OP_COMPARE)
            continue;
        if (at->thread == writes->thread)
            return is_read(at) ? lost : NULL;
        if (lost == NULL && !is_read(at))
            lost = at;
    }
    return NULL;
}

void mark_lost_updates(report *r)
{
    for (row *at = r->rows; at < r->rows + r->count; at++) {
        row *lost = at->kind == OP_WRITE || at->kind == OP_STORE
                            ? lost_by(r, at)
                            : NULL;
        if (lost == NULL)
            continue;
        lost->is_key = true;
        MARK(at, "overwrites step %u", number_of(r, lost));
    }
}

/* --- Checks and misuse -----------------------------------------------------*/

/* What the check looked at, in its own line, matters in every row. */
static void mark_of_check(report *r, const row *check)
{
    for (const row *read = check; read > r->rows;) {
        read--;
        if (read->thread != check->thread || !is_read(read) ||
                read->at.line != check->at.line)
            return;
        for (row *at = r->rows; at < check; at++)
            at->is_of_check |=
                    at->kind <= OP_COMPARE && at->object == read->object;
    }
}

static void tell_check(report *r, row *last, text *what)
{
    last->is_key = true;
    mark_of_check(r, last);
    if (last->kind == OP_CHECK) {
        what->s[0] = '\0';
        say(what, "%s, in %s, line %d", last->text,
                last->thread == 0 ? last->at.function
                                  : thread_name(last->thread),
                last->at.line);
    }
    mark_lost_updates(r);
}

/* "A unlocks a mutex that B holds": which? */
static void put_name(text *what, const char *name)
{
    static const char *const kinds[] = {"a mutex", "a condition variable",
            "a condition", "a semaphore", "a read-write lock", "a spin lock",
            "a barrier", "memory"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *at = strstr(what->s, kinds[i]);
        if (at == NULL || name == NULL)
            continue;
        const char *rest = at + strlen(kinds[i]);
        bool is_told = strncmp(rest, " that ", 6) == 0;
        if (strcmp(kinds[i], "memory") == 0 && !is_told)
            continue;
        text better = {""};
        say(&better, "%.*s%s%s%s", (int)(at - what->s), what->s, name,
                is_told ? ", which " : "", rest + (is_told ? 6 : 0));
        *what = better;
        return;
    }
}

/* Who holds it, and who destroyed it. */
static void tell_misuse(report *r, row *last)
{
    last->is_key = true;
    for (row *at = r->rows; at < last; at++) {
        if (last->object == 0 || at->object != last->object)
            continue;
        if (at->kind == OP_DESTROY)
            MARK(last, "destroyed in step %u", number_of(r, at));
        at->is_key |= at->kind == OP_DESTROY || at->kind == OP_INIT;
    }
    for (int i = 0; i < run.threads; i++) {
        row *took = where_taken(r, i, last->object, last);
        if (took == NULL)
            continue;
        took->is_key = true;
        MARK(last, "%s holds it since step %u", thread_name(i),
                number_of(r, took));
    }
}

/* What "block(14)" means, unless that has been said. */
static void tell_of_blocks(report *r)
{
    bool is_met = false, hides_library = r->call_count > 0;
    for (size_t i = 0; i < r->count; i++)
        is_met |= !(hides_library && is_library_code(&r->rows[i].inside)) &&
                  strstr(r->rows[i].text, "block(") != NULL;
    for (size_t i = 0; i < r->call_count; i++)
        is_met |= strstr(r->calls[i].object, "block(") != NULL;
    if (is_met && r->allocation.line == 0)
        say_last(r, "block(N) is what was allocated in line N");
}

static void tell_verdict(
        report *r, const explorer_result *result, row *last, text *what)
{
    switch (run.verdict) {
    case EXPLORER_RACE:
        tell_race(r, result, what);
        break;
    case EXPLORER_LEAK:
        tell_leak(r, what);
        break;
    case EXPLORER_LIVELOCK:
        tell_livelock(r, last, what);
        break;
    case EXPLORER_LOST_WAKEUP:
        tell_lost_wakeup(r, what);
        break;
    case EXPLORER_DEADLOCK:
        tell_deadlock(r, what);
        break;
    case EXPLORER_USE_AFTER_FREE:
        put_name(what, name_whole(r, last));
        tell_use_after_free(r, last);
        break;
    case EXPLORER_CRASH:
        tell_crash(r, last, what);
        break;
    case EXPLORER_MISUSE:
        put_name(what, name_whole(r, last));
        tell_misuse(r, last);
        break;
    default:
        tell_check(r, last, what);
    }
}

void tell_ending(report *r, explorer_result *result)
{
    text what = {""};
    if (run.verdict <= EXPLORER_OK || r->count == 0)
        return;
    say(&what, "%s", run.what);
    tell_verdict(r, result, &r->rows[r->count - 1], &what);
    if (run.verdict != EXPLORER_RACE)
        tell_race_too(r, result);
    tell_of_blocks(r);
    snprintf(result->what, sizeof result->what, "%.255s", what.s);
}
