/*
 * Mutexes of all types. A mutex that can be taken is taken, deadline or not.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>

void init_mutex(op *o, int kind)
{
    step(o);
    must_not_be_freed(o, "mutex");
    mutex *m = (mutex *)o->address;
    if (m->owner != 0 && !m->is_destroyed && m->owner <= MAX_THREADS &&
            m->depth != 0 && m->depth < 1000 && m->mark == MUTEX_MARK)
        fail_and_stop(EXPLORER_MISUSE, "%s initialises a mutex that %s holds",
                thread_name(run.self->id), thread_name((int)m->owner - 1));
    memory_wrote(o->address, sizeof(pthread_mutex_t));
    memset(m, 0, sizeof(pthread_mutex_t));
    m->kind = kind;
}

int explored_pthread_mutex_init(
        pthread_mutex_t *object, const pthread_mutexattr_t *attr)
{
    op o = CALL(OP_INIT, object);
    init_mutex(&o, attr == NULL ? PTHREAD_MUTEX_DEFAULT : *(const int *)attr);
    return 0;
}

void destroy_mutex(op *o)
{
    mutex *m = (mutex *)o->address;
    use(o, &m->is_destroyed, "mutex");
    if (m->owner != 0)
        fail_and_stop(EXPLORER_MISUSE, "%s destroys a mutex that %s holds",
                thread_name(run.self->id), thread_name((int)m->owner - 1));
    memory_wrote((uintptr_t)m, sizeof *m);
    m->is_destroyed = 1;
}

int explored_pthread_mutex_destroy(pthread_mutex_t *object)
{
    op o = CALL(OP_DESTROY, object);
    destroy_mutex(&o);
    return 0;
}

void take_mutex(mutex *m)
{
    memory_wrote((uintptr_t)m, sizeof *m);
    m->owner = me();
    m->depth = 1;
    m->mark = MUTEX_MARK;
    run.self->locks++;
    clock_acquire(run.self, key_of_object((uintptr_t)m));
}

static int take_again(mutex *m, int error)
{
    if (m->kind != PTHREAD_MUTEX_RECURSIVE)
        return error;
    if (m->depth == UINT32_MAX)
        return EAGAIN;
    m->depth++;
    return 0;
}

int lock_mutex(op *o)
{
    mutex *m = (mutex *)o->address;
    use(o, &m->is_destroyed, "mutex");
    if (timed_out(o))
        return ETIMEDOUT;
    if (m->owner == me())
        return take_again(m, EDEADLK);
    take_mutex(m);
    return 0;
}

int explored_pthread_mutex_lock(pthread_mutex_t *object)
{
    op o = CALL(OP_LOCK, object);
    return lock_mutex(&o);
}

int try_lock_mutex(op *o)
{
    mutex *m = (mutex *)o->address;
    use(o, &m->is_destroyed, "mutex");
    if (m->owner == 0) {
        take_mutex(m);
        return 0;
    }
    return m->owner == me() ? take_again(m, EBUSY) : EBUSY;
}

int explored_pthread_mutex_trylock(pthread_mutex_t *object)
{
    op o = CALL(OP_TRYLOCK, object);
    return try_lock_mutex(&o);
}

int lock_mutex_until(op *o, const struct timespec *limit, clockid_t clock)
{
    mutex *m = (mutex *)o->address;
    must_be_there(o, "mutex");
    /* A mutex that can be taken is taken; only who must wait has a limit. */
    op first = *o;
    first.kind = OP_TRYLOCK;
    use(&first, &m->is_destroyed, "mutex");
    if (m->owner == me() && !is_normal(m))
        return take_again(m, EDEADLK);
    if (m->owner == 0) {
        take_mutex(m);
        return 0;
    }
    int error = set_deadline(o, limit, clock);
    return error != 0 ? error : lock_mutex(o);
}

int explored_pthread_mutex_timedlock(
        pthread_mutex_t *object, const struct timespec *limit)
{
    op o = CALL(OP_LOCK, object);
    return lock_mutex_until(&o, limit, CLOCK_REALTIME);
}

int explored_pthread_mutex_clocklock(
        pthread_mutex_t *object, clockid_t clock, const struct timespec *limit)
{
    op o = CALL(OP_LOCK, object);
    return lock_mutex_until(&o, limit, clock);
}

void give_mutex(mutex *m)
{
    memory_wrote((uintptr_t)m, sizeof *m);
    m->owner = 0;
    m->depth = 0;
    run.self->locks--;
    clock_release(run.self, key_of_object((uintptr_t)m), false);
}

int unlock_mutex(op *o)
{
    mutex *m = (mutex *)o->address;
    use(o, &m->is_destroyed, "mutex");
    if (m->owner != me()) {
        if (!is_normal(m))
            return EPERM;
        if (m->owner == 0)
            fail_and_stop(EXPLORER_MISUSE,
                    "%s unlocks a mutex that is not locked",
                    thread_name(run.self->id));
        fail_and_stop(EXPLORER_MISUSE, "%s unlocks a mutex that %s holds",
                thread_name(run.self->id), thread_name((int)m->owner - 1));
    }
    if (m->depth > 1)
        m->depth--;
    else
        give_mutex(m);
    return 0;
}

int explored_pthread_mutex_unlock(pthread_mutex_t *object)
{
    op o = CALL(OP_UNLOCK, object);
    return unlock_mutex(&o);
}
