/*
 * Faults made to order. In the copy of the library that the tests are linked
 * with, the calls that take and give back resources have been renamed, from
 * NAME to fault_NAME, and so come here. They count what is held, and fail when
 * they are told to. The calls of everybody else are left alone.
 */
#include "tests/support.h"

#include <stdatomic.h>
#include <stdlib.h>

static atomic_long held;
static _Thread_local unsigned calls_left; /* 0: no fault is armed */
static _Thread_local bool fired;

void fault_arm(unsigned nth)
{
    calls_left = nth;
    fired = false;
}

bool fault_disarm(void)
{
    calls_left = 0;
    return fired;
}

long fault_held(void)
{
    return atomic_load(&held);
}

static const struct timespec *stopped_at;

void fault_stop_clock(const struct timespec *at)
{
    stopped_at = at;
}

static bool fails_now(void)
{
    if (calls_left == 0 || --calls_left > 0)
        return false;
    fired = true;
    return true;
}

void check_faults(int (*make)(void), int (*unmake)(void))
{
    for (unsigned nth = 1;; nth++) {
        long before = fault_held();
        fault_arm(nth);
        int error = make();
        bool failed = fault_disarm();
        int end_error = failed ? 0 : unmake();
        long left_over = fault_held() - before;

        ck_assert_msg(
                left_over == 0, "fault %u: left over: %ld", nth, left_over);
        if (!failed) {
            ck_ok(error);
            ck_ok(end_error);
            ck_assert_uint_gt(nth, 1); /* or it has taken nothing at all */
            return;
        }
        ck_assert_msg(error == ENOMEM || error == EAGAIN,
                "fault %u: the error is %d", nth, error);
    }
}

/* --- What the library calls; the Makefile has the list of the names --- */

#define FAULTY(type, name, ...)                                                \
    type fault_##name(__VA_ARGS__);                                            \
    type fault_##name(__VA_ARGS__)

FAULTY(void, free, void *block)
{
    if (block != NULL)
        atomic_fetch_sub(&held, 1);
    free(block);
}

static void *hold(void *block)
{
    if (block != NULL)
        atomic_fetch_add(&held, 1);
    return block;
}

FAULTY(void *, malloc, size_t size)
{
    return fails_now() ? NULL : hold(malloc(size));
}

FAULTY(void *, calloc, size_t n, size_t size)
{
    return fails_now() ? NULL : hold(calloc(n, size));
}

FAULTY(void *, realloc, void *block, size_t size)
{
    if (fails_now())
        return NULL;
    void *moved = realloc(block, size);
    return block == NULL ? hold(moved) : moved;
}

static int hold_if_made(int error)
{
    if (error == 0)
        atomic_fetch_add(&held, 1);
    return error;
}

static int drop_if_ended(int error)
{
    if (error == 0)
        atomic_fetch_sub(&held, 1);
    return error;
}

FAULTY(int, pthread_mutex_init, pthread_mutex_t *mutex,
        const pthread_mutexattr_t *attr)
{
    if (fails_now())
        return ENOMEM;
    return hold_if_made(pthread_mutex_init(mutex, attr));
}

FAULTY(int, pthread_mutex_destroy, pthread_mutex_t *mutex)
{
    return drop_if_ended(pthread_mutex_destroy(mutex));
}

FAULTY(int, pthread_condattr_init, pthread_condattr_t *attr)
{
    return fails_now() ? ENOMEM : hold_if_made(pthread_condattr_init(attr));
}

FAULTY(int, pthread_condattr_destroy, pthread_condattr_t *attr)
{
    return drop_if_ended(pthread_condattr_destroy(attr));
}

FAULTY(int, pthread_cond_init, pthread_cond_t *cond,
        const pthread_condattr_t *attr)
{
    if (fails_now())
        return ENOMEM;
    return hold_if_made(pthread_cond_init(cond, attr));
}

FAULTY(int, pthread_cond_destroy, pthread_cond_t *cond)
{
    return drop_if_ended(pthread_cond_destroy(cond));
}

FAULTY(int, pthread_key_create, pthread_key_t *key, void (*destructor)(void *))
{
    if (fails_now())
        return EAGAIN;
    return hold_if_made(pthread_key_create(key, destructor));
}

FAULTY(int, pthread_key_delete, pthread_key_t key)
{
    return drop_if_ended(pthread_key_delete(key));
}

FAULTY(int, pthread_setspecific, pthread_key_t key, const void *value)
{
    return fails_now() ? ENOMEM : pthread_setspecific(key, value);
}

FAULTY(int, pthread_create, pthread_t *thread, const pthread_attr_t *attr,
        void *(*body)(void *), void *arg)
{
    if (fails_now())
        return EAGAIN;
    return hold_if_made(pthread_create(thread, attr, body, arg));
}

FAULTY(int, pthread_join, pthread_t thread, void **result)
{
    return drop_if_ended(pthread_join(thread, result));
}

FAULTY(int, clock_gettime, clockid_t clock, struct timespec *at)
{
    if (stopped_at == NULL)
        return clock_gettime(clock, at);
    *at = *stopped_at;
    return 0;
}
