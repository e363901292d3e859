/*
 * Attributes: those that change what an object does are kept in the attribute's
 * first words; values that are not modelled are refused; others make no
 * difference here.
 */
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

static void must_be(bool is_modelled, const char *call, const char *what)
{
    if (!is_modelled)
        refuse("%s: %s are not modelled", call, what);
}

/* There is one process, so it makes no difference: fork and shared memory are
 * refused. */
static int check_shared(int shared)
{
    return shared == PTHREAD_PROCESS_PRIVATE || shared == PTHREAD_PROCESS_SHARED
                   ? 0
                   : EINVAL;
}

/* --- Threads ---------------------------------------------------------------*/

int explored_pthread_attr_init(pthread_attr_t *attr)
{
    memset(attr, 0, sizeof *attr);
    *(thread_attributes *)attr =
            (thread_attributes){.stack_size = (size_t)1 << 20};
    return 0;
}

int explored_pthread_attr_destroy(pthread_attr_t *attr)
{
    (void)attr;
    return 0;
}

int explored_pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
    if (state != PTHREAD_CREATE_DETACHED && state != PTHREAD_CREATE_JOINABLE)
        return EINVAL;
    ((thread_attributes *)attr)->is_detached = state == PTHREAD_CREATE_DETACHED;
    return 0;
}

int explored_pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state)
{
    *state = ((const thread_attributes *)attr)->is_detached
                     ? PTHREAD_CREATE_DETACHED
                     : PTHREAD_CREATE_JOINABLE;
    return 0;
}

int explored_pthread_attr_setstacksize(pthread_attr_t *attr, size_t size)
{
    if (size < (size_t)PTHREAD_STACK_MIN)
        return EINVAL;
    ((thread_attributes *)attr)->stack_size = size;
    return 0;
}

int explored_pthread_attr_getstacksize(const pthread_attr_t *attr, size_t *size)
{
    *size = ((const thread_attributes *)attr)->stack_size;
    return 0;
}

int explored_pthread_attr_setguardsize(pthread_attr_t *attr, size_t size)
{
    (void)attr;
    (void)size;
    return 0;
}

int explored_pthread_attr_getguardsize(const pthread_attr_t *attr, size_t *size)
{
    (void)attr;
    *size = 4096;
    return 0;
}

int explored_pthread_attr_setscope(pthread_attr_t *attr, int scope)
{
    (void)attr;
    return scope == PTHREAD_SCOPE_SYSTEM ? 0 : ENOTSUP;
}

int explored_pthread_attr_getscope(const pthread_attr_t *attr, int *scope)
{
    (void)attr;
    *scope = PTHREAD_SCOPE_SYSTEM;
    return 0;
}

int explored_pthread_attr_setinheritsched(pthread_attr_t *attr, int inherit)
{
    (void)attr;
    (void)inherit; /* all threads have the same policy and priority */
    return 0;
}

int explored_pthread_attr_setschedpolicy(pthread_attr_t *attr, int policy)
{
    (void)attr;
    must_be(policy == SCHED_OTHER, "pthread_attr_setschedpolicy", "priorities");
    return 0;
}

int explored_pthread_attr_getschedpolicy(const pthread_attr_t *attr, int *to)
{
    (void)attr;
    *to = SCHED_OTHER;
    return 0;
}

int explored_pthread_attr_setschedparam(
        pthread_attr_t *attr, const struct sched_param *parameters)
{
    (void)attr;
    must_be(parameters->sched_priority == 0, "pthread_attr_setschedparam",
            "priorities");
    return 0;
}

int explored_pthread_attr_getschedparam(
        const pthread_attr_t *attr, struct sched_param *parameters)
{
    (void)attr;
    parameters->sched_priority = 0;
    return 0;
}

/* --- Mutexes ---------------------------------------------------------------*/

int explored_pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
    memset(attr, 0, sizeof *attr);
    return 0;
}

int explored_pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
    (void)attr;
    return 0;
}

int explored_pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type)
{
    if (type != PTHREAD_MUTEX_NORMAL && type != PTHREAD_MUTEX_RECURSIVE &&
            type != PTHREAD_MUTEX_ERRORCHECK &&
            type != PTHREAD_MUTEX_ADAPTIVE_NP)
        return EINVAL;
    *(int *)attr =
            type == PTHREAD_MUTEX_ADAPTIVE_NP ? PTHREAD_MUTEX_NORMAL : type;
    return 0;
}

int explored_pthread_mutexattr_gettype(
        const pthread_mutexattr_t *attr, int *type)
{
    *type = *(const int *)attr;
    return 0;
}

int explored_pthread_mutexattr_setpshared(pthread_mutexattr_t *attr, int shared)
{
    (void)attr;
    return check_shared(shared);
}

int explored_pthread_mutexattr_setrobust(pthread_mutexattr_t *attr, int robust)
{
    (void)attr;
    must_be(robust == PTHREAD_MUTEX_STALLED, "pthread_mutexattr_setrobust",
            "robust mutexes");
    return 0;
}

int explored_pthread_mutexattr_setprotocol(
        pthread_mutexattr_t *attr, int protocol)
{
    (void)attr;
    must_be(protocol == PTHREAD_PRIO_NONE, "pthread_mutexattr_setprotocol",
            "priorities");
    return 0;
}

/* --- Condition variables ---------------------------------------------------*/

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
    *(clockid_t *)attr = clock;
    return 0;
}

int explored_pthread_condattr_getclock(
        const pthread_condattr_t *attr, clockid_t *clock)
{
    *clock = *(const clockid_t *)attr;
    return 0;
}

int explored_pthread_condattr_setpshared(pthread_condattr_t *attr, int shared)
{
    (void)attr;
    return check_shared(shared);
}

/* --- Read-write locks and barriers -----------------------------------------*/

int explored_pthread_rwlockattr_init(pthread_rwlockattr_t *attr)
{
    memset(attr, 0, sizeof *attr);
    return 0;
}

int explored_pthread_rwlockattr_destroy(pthread_rwlockattr_t *attr)
{
    (void)attr;
    return 0;
}

int explored_pthread_rwlockattr_setkind_np(pthread_rwlockattr_t *attr, int kind)
{
    if (kind < PTHREAD_RWLOCK_PREFER_READER_NP ||
            kind > PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
        return EINVAL;
    *(int *)attr = kind;
    return 0;
}

int explored_pthread_rwlockattr_getkind_np(
        const pthread_rwlockattr_t *attr, int *kind)
{
    *kind = *(const int *)attr;
    return 0;
}

int explored_pthread_rwlockattr_setpshared(
        pthread_rwlockattr_t *attr, int shared)
{
    (void)attr;
    return check_shared(shared);
}

int explored_pthread_barrierattr_init(pthread_barrierattr_t *attr)
{
    memset(attr, 0, sizeof *attr);
    return 0;
}

int explored_pthread_barrierattr_destroy(pthread_barrierattr_t *attr)
{
    (void)attr;
    return 0;
}

int explored_pthread_barrierattr_setpshared(
        pthread_barrierattr_t *attr, int shared)
{
    (void)attr;
    return check_shared(shared);
}
