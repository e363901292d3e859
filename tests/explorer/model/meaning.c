/*
 * What operations mean: when one can be done, in how many ways, and what it
 * touches. Both are asked of operations that threads are about to do.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <pthread.h>
#include <string.h>

/* --- Which operation can be done, and in how many ways ---------------------*/

static bool is_first_deadline(const thread *t)
{
    for (int i = 0; i < run.threads; i++)
        if (threads[i].state == LIVE && threads[i].op->deadline != NEVER &&
                threads[i].op->deadline < t->op->deadline)
            return false;
    return true;
}

static bool may_time_out(const thread *t)
{
    return t->op->deadline != NEVER &&
           ((unsigned)t->timeouts < options.timeouts || run.is_stuck) &&
           is_first_deadline(t);
}

static bool may_wake(const thread *t)
{
    return (unsigned)t->spurious < options.spurious;
}

static bool can_lock(const thread *t)
{
    const mutex *m = (const mutex *)t->op->address;
    bool is_mine = m->owner == (uint32_t)t->id + 1;
    return m->owner == 0 || m->is_destroyed ||
           (is_mine && m->kind != PTHREAD_MUTEX_NORMAL);
}

bool is_blocked(const thread *t)
{
    if (t->state != LIVE || t->spins)
        return t->state == LIVE || t->state == STOPPED;
    switch (t->op->kind) {
    case OP_WAITING:
    case OP_SLEEPING:
        return true;
    case OP_LOCK:
        return !can_lock(t);
    case OP_TAKE: {
        const semaphore *s = (const semaphore *)t->op->address;
        return s->value == 0 && !s->is_destroyed;
    }
    case OP_JOIN:
        return threads[t->op->value].state != ENDED;
    default:
        return false;
    }
}

int ways(thread *t)
{
    const op *o = t->op;
    if (t->state != LIVE || o == NULL)
        return 0;
    if (t->spins) {
        if (!has_something_changed(t))
            return 0;
        t->spins = false;
    }
    switch (o->kind) {
    case OP_LOCK:
        return can_lock(t) || may_time_out(t);
    case OP_TAKE: {
        const semaphore *s = (const semaphore *)o->address;
        return s->value > 0 || s->is_destroyed || may_time_out(t);
    }
    case OP_WAITING:
        return may_time_out(t) + may_wake(t);
    case OP_SLEEPING:
        return may_time_out(t);
    case OP_JOIN:
        return threads[o->value].state == ENDED;
    case OP_UNTIL:
        return threads[o->value].state == ENDED ||
               is_blocked(&threads[o->value]);
    case OP_SIGNAL: {
        int waiting = count_of(waiters_of((const condition *)o->address));
        return waiting > 1 ? waiting : 1;
    }
    default:
        return 1;
    }
}

int way_of(const thread *t, int choice)
{
    const op *o = t->op;
    switch (o->kind) {
    case OP_LOCK:
        return can_lock(t) ? WAY_DONE : WAY_TIMEOUT;
    case OP_TAKE: {
        const semaphore *s = (const semaphore *)o->address;
        return s->value > 0 || s->is_destroyed ? WAY_DONE : WAY_TIMEOUT;
    }
    case OP_WAITING:
        return choice == 0 && may_time_out(t) ? WAY_TIMEOUT : WAY_SPURIOUS;
    case OP_SLEEPING:
        return WAY_TIMEOUT;
    default:
        return choice;
    }
}

bool is_reluctant(const thread *t)
{
    const op *o = t->op;
    return o->kind == OP_WAITING || o->kind == OP_SLEEPING ||
           (o->is_timed && way_of(t, 0) == WAY_TIMEOUT);
}

bool is_only_spurious(const thread *t)
{
    return t->op->kind == OP_WAITING && !may_time_out(t);
}

/* --- What a step touches ---------------------------------------------------*/

static char the_clock;

int touches_of(const thread *t, touch *out)
{
    const op *o = t->op;
    int n = 0;
    touch_kind kind;
#define TOUCH(where, bytes, what)                                              \
    (out[n++] = (touch){(where), (uint32_t)(bytes), (what)})
    switch (o->kind) {
    case OP_READ:
        TOUCH(o->address, o->size, READS);
        break;
    case OP_WRITE:
        TOUCH(o->address, o->size, WRITES);
        break;
    case OP_LOAD:
        TOUCH(o->address, o->size, LOADS);
        break;
    case OP_STORE:
    case OP_UPDATE:
        TOUCH(o->address, o->size, STORES);
        break;
    case OP_COMPARE:
        kind = memcmp((void *)o->address, o->text, o->size) == 0 ? STORES
                                                                 : LOADS;
        TOUCH(o->address, o->size, kind);
        break;
    case OP_FREE:
        TOUCH(o->address, o->size, FREES);
        TOUCH(o->address, 1, RESETS);
        return n;
    case OP_LOCK:
    case OP_TRYLOCK: {
        const mutex *m = (const mutex *)o->address;
        if (m->owner == 0)
            TOUCH(o->address, 1, LOCKS);
        else if (m->owner != (uint32_t)t->id + 1)
            TOUCH(o->address, 1,
                    o->kind == OP_LOCK && !o->is_timed ? LOCKS : FINDS_LOCKED);
        break;
    }
    case OP_UNLOCK: {
        const mutex *m = (const mutex *)o->address;
        if (m->owner == (uint32_t)t->id + 1 && m->depth == 1)
            TOUCH(o->address, 1, UNLOCKS);
        break;
    }
    case OP_WAIT:
        TOUCH(o->mutex, 1, UNLOCKS);
        TOUCH(o->address, 1, ENQUEUES);
        break;
    case OP_WAITING:
        TOUCH(o->address, 1, WAKES);
        break;
    case OP_SIGNAL:
    case OP_BROADCAST:
        kind = waiters_of((const condition *)o->address) != 0 ? SIGNALS
                                                              : SIGNALS_NOBODY;
        TOUCH(o->address, 1, kind);
        if (kind == SIGNALS)
            TOUCH((uintptr_t)&the_clock, 1, READS_CLOCK);
        return n;
    case OP_TAKE:
    case OP_TRYTAKE: {
        const semaphore *s = (const semaphore *)o->address;
        kind = s->value > 0 || (o->kind == OP_TAKE && !o->is_timed) ? TAKES
                                                                    : LOOKS;
        TOUCH(o->address, 1, kind);
        break;
    }
    case OP_POST:
        TOUCH(o->address, 1, POSTS);
        break;
    case OP_VALUE:
        TOUCH(o->address, 1, LOOKS);
        break;
    case OP_INIT:
    case OP_DESTROY:
        TOUCH(o->address, 1, RESETS);
        break;
    case OP_TIME:
    case OP_DEADLINE:
        TOUCH((uintptr_t)&the_clock, 1, READS_CLOCK);
        return n;
    case OP_SLEEPING:
        TOUCH((uintptr_t)&the_clock, 1, MOVES_CLOCK);
        return n;
    case OP_EXIT:
    case OP_ASK:
    case OP_UNTIL:
        TOUCH(0, 0, EXITS);
        return n;
    default:
        return n;
    }
    if (o->is_timed || o->deadline != NEVER)
        TOUCH((uintptr_t)&the_clock, 1,
                o->kind == OP_WAIT ? READS_CLOCK : MOVES_CLOCK);
    const block *b = memory_block(o->address);
    if (b != NULL && b->freed_at != 0)
        TOUCH(b->start, 1, RESETS);
    return n;
#undef TOUCH
}
