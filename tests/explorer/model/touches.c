/*
 * What a step touches, and how: from that it follows which steps commute. It is
 * asked of operations that threads are about to do.
 */
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <string.h>

static char the_clock;

typedef struct touches {
    touch *at;
    int count;
} touches;

static void add(touches *all, uintptr_t address, size_t size, touch_kind kind)
{
    all->at[all->count++] = (touch){address, (uint32_t)size, kind};
}

/* Of an object, of which one byte stands for the whole. */
static void add_object(touches *all, uintptr_t address, touch_kind kind)
{
    add(all, address, 1, kind);
}

static void add_clock(touches *all, touch_kind kind)
{
    add(all, (uintptr_t)&the_clock, 1, kind);
}

static void touch_memory(touches *all, const op *o)
{
    static const touch_kind kinds[] = {[OP_READ] = READS,
            [OP_WRITE] = WRITES,
            [OP_LOAD] = LOADS,
            [OP_STORE] = STORES,
            [OP_UPDATE] = STORES,
            [OP_COMPARE] = STORES};
    bool fails = o->kind == OP_COMPARE &&
                 memcmp((void *)o->address, o->text, o->size) != 0;
    add(all, o->address, o->size, fails ? LOADS : kinds[o->kind]);
}

/* Who waits for a lock will change it; who only tries, or whose time is up, has
 * looked at it. */
static touch_kind wish(const op *o, bool is_free, touch_kind got, touch_kind no)
{
    return is_free || (!is_try(o->kind) && !o->is_timed) ? got : no;
}

static void touch_mutex(touches *all, const thread *t, const op *o)
{
    const mutex *m = (const mutex *)o->address;
    bool is_mine = m->owner == (uint32_t)t->id + 1;
    if (o->kind == OP_UNLOCK) {
        if (is_mine && m->depth == 1)
            add_object(all, o->address, UNLOCKS);
    } else if (!is_mine) {
        add_object(
                all, o->address, wish(o, m->owner == 0, LOCKS, FINDS_LOCKED));
    }
}

static void touch_spinlock(touches *all, const thread *t, const op *o)
{
    uint32_t owner = ((const spinlock *)o->address)->owner;
    bool is_mine = owner == SPIN_FREE + (uint32_t)t->id + 1;
    if (o->kind != OP_SPIN_UNLOCK)
        add_object(all, o->address,
                wish(o, owner == SPIN_FREE, LOCKS, FINDS_LOCKED));
    else if (is_mine)
        add_object(all, o->address, UNLOCKS);
}

/* A thread that has read-locked it already makes no difference to others when it
 * does so once more; but a queue of writers may hold it up. */
static void touch_as_reader(touches *all, const thread *t, const op *o)
{
    const rwlock *rw = (const rwlock *)o->address;
    bool has_it = get_set(rw->holders) & ONE(t->id);
    touch_kind found = rw->writer != 0 ? FINDS_LOCKED : FINDS_QUEUE;
    if (o->kind == OP_READ_UNLOCK) {
        if (!reads_again(t, rw))
            add_object(all, o->address, UNSHARES);
    } else if (!has_it) {
        add_object(all, o->address, wish(o, can_read(rw), SHARES, found));
    } else if (prefers_writers(rw)) {
        add_object(all, (uintptr_t)&rw->queue, LOOKS);
    }
}

static void touch_as_writer(touches *all, const op *o)
{
    const rwlock *rw = (const rwlock *)o->address;
    bool holds_up_readers = rw->writer != 0 || rw->queue > 0;
    touch_kind kind = wish(o, can_write(rw), LOCKS,
            holds_up_readers ? FINDS_LOCKED : FINDS_SHARED);
    if (o->kind == OP_WRITE_UNLOCK) {
        add_object(all, o->address, UNLOCKS);
    } else if ((o->kind == OP_QUEUE && !can_write(rw)) ||
               (o->again && kind != LOCKS)) { /* it comes, or gives up */
        add_object(all, o->address, QUEUES);
        add_object(all, (uintptr_t)&rw->queue, QUEUES);
    } else {
        add_object(all, o->address, kind);
    }
}

static void touch_rwlock(touches *all, const thread *t, const op *o)
{
    const rwlock *rw = (const rwlock *)o->address;
    bool is_mine = rw->writer == (uint32_t)t->id + 1;
    if (o->kind == OP_READ_LOCK || o->kind == OP_TRY_READ_LOCK ||
            o->kind == OP_READ_UNLOCK) {
        if (!is_mine) /* that would be an error */
            touch_as_reader(all, t, o);
    } else if (!is_mine || o->kind == OP_WRITE_UNLOCK) {
        touch_as_writer(all, o);
    }
}

