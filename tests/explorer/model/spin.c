/*
 * Threads that come back to where they were and have changed nothing wait until
 * something that they read has changed. That ends spin loops, and loses no run.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"
#include "tests/explorer/search/cycle.h"

bool has_something_changed(const thread *t)
{
    for (uint32_t i = t->spin_from; i < t->read_count; i++)
        if (clocks_changed_since(t->reads[i].key, t, t->reads[i].step))
            return true;
    return false;
}

/* Whether the operation leaves all that is shared as it was. Locking counts
 * as such, since a loop that unlocks what it locked has changed nothing. */
static bool is_neutral(const thread *t, const op *o)
{
    switch (o->kind) {
    case OP_WRITE:
        return o->address >= (uintptr_t)t->fiber.bottom &&
               o->address < (uintptr_t)t->fiber.top;
    case OP_READ:
    case OP_LOAD:
    case OP_LOCK:
    case OP_TRYLOCK:
    case OP_UNLOCK:
    case OP_READ_LOCK:
    case OP_TRY_READ_LOCK:
    case OP_WRITE_LOCK:
    case OP_TRY_WRITE_LOCK:
    case OP_READ_UNLOCK:
    case OP_WRITE_UNLOCK:
    case OP_SPIN_LOCK:
    case OP_TRY_SPIN_LOCK:
    case OP_SPIN_UNLOCK:
    case OP_ONCE: /* if it was done: see once.c */
    case OP_TRYTAKE:
    case OP_VALUE:
    case OP_COMPARE:
    case OP_UPDATE: /* if it wrote what was there: see memory_changed() */
    case OP_YIELD:
    case OP_SLEEPING:
    case OP_DEADLINE:
    case OP_OUTPUT:
        return true;
    default:
        return false;
    }
}

enum { DEEPEST_SPIN = 1 << 14, NONE = 0 };

static uint64_t values_since(const thread *t, uint32_t from)
{
    uint64_t sum = 1;
    for (uint32_t i = from; i < t->read_count; i++)
        sum = (sum ^ t->reads[i].value) * 0x9e3779b97f4a7c15u + i - from;
    return sum | 1;
}

void thread_changes(thread *t)
{
    t->stretch++;
    t->stretch_from = run.step;
    t->read_count = 0;
}

void memory_changed(const op *o)
{
    thread_changes(run.self);
    clocks_changed(run.self, o->address, o->size);
}

/* Did it hold fewer locks at some time since then? */
static bool held_fewer(const thread *t, uint32_t step_number)
{
    for (int i = 0; i < t->locks && i < DEEPEST_LOCKS; i++)
        if (t->held[i] >= step_number)
            return true;
    return false;
}

/* The last visit to that place, or a free place for it, or the oldest one. */
static visit *visit_of(thread *t, uintptr_t pc)
{
    enum { PROBES = 4 };
    size_t first = (size_t)(pc * 0x9e3779b97f4a7c15u >> 32);
    visit *oldest = &t->visits[first % VISITS];
    for (size_t i = 0; i < PROBES; i++) {
        visit *v = &t->visits[(first + i) % VISITS];
        if (v->pc == pc)
            return v;
        if (v->stretch != t->stretch || v->step < oldest->step)
            oldest = v;
    }
    return oldest;
}

/* Is the thread where it was, with nothing changed by it, and did it read the
 * same as in the round before? Then it waits until something that it read has
 * changed. Its registers need no look: without optimisation nothing stays in
 * them from one round to the next, and within a round they hold what is on the
 * stack or was read. It does not stop with a lock that it gives back in each
 * round: others could not get on. */
void notice_spinning(thread *t, const op *o)
{
    if (t->locks < DEEPEST_LOCKS)
        t->held[t->locks] = run.step + 1;
    if (!is_neutral(t, o)) {
        thread_changes(t);
        return;
    }
    if ((uintptr_t)t->fiber.top - o->frame > DEEPEST_SPIN)
        return;
    visit *v = visit_of(t, o->pc);
    uint64_t state = NONE, values = NONE;
    if (v->pc == o->pc && v->stretch == t->stretch) {
        cycle_is_possible = true;
        state = own_state(t, (uint64_t)t->locks << 32 | t->rand);
        values = values_since(t, v->reads);
        if (v->state == state && v->values == values &&
                !held_fewer(t, v->step)) {
            t->spin_from = v->reads;
            if (!has_something_changed(t))
                t->spins = true;
        }
    }
    *v = (visit){o->pc, state, values, t->stretch, t->read_count, run.step + 1};
}

void note_reading(thread *t, const touch *touches, int count)
{
    for (int i = 0; i < count; i++) {
        touch_kind kind = touches[i].kind;
        bool is_memory = kind == READS || kind == LOADS || kind == STORES;
        if (!is_memory && kind != FINDS_LOCKED && kind != FINDS_SHARED &&
                kind != LOOKS)
            continue;
        uintptr_t end = touches[i].address + touches[i].size;
        uintptr_t key = is_memory ? key_of_memory(touches[i].address)
                                  : key_of_object(touches[i].address);
        for (; key < end || key == (touches[i].address | 1); key += 8) {
            if (t->read_count == t->read_room) {
                t->reads = grow(t->reads, &t->read_room, sizeof *t->reads);
            }
            t->reads[t->read_count++] = (reading){.key = key, .step = run.step};
            if (!is_memory)
                break;
        }
    }
}
