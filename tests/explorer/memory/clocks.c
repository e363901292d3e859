#include "tests/explorer/memory/clocks.h"

#include <stdlib.h>
#include <string.h>

past_step *past;
clock_vector *past_clock;
int width = 4;

/* An access that later ones may conflict with. */
typedef struct entry {
    uint32_t step;
    uint32_t epoch; /* the thread's own C11 time */
    uint32_t next;  /* index + 1 in `entries` */
    uint8_t thread, kind, mask;
    bool is_weak;
} entry;

typedef struct location {
    uintptr_t key;
    uint32_t run;
    uint32_t first;                   /* index + 1 in `entries` */
    uint32_t last_taken;              /* mutex or permit: step + 1 */
    uint32_t changed, changed_before; /* step + 1; by changer, by another */
    uint8_t changer;
} location;

static location *table;
static size_t table_size, table_used;
static entry *entries;
static uint32_t entry_count, free_entry;
static size_t entry_room;

/* What releases left at an object. */
typedef struct left_clock {
    uintptr_t key;
    uint32_t run;
    int by; /* who began the release sequence, of an atomic */
    clock_vector clock;
} left_clock;

/* Atomics may stand at any address; objects have the lowest bit. */
#define ATOMIC ((uintptr_t)1 << 63)

static left_clock *left;
static size_t left_size, left_used;

void clocks_reserve(uint32_t steps)
{
    static size_t room, clock_room;
    past = reserve(past, &room, steps, sizeof *past);
    past_clock = reserve(past_clock, &clock_room, steps, sizeof *past_clock);
}

void clocks_new_run(void)
{
    entry_count = 0;
    free_entry = 0;
    table_used = 0;
    left_used = 0;
    if (table == NULL) {
        table_size = 256;
        table = zeroes(table_size, sizeof *table);
        left_size = 64;
        left = zeroes(left_size, sizeof *left);
    }
}

/* --- Tables, emptied by the number of the run ------------------------------*/

static size_t hash(uintptr_t key)
{
    return (size_t)((key ^ key >> 17) * 0x9e3779b97f4a7c15u >> 20);
}

uintptr_t key_of_memory(uintptr_t address)
{
    return address & ~(uintptr_t)7;
}

uintptr_t key_of_object(uintptr_t address)
{
    return address | 1;
}

static location *find_location(uintptr_t key)
{
    size_t mask = table_size - 1;
    for (size_t i = hash(key) & mask;; i = (i + 1) & mask) {
        if (table[i].run != run.number)
            return NULL;
        if (table[i].key == key)
            return &table[i];
    }
}

static void grow_table(void)
{
    location *old = table;
    size_t old_size = table_size;
    table_size *= 2;
    table = zeroes(table_size, sizeof *table);
    for (size_t i = 0; i < old_size; i++) {
        if (old[i].run != run.number)
            continue;
        size_t at = hash(old[i].key) & (table_size - 1);
        while (table[at].run == run.number)
            at = (at + 1) & (table_size - 1);
        table[at] = old[i];
    }
    free(old);
}

static location *location_of(uintptr_t key)
{
    size_t mask = table_size - 1;
    size_t i = hash(key) & mask;
    while (table[i].run == run.number) {
        if (table[i].key == key)
            return &table[i];
        i = (i + 1) & mask;
    }
    if (++table_used > table_size / 2) {
        grow_table();
        mask = table_size - 1;
        i = hash(key) & mask;
        while (table[i].run == run.number)
            i = (i + 1) & mask;
    }
    table[i] = (location){.key = key, .run = run.number, .changer = NOBODY};
    return &table[i];
}

void clock_clear(clock_vector *c)
{
    for (int i = 0; i < width; i++)
        c->at[i] = 0;
}

static left_clock *find_left(uintptr_t key, bool make)
{
    size_t mask = left_size - 1;
    size_t i = hash(key) & mask;
    while (left[i].run == run.number) {
        if (left[i].key == key)
            return &left[i];
        i = (i + 1) & mask;
    }
    if (!make)
        return NULL;
    if (++left_used > left_size / 2) {
        left_clock *old = left;
        size_t old_size = left_size;
        left_size *= 2;
        left = zeroes(left_size, sizeof *left);
        left_used = 0;
        for (size_t j = 0; j < old_size; j++)
            if (old[j].run == run.number)
                *find_left(old[j].key, true) = old[j];
        free(old);
        return find_left(key, true);
    }
    left[i].key = key;
    left[i].run = run.number;
    left[i].by = NOBODY;
    clock_clear(&left[i].clock);
    return &left[i];
}

