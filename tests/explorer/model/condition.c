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

int explored_pthread_condattr_init(pthread_condattr_t *attr)
{
    memset(attr, 0, sizeof *attr);
    return 0;
}

int explored_pthread_condattr_destroy(pthread_condattr_t *attr)
{
    (void)attr;
    return 0;
}

int explored_pthread_condattr_setclock(
        pthread_condattr_t *attr, clockid_t clock)
{
    if (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME)
        return EINVAL;
    *(int *)attr = clock;
    return 0;
}

int explored_pthread_cond_init(
        pthread_cond_t *object, const pthread_condattr_t *attr)
{
    op o = CALL(OP_INIT, object);
    step(&o);
    must_not_be_freed(&o, "condition variable");
    memory_wrote((uintptr_t)object, sizeof *object);
    memset(object, 0, sizeof *object);
    ((condition *)object)->clock = attr == NULL ? 0 : *(const int *)attr;
    return 0;
}

int explored_pthread_cond_destroy(pthread_cond_t *object)
{
    op o = CALL(OP_DESTROY, object);
    condition *c = (condition *)object;
    use(&o, &c->is_destroyed, "condition variable");
    if (waiters_of(c) != 0)
        fail_and_stop(EXPLORER_MISUSE,
                "%s destroys a condition variable that %s waits for",
                thread_name(run.self->id),
                thread_name(first_of(waiters_of(c))));
    memory_wrote((uintptr_t)object, sizeof *object);
    c->is_destroyed = 1;
    return 0;
}

static int wait_for(
        op *begin, mutex *m, const struct timespec *limit, clockid_t clock)
{
    thread *t = run.self;
    condition *c = (condition *)begin->address;
    must_be_there(begin, "condition variable");
    if (limit != NULL && !has_nanoseconds(limit))
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
    set_waiters(c, waiters_of(c) | ONE(t->id));
    t->waits_since = run.step;

    op wait = *begin;
    wait.kind = OP_WAITING;
    wait.deadline = limit == NULL ? NEVER : virtual_time(limit, clock);
    step(&wait); /* a signal makes an OP_LOCK of it */
    int result = 0;
    if (wait.kind == OP_WAITING) {
        set_waiters(c, waiters_of(c) & ~ONE(t->id));
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
    return wait_for(&o, (mutex *)m, NULL, 0);
}

int explored_pthread_cond_timedwait(pthread_cond_t *object, pthread_mutex_t *m,
        const struct timespec *limit)
{
    op o = CALL(OP_WAIT, object);
    return wait_for(&o, (mutex *)m, limit, ((condition *)object)->clock);
}

int explored_pthread_cond_clockwait(pthread_cond_t *object, pthread_mutex_t *m,
        clockid_t clock, const struct timespec *limit)
{
    op o = CALL(OP_WAIT, object);
    return wait_for(&o, (mutex *)m, limit, clock);
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
    run.changed |= ONE(id);
}

static void signal_some(condition *c, set chosen)
{
    memory_wrote((uintptr_t)c, sizeof *c);
    if (chosen == 0)
        c->early = run.step;
    else
        c->early = 0;
    set_waiters(c, waiters_of(c) & ~chosen);
    for (; chosen != 0; chosen &= chosen - 1)
        wake(first_of(chosen));
}

int explored_pthread_cond_signal(pthread_cond_t *object)
{
    op o = CALL(OP_SIGNAL, object);
    condition *c = (condition *)object;
    use(&o, &c->is_destroyed, "condition variable");
    set waiting = waiters_of(c);
    for (int i = 0; i < o.way; i++)
        waiting &= waiting - 1;
    signal_some(c, waiting & -waiting);
    return 0;
}

int explored_pthread_cond_broadcast(pthread_cond_t *object)
{
    op o = CALL(OP_BROADCAST, object);
    condition *c = (condition *)object;
    use(&o, &c->is_destroyed, "condition variable");
    signal_some(c, waiters_of(c));
    return 0;
}