/* Arrivals of one round commute, if there is room for both. */
static void touch_barrier(touches *all, const op *o)
{
    const barrier *b = (const barrier *)o->address;
    bool is_odd = b->round % 2 == 1;
    if (b->arrived + 1 == b->count)
        add_object(all, o->address, is_odd ? COMPLETES_ODD : COMPLETES_EVEN);
    else
        add_object(all, o->address, is_odd ? ARRIVES_ODD : ARRIVES_EVEN);
}

static void touch_condition(touches *all, const op *o)
{
    set waiting = waiters_of((const condition *)o->address);
    switch (o->kind) {
    case OP_WAIT:
        add_object(all, o->mutex, UNLOCKS);
        add_object(all, o->address, ENQUEUES);
        break;
    case OP_WAITING:
        add_object(all, o->address, WAKES);
        break;
    default:
        add_object(all, o->address, waiting != 0 ? SIGNALS : SIGNALS_NOBODY);
        if (waiting != 0) /* whose deadlines count no more */
            add_clock(all, READS_CLOCK);
    }
}

static void touch_semaphore(touches *all, const op *o)
{
    const semaphore *s = (const semaphore *)o->address;
    if (o->kind == OP_POST)
        add_object(all, o->address, POSTS);
    else if (o->kind == OP_VALUE)
        add_object(all, o->address, LOOKS);
    else
        add_object(all, o->address, wish(o, s->value > 0, TAKES, LOOKS));
}

/* What is about no object of the program. */
static void touch_no_object(touches *all, const op *o)
{
    switch (o->kind) {
    case OP_TIME:
        add_clock(all, READS_CLOCK);
        break;
    case OP_DEADLINE:
        add_clock(all, BEGINS_WAIT);
        break;
    case OP_SLEEPING:
        add_clock(all, MOVES_CLOCK);
        break;
    case OP_EXIT:
    case OP_TRYJOIN:
    case OP_ASK:
    case OP_UNTIL:
        add(all, 0, 0, EXITS);
        break;
    case OP_JOIN: /* with a time limit it sees what all have done */
        if (o->is_timed) {
            add(all, 0, 0, EXITS);
            add_clock(all, MOVES_CLOCK);
        }
        break;
    default:
        break;
    }
}

static void touch_object(touches *all, const thread *t, const op *o)
{
    switch (o->kind) {
    case OP_LOCK:
    case OP_TRYLOCK:
    case OP_UNLOCK:
        touch_mutex(all, t, o);
        break;
    case OP_SPIN_LOCK:
    case OP_TRY_SPIN_LOCK:
    case OP_SPIN_UNLOCK:
        touch_spinlock(all, t, o);
        break;
    case OP_READ_LOCK:
    case OP_TRY_READ_LOCK:
    case OP_WRITE_LOCK:
    case OP_TRY_WRITE_LOCK:
    case OP_QUEUE:
    case OP_READ_UNLOCK:
    case OP_WRITE_UNLOCK:
        touch_rwlock(all, t, o);
        break;
    case OP_ARRIVE:
        touch_barrier(all, o);
        break;
    case OP_ONCE:
        add_object(all, o->address,
                *(const uint32_t *)o->address == ONCE_DONE ? SHARES : LOCKS);
        break;
    case OP_ONCE_DONE:
        add_object(all, o->address, UNLOCKS);
        break;
    case OP_WAIT:
    case OP_WAITING:
    case OP_SIGNAL:
    case OP_BROADCAST:
        touch_condition(all, o);
        break;
    case OP_TAKE:
    case OP_TRYTAKE:
    case OP_POST:
    case OP_VALUE:
        touch_semaphore(all, o);
        break;
    case OP_KEYS:
        add_object(all, o->address, LOOKS);
        break;
    case OP_INIT:
    case OP_DESTROY:
        add_object(all, o->address, RESETS);
        break;
    default:
        break;
    }
}

int touches_of(const thread *t, touch *out)
{
    const op *o = t->op;
    touches all = {out, 0};
    if (o->kind <= OP_COMPARE) {
        touch_memory(&all, o);
    } else if (o->kind == OP_FREE) {
        add(&all, o->address, o->size, FREES);
        add_object(&all, o->address, RESETS);
        return all.count;
    } else if (o->kind == OP_LEAVE || o->kind > OP_DESTROY) {
        touch_no_object(&all, o);
        return all.count;
    } else {
        touch_object(&all, t, o);
        if (o->is_timed || o->deadline != NEVER)
            add_clock(&all, o->kind == OP_WAIT ? BEGINS_WAIT : MOVES_CLOCK);
    }
    const block *b = memory_block(o->address);
    if (b != NULL && b->freed_at != 0)
        add_object(&all, b->start, RESETS);
    return all.count;
}
