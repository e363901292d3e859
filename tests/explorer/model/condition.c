/*
 * Condition variables. A wait is two operations: to release the mutex and begin
 * to wait, in one step; and then to wait, until a signal makes of it the wish
 * to lock the mutex again.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

void init_condition(op *o, clockid_t clock)
{
    step(o);
    must_not_be_freed(o, "condition variable");
    memory_wrote(o->address, sizeof(pthread_cond_t));
    memset((void *)o->address, 0, sizeof(pthread_cond_t));
    ((condition *)o->address)->clock = clock;
}

int explored_pthread_cond_init(
        pthread_cond_t *object, const pthread_condattr_t *attr)
{
    op o = CALL(OP_INIT, object);
    init_condition(
            &o, attr == NULL ? CLOCK_REALTIME : *(const clockid_t *)attr);
    return 0;
}

void destroy_condition(op *o)
{
    condition *c = (condition *)o->address;
    use(o, &c->is_destroyed, "condition variable");
    if (waiters_of(c) != 0)
        fail_and_stop(EXPLORER_MISUSE,
                "%s destroys a condition variable that %s waits for",
                thread_name(run.self->id),
                thread_name(first_of(waiters_of(c))));
    memory_wrote((uintptr_t)c, sizeof *c);
    c->is_destroyed = 1;
}

int explored_pthread_cond_destroy(pthread_cond_t *object)
{
    op o = CALL(OP_DESTROY, object);
    destroy_condition(&o);
    return 0;
}

int wait_for_condition(
        op *begin, mutex *m, const struct timespec *limit, clockid_t clock)
{
    thread *t = run.self;
    condition *c = (condition *)begin->address;
    must_be_there(begin, "condition variable");
    if (limit != NULL && (!has_nanoseconds(limit) || !is_clock(clock)))
        return EINVAL;
    begin->mutex = (uintptr_t)m;
    begin->is_timed = limit != NULL;
    if (m->owner != me())
        begin->kind = OP_CHECK; /* touches nothing: see below */
    use(begin, &c->is_destroyed, "condition variable");
    if (m->owner != me()) {
        if (m->kind == PTHREAD_MUTEX_ERRORCHECK)
            return EPERM;
        fail_and_stop(EXPLORER_MISUSE,
                "%s waits for a condition without holding its mutex",
                thread_name(t->id));
    }
    uint32_t depth = m->depth;
    give_mutex(m);
    memory_wrote((uintptr_t)c, sizeof *c);
    put_set(c->waiters, waiters_of(c) | ONE(t->id));
    t->waits_since = run.step;

    op wait = *begin;
    wait.kind = OP_WAITING;
    wait.deadline = limit == NULL ? NEVER : virtual_time(limit, clock);
    step(&wait); /* a signal makes an OP_LOCK of it */
    int result = 0;
    if (wait.kind == OP_WAITING) {
        put_set(c->waiters, waiters_of(c) & ~ONE(t->id));
        if (timed_out(&wait))
            result = ETIMEDOUT;
        else
            t->spurious++;
        op again = wait;
        again.kind = OP_LOCK;
        again.address = (uintptr_t)m;
        again.again = true;
        again.is_timed = false;
        again.deadline = NEVER;
        again.way = WAY_DONE;
        use(&again, &m->is_destroyed, "mutex");
    } else if (m->is_destroyed) {
        fail_and_stop(EXPLORER_MISUSE, "%s uses a mutex after it was destroyed",
                thread_name(t->id));
    }
    take_mutex(m);
    m->depth = depth;
    return result;
}

int explored_pthread_cond_wait(pthread_cond_t *object, pthread_mutex_t *m)
{
    op o = CALL(OP_WAIT, object);
    return wait_for_condition(&o, (mutex *)m, NULL, 0);
}

int explored_pthread_cond_timedwait(pthread_cond_t *object, pthread_mutex_t *m,
        const struct timespec *limit)
{
    op o = CALL(OP_WAIT, object);
    return wait_for_condition(
            &o, (mutex *)m, limit, ((condition *)object)->clock);
}

int explored_pthread_cond_clockwait(pthread_cond_t *object, pthread_mutex_t *m,
        clockid_t clock, const struct timespec *limit)
{
    op o = CALL(OP_WAIT, object);
    return wait_for_condition(&o, (mutex *)m, limit, clock);
}

/* Its wait becomes the wish to have the mutex again. */
static void wake(int id)
{
    thread *t = &threads[id];
    op *o = t->op;
    o->kind = OP_LOCK;
    o->address = o->mutex;
    o->again = true;
    o->is_timed = false;
    o->deadline = NEVER;
    clock_join(&t->now, &run.self->now);
    if (is_recording)
        record_wake(t);
    run.changed |= ONE(id);
}

static void signal_some(condition *c, set chosen)
{
    memory_wrote((uintptr_t)c, sizeof *c);
    if (chosen == 0)
        c->early = run.step;
    else
        c->early = 0;
    put_set(c->waiters, waiters_of(c) & ~chosen);
    for (; chosen != 0; chosen &= chosen - 1)
        wake(first_of(chosen));
}

void signal_condition(op *o)
{
    condition *c = (condition *)o->address;
    use(o, &c->is_destroyed, "condition variable");
    set waiting = waiters_of(c);
    for (int i = 0; i < o->way; i++)
        waiting &= waiting - 1;
    signal_some(c, o->kind == OP_BROADCAST ? waiting : waiting & -waiting);
}

int explored_pthread_cond_signal(pthread_cond_t *object)
{
    op o = CALL(OP_SIGNAL, object);
    signal_condition(&o);
    return 0;
}

int explored_pthread_cond_broadcast(pthread_cond_t *object)
{
    op o = CALL(OP_BROADCAST, object);
    signal_condition(&o);
    return 0;
}
