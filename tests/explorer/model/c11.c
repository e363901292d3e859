/*
 * C11's threads: <threads.h> in the terms of POSIX. In glibc its objects are
 * those of POSIX by another name.
 */
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <pthread.h>
#include <threads.h>

_Static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t), "mtx_t");
_Static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "cnd_t");

static int result_of(int error)
{
    switch (error) {
    case 0:
        return thrd_success;
    case EBUSY:
        return thrd_busy;
    case ETIMEDOUT:
        return thrd_timedout;
    case ENOMEM:
        return thrd_nomem;
    default:
        return thrd_error;
    }
}

/* --- Threads ---------------------------------------------------------------*/

/* Its result is an int; the model, which begins it, knows that from the flag,
 * and calls it as what it is. */
int explored_thrd_create(thrd_t *handle, thrd_start_t body, void *arg)
{
    op o = CALL(OP_CREATE, body);
    o.is_c11 = true;
    create_thread(&o, handle, (void *(*)(void *))(void (*)(void))body, arg);
    return thrd_success;
}

int explored_thrd_join(thrd_t handle, int *result)
{
    op o = CALL(OP_JOIN, NULL);
    void *value;
    int error = join_thread(&o, handle, NULL);
    if (error != 0 || result == NULL)
        return result_of(error);
    value = threads[o.value].result;
    store(&o, result, sizeof *result);
    *result = (int)(intptr_t)value;
    return thrd_success;
}

int explored_thrd_detach(thrd_t handle)
{
    op o = CALL(OP_DETACH, NULL);
    detach_thread(&o, handle);
    return thrd_success;
}

void explored_thrd_exit(int result)
{
    exit_thread((void *)(intptr_t)result);
}

thrd_t explored_thrd_current(void)
{
    return (thrd_t)me();
}

int explored_thrd_equal(thrd_t a, thrd_t b)
{
    return a == b;
}

void explored_thrd_yield(void)
{
    op o = CALL(OP_YIELD, NULL);
    step(&o);
}

int explored_thrd_sleep(const struct timespec *t, struct timespec *rest)
{
    op o = CALL(OP_DEADLINE, NULL);
    (void)rest;
    return sleep_for_span(&o, t) == 0 ? 0 : -2;
}

/* --- Mutexes ---------------------------------------------------------------*/

int explored_mtx_init(mtx_t *object, int type)
{
    op o = CALL(OP_INIT, object);
    if ((type & ~(mtx_timed | mtx_recursive)) != 0)
        return thrd_error;
    init_mutex(&o, type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE
                                        : PTHREAD_MUTEX_NORMAL);
    return thrd_success;
}

void explored_mtx_destroy(mtx_t *object)
{
    op o = CALL(OP_DESTROY, object);
    destroy_mutex(&o);
}

int explored_mtx_lock(mtx_t *object)
{
    op o = CALL(OP_LOCK, object);
    return result_of(lock_mutex(&o));
}

int explored_mtx_trylock(mtx_t *object)
{
    op o = CALL(OP_TRYLOCK, object);
    return result_of(try_lock_mutex(&o));
}

int explored_mtx_timedlock(mtx_t *object, const struct timespec *limit)
{
    op o = CALL(OP_LOCK, object);
    return result_of(lock_mutex_until(&o, limit, CLOCK_REALTIME));
}

int explored_mtx_unlock(mtx_t *object)
{
    op o = CALL(OP_UNLOCK, object);
    return result_of(unlock_mutex(&o));
}

/* --- Condition variables ---------------------------------------------------*/

int explored_cnd_init(cnd_t *object)
{
    op o = CALL(OP_INIT, object);
    init_condition(&o, CLOCK_REALTIME);
    return thrd_success;
}

void explored_cnd_destroy(cnd_t *object)
{
    op o = CALL(OP_DESTROY, object);
    destroy_condition(&o);
}

int explored_cnd_wait(cnd_t *object, mtx_t *m)
{
    op o = CALL(OP_WAIT, object);
    return result_of(wait_for_condition(&o, (mutex *)m, NULL, 0));
}

int explored_cnd_timedwait(
        cnd_t *object, mtx_t *m, const struct timespec *limit)
{
    op o = CALL(OP_WAIT, object);
    return result_of(wait_for_condition(&o, (mutex *)m, limit, CLOCK_REALTIME));
}

int explored_cnd_signal(cnd_t *object)
{
    op o = CALL(OP_SIGNAL, object);
    signal_condition(&o);
    return thrd_success;
}

int explored_cnd_broadcast(cnd_t *object)
{
    op o = CALL(OP_BROADCAST, object);
    signal_condition(&o);
    return thrd_success;
}
