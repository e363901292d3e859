/*
 * One row for each call that a library told of. If others come in between, or
 * the call has to wait, it has parts, each with a row: of its steps the first
 * that others can notice.
 */
#include "tests/explorer/report/record.h"

#include <stdlib.h>
#include <string.h>

typedef struct part {
    row *row; /* which tells of it */
    row *first, *last;
    int weight;
    bool waits; /* it ends with that */
} part;

/* How much others notice of it. */
int weight_of(const row *r)
{
    switch (r->kind) {
    case OP_READ:
    case OP_WRITE:
    case OP_LOAD:
    case OP_VALUE:
    case OP_YIELD:
    case OP_TIME:
    case OP_DEADLINE:
        return 0;
    case OP_STORE:
        return 1;
    case OP_UPDATE:
    case OP_COMPARE:
    case OP_FREE:
        return 2;
    default:
        return 3;
    }
}

static bool is_end_of_part(const row *r)
{
    return r->begins_wait || r->kind == OP_WAIT;
}

/* --- The parts of a call ---------------------------------------------------*/

/* before[i]: how many rows before row i are likely to be shown. */
static size_t *count_shown(report *r)
{
    size_t *before = zeroes(r->count + 1, sizeof *before);
    fold_dull(r);
    for (size_t i = 0; i < r->count; i++) {
        row *at = &r->rows[i];
        bool is_shown = at->call != 0 ? weight_of(at) > 1 : !at->is_dull;
        before[i + 1] = before[i] + is_shown;
        at->is_dull = false;
    }
    return before;
}

static void add_to_part(part *p, row *at)
{
    int weight = weight_of(at);
    p->waits = is_end_of_part(at);
    p->last = at;
    if (weight <= p->weight && !p->waits)
        return;
    p->weight = weight;
    p->row = at;
}

static size_t parts_of(
        report *r, size_t index, const size_t *before, part *parts)
{
    const call *c = &r->calls[index];
    size_t count = 0, last = 0;
    for (size_t i = c->first; i <= c->last; i++) {
        row *at = &r->rows[i];
        if (at->call != index + 1)
            continue;
        if (count == 0 || parts[count - 1].waits ||
                before[i] > before[last + 1])
            parts[count++] = (part){.row = at, .first = at, .weight = -1};
        add_to_part(&parts[count - 1], at);
        last = i;
    }
    return count;
}

/* --- Which of them are shown -----------------------------------------------*/

static void tell_part(const report *r, const part *p, row *teller)
{
    for (row *at = p->first; at <= p->last; at++)
        if (at->call == p->row->call && at != teller)
            at->told_by = (uint32_t)(teller - r->rows) + 1;
}

/* Whoever wakes in vain, and sleeps again, has slept on. */
static bool sleeps_on(const part *before, const part *p)
{
    return before != NULL && before->row->kind == OP_WAIT &&
           !before->row->begins_wait && p->waits;
}

static int heaviest_of(const part *parts, size_t count)
{
    int most = 0;
    for (size_t i = 0; i < count; i++)
        if (parts[i].weight > most)
            most = parts[i].weight;
    return most;
}

/* Leaves the parts that have a row. What others cannot notice is told by the
 * next part, or else by the one before; or not at all, if it was only begun. */
static size_t choose_parts(
        const report *r, const call *c, part *parts, size_t count)
{
    size_t left = 0;
    int most = heaviest_of(parts, count);
    for (size_t i = 0; i < count; i++) {
        part *before = left == 0 ? NULL : &parts[left - 1], p = parts[i];
        bool is_last = i + 1 == count;
        bool matters =
                p.weight == most && (most > 0 || (is_last && c->has_returned));
        if (sleeps_on(before, &p) || (!matters && is_last && before != NULL))
            tell_part(r, &p, before->row);
        else if (!matters && !is_last)
            parts[i + 1].first = p.first;
        else if (matters)
            parts[left++] = p;
    }
    for (size_t i = 0; i < left; i++)
        tell_part(r, &parts[i], parts[i].row);
    return left;
}

/* --- Their words -----------------------------------------------------------*/

/* "-> A", and how a sleeper came to wake without that. */
static void say_wakeups(text *to, const part *p)
{
    for (const row *at = p->first; at <= p->last; at++) {
        if (at->call != p->row->call)
            continue;
        const char *woken = at->kind == OP_SIGNAL || at->kind == OP_BROADCAST
                                    ? strstr(at->text, " -> ")
                                    : NULL;
        if (woken != NULL)
            say(to, "%s", woken);
    }
}

static bool is_spurious(const part *p)
{
    const row *wakes = NULL;
    for (const row *at = p->first; at <= p->last; at++)
        if (at->call == p->row->call && at->kind == OP_WAITING)
            wakes = at;
    return wakes != NULL && strstr(wakes->text, "spurious") != NULL;
}

/* The thread waits for ever, or its last steps were in a callback. */
static bool is_left_open(const report *r, const call *c)
{
    bool is_stuck =
            r->verdict >= EXPLORER_LIVELOCK && r->verdict <= EXPLORER_DEADLOCK;
    if (is_stuck && !c->has_returned)
        return true;
    for (size_t i = c->last + 1; i < r->count && !c->has_returned; i++)
        if (r->rows[i].thread == c->thread)
            return true;
    return false;
}

/* It did nothing but signal, and nobody was there. */
static bool is_in_vain(const report *r, const call *c)
{
    bool is_unheard = false;
    for (size_t i = c->first; i <= c->last; i++) {
        const row *at = &r->rows[i];
        if (at->call != c - r->calls + 1 || weight_of(at) == 0)
            continue;
        if (strstr(at->text, ": nobody waits") == NULL)
            return false;
        is_unheard = true;
    }
    return is_unheard;
}

static void say_part(const report *r, const call *c, const part *parts,
        size_t i, size_t count)
{
    const part *p = &parts[i];
    bool is_last = i + 1 == count;
    bool goes_on = is_last && i > 0 && parts[i - 1].waits;
    text words = {""};
    if (i > 0 && !goes_on && !p->waits)
        say(&words, "... ");
    spell_call(&words, c);
    if (p->waits)
        say(&words, ": %s", p->row->begins_wait ? p->row->text : "waits");
    else if (is_last && c->result != NULL)
        say(&words, "%s", c->result);
    else if (goes_on)
        say(&words, is_spurious(p) ? " wakes (spurious)" : " goes on");
    else if (is_last && is_in_vain(r, c))
        say(&words, ": nobody waits");
    else if (!is_last || is_left_open(r, c))
        say(&words, " ...");
    say_wakeups(&words, p);
    set_text(&p->row->shown, "%s", words.s);
}

void tell_calls(report *r)
{
    if (r->call_count == 0)
        return;
    size_t *before = count_shown(r);
    part *parts = zeroes(r->count, sizeof *parts);
    for (size_t i = 0; i < r->call_count; i++) {
        size_t count = parts_of(r, i, before, parts);
        count = choose_parts(r, &r->calls[i], parts, count);
        for (size_t k = 0; k < count; k++)
            say_part(r, &r->calls[i], parts, k, count);
    }
    free(parts);
    free(before);
}
