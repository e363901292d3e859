/*
 * The arrows of a picture: from the step of one thread to the step of another
 * that comes after it for a reason.
 *
 * Most come from the clocks: what a release leaves at an object, an acquire
 * takes from it, whatever kind of object that is. An acquire has one arrow, from
 * the newest release there that its thread does not know of yet, which is the
 * one that let it go on. What it knows of comes by the arrows before: so none
 * says what others have said.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/report/record.h"

#include <string.h>

#define NO_ROW UINT32_MAX

/* The clocks here count rows: at[i] rows of thread i are known. */
typedef struct release {
    uintptr_t key;
    uint32_t row;
    uint8_t thread;
    clock_vector known;
} release;

/* A relaxed load acquires when a fence follows. */
typedef struct loose_end {
    release from;
    uint32_t row;
    uint8_t thread;
} loose_end;

static report *report_at_hand;
static clock_vector known[MAX_THREADS];
static uint32_t last_row[MAX_THREADS];

/* Who was woken or created by which row, and has not gone on yet. */
static arrow awaited[MAX_THREADS];

static release *releases;
static size_t release_count, release_room;
static loose_end *loose;
static size_t loose_count, loose_room;

void arrows_begin(report *r)
{
    report_at_hand = r;
    release_count = loose_count = 0;
    for (int i = 0; i < MAX_THREADS; i++) {
        clock_clear(&known[i]);
        last_row[i] = NO_ROW;
        awaited[i].from = NO_ROW;
    }
}

void add_arrow(report *r, arrow_kind kind, size_t from, size_t to)
{
    if (r->arrow_count == r->arrow_room)
        r->arrows = grow(r->arrows, &r->arrow_room, sizeof *r->arrows);
    r->arrows[r->arrow_count++] = (arrow){kind, (uint32_t)from, (uint32_t)to};
}

/* The thread knows of the row, and of what was known there. */
static void learn(int thread, const release *from)
{
    clock_vector *mine = &known[thread];
    clock_join(mine, &from->known);
    if (mine->at[from->thread] <= from->row)
        mine->at[from->thread] = from->row + 1;
}

static release here(int thread, uintptr_t key)
{
    return (release){.key = key,
            .row = last_row[thread],
            .thread = (uint8_t)thread,
            .known = known[thread]};
}

/* --- Objects: what the clocks tell -----------------------------------------*/

/* A release that is known to the newer one says nothing any more. */
static bool is_covered(const release *old, const release *new)
{
    return old->thread == new->thread || new->known.at[old->thread] > old->row;
}

/* Takes away the releases there; with a newer one, those that it covers. */
static void forget_releases(uintptr_t key, const release *newer)
{
    size_t left = 0;
    for (size_t i = 0; i < release_count; i++) {
        const release *old = &releases[i];
        if (old->key == key && (newer == NULL || is_covered(old, newer)))
            continue;
        if (left != i)
            releases[left] = *old;
        left++;
    }
    release_count = left;
}

void record_release(const thread *t, uintptr_t object, bool adds)
{
    if (last_row[t->id] == NO_ROW)
        return;
    release new = here(t->id, object);
    forget_releases(object, adds ? &new : NULL);
    if (release_count == release_room)
        releases = grow(releases, &release_room, sizeof *releases);
    releases[release_count++] = new;
}

void record_forget(uintptr_t object)
{
    forget_releases(object, NULL);
}

static const release *newest_unknown(const thread *t, uintptr_t object)
{
    const release *newest = NULL;
    for (size_t i = 0; i < release_count; i++) {
        const release *r = &releases[i];
        if (r->key == object && r->thread != t->id &&
                known[t->id].at[r->thread] <= r->row &&
                (newest == NULL || newest->row < r->row))
            newest = r;
    }
    return newest;
}

static void acquire(int thread, const release *from, uint32_t row)
{
    add_arrow(report_at_hand, ARROW_RELEASE, from->row, row);
    learn(thread, from);
}

void record_acquire(const thread *t, uintptr_t object, bool is_done)
{
    const release *from = newest_unknown(t, object);
    if (from == NULL || last_row[t->id] == NO_ROW)
        return;
    if (is_done) {
        acquire(t->id, from, last_row[t->id]);
        return;
    }
    for (size_t i = 0; i < loose_count; i++)
        if (loose[i].thread == t->id && loose[i].from.row == from->row)
            return;
    if (loose_count == loose_room)
        loose = grow(loose, &loose_room, sizeof *loose);
    loose[loose_count++] = (loose_end){*from, last_row[t->id], (uint8_t)t->id};
}

void record_fence(const thread *t)
{
    size_t left = 0;
    for (size_t i = 0; i < loose_count; i++) {
        const loose_end *end = &loose[i];
        if (end->thread != t->id) {
            loose[left++] = *end;
            continue;
        }
        if (known[t->id].at[end->from.thread] <= end->from.row)
            acquire(t->id, &end->from, end->row);
    }
    loose_count = left;
}

/* --- Threads ---------------------------------------------------------------*/

void record_wake(const thread *t)
{
    awaited[t->id] =
            (arrow){.kind = ARROW_WAKE, .from = last_row[run.self->id]};
}

void arrow_to_child(size_t create, int creator, int child)
{
    release from = here(creator, 0);
    from.row = (uint32_t)create;
    learn(child, &from);
    awaited[child] = (arrow){.kind = ARROW_CREATE, .from = from.row};
}

void arrow_to_join(int child, size_t join, int joiner)
{
    if (last_row[child] == NO_ROW)
        return;
    release from = here(child, 0);
    add_arrow(report_at_hand, ARROW_JOIN, from.row, join);
    learn(joiner, &from);
}

void arrows_meet_row(const report *r, size_t index)
{
    int thread = r->rows[index].thread;
    arrow *a = &awaited[thread];
    last_row[thread] = (uint32_t)index;
    if (a->from != NO_ROW)
        add_arrow(report_at_hand, a->kind, a->from, index);
    a->from = NO_ROW;
}