/* --- Clocks ----------------------------------------------------------------*/

void clock_join(clock_vector *a, const clock_vector *b)
{
    for (int i = 0; i < width; i++)
        if (a->at[i] < b->at[i])
            a->at[i] = b->at[i];
}

/* A call of memcpy would cost more than these few words. */
static void clock_copy(clock_vector *to, const clock_vector *from)
{
    for (int i = 0; i < width; i++)
        to->at[i] = from->at[i];
}

void clock_tick(thread *t)
{
    t->seen.at[t->id]++;
}

void clock_release(thread *t, uintptr_t object, bool adds)
{
    left_clock *here = find_left(object, true);
    if (is_recording)
        record_release(t, object, adds);
    if (adds)
        clock_join(&here->clock, &t->seen);
    else
        clock_copy(&here->clock, &t->seen);
    clock_tick(t);
}

void clock_acquire(thread *t, uintptr_t object)
{
    left_clock *here = find_left(object, false);
    if (is_recording)
        record_acquire(t, object, true);
    if (here != NULL)
        clock_join(&t->seen, &here->clock);
}

static bool acquires(int order)
{
    return order == __ATOMIC_ACQUIRE || order == __ATOMIC_CONSUME ||
           order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

static bool releases(int order)
{
    return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL ||
           order == __ATOMIC_SEQ_CST;
}

/* An atomic write leaves something, if a release is at work in it. */
static void record_write(
        const thread *t, uintptr_t key, bool begins, bool leaves)
{
    if (begins)
        record_forget(key);
    if (leaves)
        record_release(t, key, true);
}

/* C11 5.1.2.4 and 7.17.4: a store begins a new release sequence, unless it is
 * by the thread that began the last; an update goes on with the one it meets;
 * fences make relaxed accesses count. */
void clock_atomic(thread *t, const op *o, bool reads, bool writes)
{
    uintptr_t key = o->address | ATOMIC;
    left_clock *here = find_left(key, writes);
    if (is_recording && reads)
        record_acquire(t, key, acquires(o->order));
    if (reads && here != NULL) {
        if (acquires(o->order)) {
            clock_join(&t->seen, &here->clock);
        } else {
            clock_join(&t->acquired, &here->clock);
            t->has_acquired = true;
        }
    }
    if (!writes || here == NULL) /* a write has made it */
        return;
    bool begins = !reads && here->by != t->id;
    if (is_recording)
        record_write(t, key, begins, t->has_released || releases(o->order));
    if (begins)
        clock_clear(&here->clock);
    if (t->has_released)
        clock_join(&here->clock, &t->released);
    if (releases(o->order)) {
        clock_join(&here->clock, &t->seen);
        clock_tick(t);
        here->by = t->id;
    } else if (!reads && here->by != t->id) {
        here->by = NOBODY;
    }
}

void clock_fence(thread *t, int order)
{
    if (is_recording && acquires(order))
        record_fence(t);
    if (acquires(order) && t->has_acquired)
        clock_join(&t->seen, &t->acquired);
    if (releases(order)) {
        t->released = t->seen;
        t->has_released = true;
        clock_tick(t);
    }
}

/* --- Which steps do not commute --------------------------------------------*/

static bool is_memory(touch_kind kind)
{
    return kind <= FREES;
}

static bool changes_memory(touch_kind kind)
{
    return kind == WRITES || kind == STORES || kind == FREES;
}

static bool is_atomic(touch_kind kind)
{
    return kind == LOADS || kind == STORES;
}

/* For two touches of one thing. */
static bool kinds_depend(touch_kind a, touch_kind b)
{
    if (a == EXITS || b == EXITS)
        return true;
    if (is_memory(a) && is_memory(b))
        return changes_memory(a) || changes_memory(b);
    if (a == RESETS || b == RESETS || a == FREES || b == FREES)
        return !is_memory(a) || !is_memory(b) || a == FREES || b == FREES;
    if (is_memory(a) || is_memory(b))
        return false;
    switch (a) {
    case FINDS_LOCKED:
    case FINDS_SHARED:
    case FINDS_QUEUE:
        return b != FINDS_LOCKED && b != FINDS_SHARED && b != FINDS_QUEUE;
    case READS_CLOCK:
    case BEGINS_WAIT:
        return b != READS_CLOCK && b != BEGINS_WAIT;
    case POSTS:
    case LOOKS:
        return a != b;
    case ENQUEUES:
    case WAKES:
        return b != ENQUEUES && b != WAKES;
    case SIGNALS_NOBODY:
        return b != SIGNALS_NOBODY;
    case SHARES:
    case UNSHARES:
        return b != SHARES && b != UNSHARES;
    case QUEUES:
        return b != QUEUES;
    case ARRIVES_EVEN:
        return b != ARRIVES_EVEN && b != COMPLETES_EVEN;
    case ARRIVES_ODD:
        return b != ARRIVES_ODD && b != COMPLETES_ODD;
    case COMPLETES_EVEN:
        return b != ARRIVES_EVEN;
    case COMPLETES_ODD:
        return b != ARRIVES_ODD;
    default:
        return true;
    }
}

/* Touches of the objects' side have addresses of their own. */
bool depends(touch a, touch b)
{
    if (a.kind == EXITS || b.kind == EXITS)
        return true;
    if (a.address >= b.address + b.size || b.address >= a.address + a.size)
        return false;
    return kinds_depend(a.kind, b.kind);
}

static bool changes(touch_kind kind)
{
    switch (kind) {
    case READS:
    case LOADS:
    case FINDS_LOCKED:
    case FINDS_SHARED:
    case FINDS_QUEUE:
    case LOOKS:
    case SIGNALS_NOBODY:
    case READS_CLOCK:
    case BEGINS_WAIT:
    case EXITS:
        return false;
    default:
        return true;
    }
}

/* Kinds that commute with some others: these may still be met behind them. */
static bool stands_beside_others(touch_kind kind)
{
    switch (kind) {
    case READS:
    case LOADS:
    case FINDS_LOCKED:
    case FINDS_SHARED:
    case FINDS_QUEUE:
    case SHARES:
    case UNSHARES:
    case QUEUES:
    case ARRIVES_EVEN:
    case ARRIVES_ODD:
    case COMPLETES_EVEN:
    case COMPLETES_ODD:
    case ENQUEUES:
    case SIGNALS_NOBODY:
    case WAKES:
    case POSTS:
    case LOOKS:
    case READS_CLOCK:
    case BEGINS_WAIT:
        return true;
    default:
        return false;
    }
}

/* --- A step ----------------------------------------------------------------*/

typedef struct candidate {
    uint32_t step;
    bool is_fixed; /* it cannot be the other way round */
    bool holds;    /* and if so, because something is taken there */
} candidate;

static candidate *candidates;
static size_t candidate_count, candidate_room;

static void add_candidate(uint32_t earlier, bool is_fixed, bool holds)
{
    for (size_t i = 0; i < candidate_count; i++)
        if (candidates[i].step == earlier) {
            candidates[i].holds &= holds;
            candidates[i].is_fixed &= is_fixed;
            return;
        }
    if (candidate_count == candidate_room)
        candidates = grow(candidates, &candidate_room, sizeof *candidates);
    size_t at = candidate_count++;
    while (at > 0 && candidates[at - 1].step < earlier) {
        candidates[at] = candidates[at - 1];
        at--;
    }
    candidates[at] = (candidate){earlier, is_fixed, holds};
}

static bool happened_before(const entry *e, const thread *t)
{
    return e->epoch <= t->seen.at[e->thread];
}

static void look_for_data_race(
        const entry *e, const thread *t, const op *o, touch_kind kind)
{
    if (!is_memory(kind) || !is_memory(e->kind) || happened_before(e, t))
        return;
    if (is_atomic(kind) && is_atomic(e->kind)) {
        if (e->is_weak || o->is_weak)
            search_weak();
        return;
    }
    search_found_race(e->step, run.step);
}

/* Whether there was a permit without that step, and all that came of it. */
static bool could_have_taken_before(uint32_t earlier, uintptr_t address)
{
    uint64_t value = past[earlier].value;
    int other = past[earlier].thread;
    for (uint32_t i = earlier + 1; i < run.step; i++)
        for (int k = 0; k < past[i].touch_count; k++)
            if (past[i].touches[k].kind == POSTS &&
                    past[i].touches[k].address == address &&
                    past_clock[i].at[other] <= earlier)
                value++;
    return value > 0;
}

/* Who waits until it is free cannot come before it was given back, nor before
 * what others did while it was not. */
static bool only_orders(const entry *e, touch_kind kind, uintptr_t object)
{
    switch (kind) {
    case LOCKS:
        return e->kind == UNLOCKS || e->kind == UNSHARES || e->kind == SHARES ||
               e->kind == FINDS_LOCKED || e->kind == FINDS_SHARED;
    case SHARES:
        return e->kind == UNLOCKS || e->kind == FINDS_LOCKED ||
               e->kind == FINDS_QUEUE || e->kind == QUEUES;
    case TAKES:
        return e->kind != TAKES && !could_have_taken_before(e->step, object);
    default:
        return false;
    }
}

/* It might have given up before. */
static bool need_not_wait(const thread *t, const op *o)
{
    return is_try(o->kind) ||
           (o->is_timed && (unsigned)t->timeouts < options.timeouts);
}

/* All accesses that do not commute with this one become candidates. */
static void meet(const location *l, const thread *t, const op *o,
        touch_kind kind, uint8_t mask, uintptr_t object)
{
    for (uint32_t i = l->first; i != 0; i = entries[i - 1].next) {
        const entry *e = &entries[i - 1];
        if (e->thread == t->id || !(e->mask & mask) ||
                !kinds_depend(e->kind, kind))
            continue;
        if (o != NULL)
            look_for_data_race(e, t, o, kind);
        if (!search_analyses)
            continue;
        bool waits = o == NULL || !need_not_wait(t, o);
        add_candidate(e->step, waits && only_orders(e, kind, object),
                e->kind == SHARES || e->kind == QUEUES);
    }
}

static void forget(uint32_t *link)
{
    uint32_t i = *link;
    *link = entries[i - 1].next;
    entries[i - 1].next = free_entry;
    free_entry = i;
}

static void note_change(location *l, const thread *t, uint32_t count)
{
    if (l->changer != t->id)
        l->changed_before = l->changed;
    l->changer = (uint8_t)t->id;
    l->changed = count;
}

void clocks_changed(const thread *t, uintptr_t address, size_t size)
{
    for (uintptr_t word = key_of_memory(address); word < address + size;
            word += 8) {
        location *l = find_location(word);
        if (l != NULL)
            note_change(l, t, run.step);
    }
}

static uint32_t new_entry(location *l)
{
    uint32_t i = free_entry;
    if (i != 0) {
        free_entry = entries[i - 1].next;
    } else {
        if (entry_count == entry_room)
            entries = grow(entries, &entry_room, sizeof *entries);
        i = ++entry_count;
    }
    entries[i - 1].next = l->first;
    l->first = i;
    return i;
}

/* The access stands for those that any later one would meet through it. */
static void cover(location *l, const thread *t, touch_kind kind, uint8_t mask)
{
    bool covers_all = !stands_beside_others(kind);
    for (uint32_t *link = &l->first; *link != 0;) {
        const entry *e = &entries[*link - 1];
        bool covered = !(e->mask & ~mask);
        bool stays = e->kind == BEGINS_WAIT ||
                     (!is_atomic(e->kind) && is_atomic(kind));
        if (covered && ((covers_all && !stays) ||
                               (e->thread == t->id && e->kind == kind)))
            forget(link);
        else
            link = &entries[*link - 1].next;
    }
}

/* Often the same thread does the same again. */
static bool is_repeated(
        const location *l, const thread *t, touch_kind kind, uint8_t mask)
{
    if (l->first == 0)
        return false;
    const entry *e = &entries[l->first - 1];
    return e->next == 0 && e->thread == t->id && e->kind == kind &&
           e->mask == mask;
}

static void remember(location *l, const thread *t, const op *o, touch_kind kind,
        uint8_t mask)
{
    uint32_t i = l->first;
    if (!is_repeated(l, t, kind, mask)) {
        cover(l, t, kind, mask);
        i = new_entry(l);
    }
    entries[i - 1] = (entry){.step = run.step,
            .epoch = t->seen.at[t->id],
            .next = entries[i - 1].next,
            .thread = (uint8_t)t->id,
            .kind = (uint8_t)kind,
            .mask = mask,
            .is_weak = o->is_weak};
    if (changes(kind) && o->kind != OP_UPDATE)
        note_change(l, t, run.step + 1);
    if (kind == LOCKS || kind == TAKES) {
        l->last_taken = run.step + 1;
    } else if (kind == RESETS) {
        l->last_taken = 0;
    }
}

bool clocks_changed_since(uintptr_t key, const thread *t, uint32_t step_number)
{
    const location *l = find_location(key);
    if (l == NULL)
        return false;
    uint32_t by_others = l->changer == t->id ? l->changed_before : l->changed;
    return by_others > step_number + 1;
}

static uint8_t mask_of(uintptr_t word, uintptr_t from, uintptr_t to)
{
    uintptr_t low = from > word ? from - word : 0;
    uintptr_t high = to < word + 8 ? to - word : 8;
    return (uint8_t)((1u << high) - (1u << low));
}

typedef enum part { MEETS = 1, REMEMBERS = 2, BOTH = 3 } part;

static void one_place(location *l, thread *t, const op *o, touch_kind kind,
        uint8_t mask, part p, uintptr_t object)
{
    if (p & MEETS)
        meet(l, t, o, kind, mask, object);
    if (p & REMEMBERS)
        remember(l, t, o, kind, mask);
}

/* Freed memory: all that was ever touched in it. */
static void all_places_in(thread *t, const op *o, const touch *what, part p)
{
    uintptr_t end = what->address + what->size;
    if (what->size / 8 > table_size) {
        for (size_t i = 0; i < table_size; i++) {
            location *l = &table[i];
            if (l->run == run.number && l->key >= what->address && l->key < end)
                one_place(l, t, o, l->key & 1 ? RESETS : FREES, 255, p,
                        what->address);
        }
        return;
    }
    for (uintptr_t at = what->address; at < end; at++) {
        location *l = at % 8 == 0 ? find_location(at) : NULL;
        if (l != NULL)
            one_place(l, t, o, FREES, 255, p, at);
        l = at % 4 == 0 ? find_location(at | 1) : NULL;
        if (l != NULL)
            one_place(l, t, o, RESETS, 255, p, at);
    }
}

static void each_place(
        thread *t, const op *o, const touch *touches, int count, part p)
{
    for (int i = 0; i < count; i++) {
        const touch *what = &touches[i];
        if (what->kind == EXITS)
            continue;
        if (what->kind == FREES) {
            all_places_in(t, o, what, p);
        } else if (!is_memory(what->kind)) {
            location *l = location_of(key_of_object(what->address));
            one_place(l, t, o, what->kind, 255, p, what->address);
        } else {
            uintptr_t end = what->address + what->size;
            for (uintptr_t word = key_of_memory(what->address); word < end;
                    word += 8)
                one_place(location_of(word), t, o, what->kind,
                        mask_of(word, what->address, end), p, word);
        }
    }
}

static bool is_only_ordered(uint32_t earlier)
{
    for (size_t i = 0; i < candidate_count; i++)
        if (candidates[i].step > earlier && !candidates[i].is_fixed)
            return false;
    return true;
}

/* What would have come before this step even if that one had not: what others
 * than the taker gave back, such as a read lock. */
static const clock_vector *past_without(uint32_t taken, const thread *t)
{
    static clock_vector before;
    clock_copy(&before, &t->now);
    for (size_t i = 0; i < candidate_count; i++) {
        const clock_vector *of = &past_clock[candidates[i].step];
        if (!candidates[i].holds && of->at[past[taken].thread] <= taken)
            clock_join(&before, of);
    }
    return &before;
}

static void meet_taker(const thread *t, uint32_t taken)
{
    int taker = past[taken].thread;
    if (taker != t->id && t->now.at[taker] <= taken && is_only_ordered(taken))
        search_reversible(taken, t, past_without(taken, t));
}

/* Who waited for another's earlier deadline might have gone on before that one
 * began to wait. */
static void meet_waits(const thread *t, const location *l)
{
    for (uint32_t k = l->first; k != 0; k = entries[k - 1].next) {
        const entry *e = &entries[k - 1];
        if (e->kind == BEGINS_WAIT && e->thread != t->id &&
                t->now.at[e->thread] <= e->step)
            search_reversible(e->step, t, past_without(e->step, t));
    }
}

/* When that was taken which the thread wants: step + 1. To readers a lock was
 * closed by the first of the writers that came one upon the other. */
static uint32_t taken_at(const thread *t, const location *l)
{
    uint32_t closed_at = l->last_taken;
    if (t->op->kind == OP_READ_LOCK)
        closed_at = ((const rwlock *)t->op->address)->closed_at;
    return closed_at <= run.step ? closed_at : 0; /* it may be no lock at all */
}

/* Who takes a mutex or a permit that was given back competes with who took it
 * last, though the giving back stands between them and cannot come later. Of a
 * read-write lock these may be several readers. */
static void meet_last_takers(const thread *t, const touch *touches, int count)
{
    for (int i = 0; i < count; i++) {
        touch_kind kind = touches[i].kind;
        if (kind != LOCKS && kind != SHARES && kind != TAKES &&
                kind != MOVES_CLOCK)
            continue;
        const location *l = find_location(key_of_object(touches[i].address));
        if (l == NULL)
            continue;
        if (kind == MOVES_CLOCK) {
            meet_waits(t, l);
            continue;
        }
        uint32_t taken = taken_at(t, l);
        if (taken != 0)
            meet_taker(t, taken - 1);
        for (uint32_t k = l->first; k != 0 && kind == LOCKS;
                k = entries[k - 1].next)
            if (entries[k - 1].kind == SHARES)
                meet_taker(t, entries[k - 1].step);
    }
}

static void meet_candidates(thread *t)
{
    for (size_t i = 0; i < candidate_count; i++) {
        uint32_t earlier = candidates[i].step;
        int other = past[earlier].thread;
        if (t->now.at[other] > earlier)
            continue;
        if (!candidates[i].is_fixed)
            search_reversible(earlier, t, &t->now);
        clock_join(&t->now, &past_clock[earlier]);
    }
}

/* Those that are not about one place. */
static void meet_askers_and_end(
        const thread *t, const touch *touches, int count)
{
    if (run.last_ask != 0 && past[run.last_ask - 1].thread != t->id)
        add_candidate(run.last_ask - 1, false, false);
    if (count > 0 && touches[0].kind == EXITS)
        for (int i = 0; i < run.threads; i++)
            if (i != t->id && threads[i].last != 0)
                add_candidate(threads[i].last - 1, false, false);
}

void clocks_step(thread *t, const op *o, const touch *touches, int count)
{
    candidate_count = 0;
    part rest = REMEMBERS;
    if (!search_analyses) {
        t->now.at[t->id] = run.step + 1;
        rest = run.is_first_part ? REMEMBERS : BOTH;
    } else if (run.is_first_part) {
        clock_copy(&t->now, &past_clock[run.step]);
    } else {
        each_place(t, o, touches, count, MEETS);
        meet_askers_and_end(t, touches, count);
        if (!is_try(o->kind))
            meet_last_takers(t, touches, count);
        meet_candidates(t);
        t->now.at[t->id] = run.step + 1;
        clock_copy(&past_clock[run.step], &t->now);
    }
    each_place(t, o, touches, count, rest);
    t->last = run.step + 1;
}

void clocks_blocked(thread *t, const touch *touches, int count)
{
    clock_vector saved = t->now;
    candidate_count = 0;
    each_place(t, NULL, touches, count, MEETS);
    meet_last_takers(t, touches, count);
    meet_candidates(t);
    t->now = saved;
}
