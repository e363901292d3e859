/*
 * Which operations that threads are about to do can be done, and in how many
 * ways.
 */
#include "tests/explorer/model/model.h"

#include <pthread.h>

/* --- What time and chance can do -------------------------------------------*/

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
    bool is_past = t->op->deadline != NEVER &&
                   (t->op->deadline <= run.now || t->op->deadline == 1);
    return (unsigned)t->spurious < options.spurious && !is_past;
}

/* --- Locks -----------------------------------------------------------------*/

bool is_lock(op_kind kind)
{
    switch (kind) {
    case OP_LOCK:
    case OP_READ_LOCK:
    case OP_WRITE_LOCK:
    case OP_SPIN_LOCK:
    case OP_ONCE:
    case OP_TAKE:
        return true;
    default:
        return false;
    }
}

bool is_try(op_kind kind)
{
    return kind == OP_TRYLOCK || kind == OP_TRY_READ_LOCK ||
           kind == OP_TRY_WRITE_LOCK || kind == OP_QUEUE ||
           kind == OP_TRY_SPIN_LOCK || kind == OP_TRYTAKE;
}

/* Another reader than the thread itself, if there is one. */
static int reader_before(const thread *t, const rwlock *rw)
{
    set readers = get_set(rw->holders), others = readers & ~ONE(t->id);
    return readers == 0 ? -1 : first_of(others != 0 ? others : readers);
}

static int writer_before(const rwlock *rw)
{
    for (int i = 0; i < run.threads && rw->queue > 0; i++)
        if (threads[i].state == LIVE && threads[i].op->kind == OP_WRITE_LOCK &&
                threads[i].op->address == (uintptr_t)rw)
            return i;
    return -1;
}

int holder_of(const thread *t, const op *o)
{
    const rwlock *rw = (const rwlock *)o->address;
    uint32_t word;
    switch (o->kind) {
    case OP_LOCK:
        return (int)((const mutex *)o->address)->owner - 1;
    case OP_READ_LOCK:
        return rw->writer != 0 ? (int)rw->writer - 1 : writer_before(rw);
    case OP_WRITE_LOCK:
        return rw->writer != 0 ? (int)rw->writer - 1 : reader_before(t, rw);
    case OP_SPIN_LOCK:
        word = ((const spinlock *)o->address)->owner - SPIN_FREE;
        return word <= MAX_THREADS ? (int)word - 1 : -1;
    case OP_ONCE:
        word = *(const uint32_t *)o->address;
        return word >= ONCE_RUNS ? (int)(word - ONCE_RUNS) : -1;
    default:
        return -1;
    }
}

static bool can_lock(const thread *t)
{
    const mutex *m = (const mutex *)t->op->address;
    bool is_mine = m->owner == (uint32_t)t->id + 1;
    return m->owner == 0 || m->is_destroyed || (is_mine && !is_normal(m));
}

/* A writer that would read or write gets an error at once. */
static bool can_lock_rw(const thread *t)
{
    const rwlock *rw = (const rwlock *)t->op->address;
    return rw->is_destroyed || rw->writer == (uint32_t)t->id + 1 ||
           (t->op->kind == OP_READ_LOCK ? can_read(rw) : can_write(rw));
}

static bool can_take(const semaphore *s)
{
    return s->value > 0 || s->is_destroyed;
}

/* Whether it is for others to let the thread go on, deadlines left aside. */
static bool must_wait(const thread *t)
{
    const op *o = t->op;
    switch (o->kind) {
    case OP_WAITING:
    case OP_SLEEPING:
        return true;
    case OP_LOCK:
        return !can_lock(t);
    case OP_READ_LOCK:
    case OP_WRITE_LOCK:
        return !can_lock_rw(t);
    case OP_SPIN_LOCK:
    case OP_ONCE:
        return holder_of(t, o) >= 0;
    case OP_TAKE:
        return !can_take((const semaphore *)o->address);
    case OP_LEAVE:
        return o->value == 0;
    case OP_JOIN:
        return threads[o->value].state != ENDED;
    default:
        return false;
    }
}

bool is_blocked(const thread *t)
{
    if (t->state != LIVE || t->spins)
        return t->state == LIVE || t->state == STOPPED;
    return must_wait(t);
}

/* --- In how many ways ------------------------------------------------------*/

static int ways_to_arrive(const barrier *b)
{
    bool is_last = b->arrived + 1 == b->count;
    return is_last && !b->is_destroyed ? (int)b->count : 1;
}

/* The end of a thread is no step of its own, so it may be a little later than
 * the last one: who does not wait for ever may miss it. */
static bool may_miss_end(const thread *t)
{
    if (threads[t->op->value].state != ENDED)
        return false;
    return t->op->kind == OP_TRYJOIN ? (unsigned)t->timeouts < options.timeouts
                                     : may_time_out(t);
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
    if (is_never_asked(o->kind))
        return 1;
    switch (o->kind) {
    case OP_WAITING:
        return may_time_out(t) + may_wake(t);
    case OP_UNTIL:
        return threads[o->value].state == ENDED ||
               is_blocked(&threads[o->value]);
    case OP_SIGNAL: {
        int waiting = count_of(waiters_of((const condition *)o->address));
        return waiting > 1 ? waiting : 1;
    }
    case OP_ARRIVE:
        return ways_to_arrive((const barrier *)o->address);
    case OP_TRYJOIN:
        return 1 + may_miss_end(t);
    case OP_JOIN:
        if (may_miss_end(t))
            return 2;
        return !must_wait(t) || may_time_out(t);
    default:
        return !must_wait(t) || may_time_out(t);
    }
}

int way_of(const thread *t, int choice)
{
    switch (t->op->kind) {
    case OP_WAITING:
        return choice == 0 && may_time_out(t) ? WAY_TIMEOUT : WAY_SPURIOUS;
    case OP_SIGNAL:
    case OP_ARRIVE:
        return choice;
    case OP_JOIN:
    case OP_TRYJOIN:
        return choice == 1 || must_wait(t) ? WAY_TIMEOUT : WAY_DONE;
    default:
        return must_wait(t) ? WAY_TIMEOUT : WAY_DONE;
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
