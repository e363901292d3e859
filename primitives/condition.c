/*
 * A pthread condition variable that insists on its lock.
 *
 * Invariant: `waiters` counts the threads that are inside a wait. It changes
 * only with the lock held. It is an atomic so that destroy(), which has no need
 * of the lock, can read it: what it finds there is 0 only when the last waiter
 * has the lock again and is done with the condition. Release order at the last
 * step of a wait, acquire order in destroy().
 */
#include "primitives/condition.h"

#include <errno.h>
#include <stdatomic.h>

#include "primitives/deadline.h"
#include "primitives/must.h"

int sync_condition_init(sync_condition *condition, sync_lock *lock)
{
    int error = sync_cond_init(&condition->notified);
    if (error != 0)
        return error;
    condition->lock = lock;
    atomic_init(&condition->waiters, 0);
    TOOL_ATOMIC(condition->waiters);
    return 0;
}

int sync_condition_destroy(sync_condition *condition)
{
    if (atomic_load_explicit(&condition->waiters, memory_order_acquire) > 0)
        return EBUSY;
    TOOL_ACQUIRE(condition->waiters);
    MUST(pthread_cond_destroy(&condition->notified));
    return 0;
}

static int check(
        const sync_condition *condition, const struct timespec *deadline)
{
    int error = sync_deadline_check(deadline);
    if (error != 0)
        return error;
    return sync_lock_is_mine(condition->lock) ? 0 : EPERM;
}

/* The one wait; the caller has been checked. */
static int sleep_until_notified(
        sync_condition *condition, const struct timespec *deadline)
{
    atomic_fetch_add_explicit(&condition->waiters, 1, memory_order_relaxed);
    int error =
            sync_lock_sleep(condition->lock, &condition->notified, deadline);
    TOOL_RELEASE(condition->waiters);
    atomic_fetch_sub_explicit(&condition->waiters, 1, memory_order_release);
    return error;
}

int sync_condition_wait(sync_condition *condition)
{
    return sync_condition_wait_until(condition, NULL);
}

int sync_condition_wait_until(
        sync_condition *condition, const struct timespec *deadline)
{
    int error = check(condition, deadline);
    return error != 0 ? error : sleep_until_notified(condition, deadline);
}

int sync_condition_wait_for(sync_condition *condition,
        bool (*predicate)(void *), void *arg, const struct timespec *deadline)
{
    int error = check(condition, deadline);
    if (error != 0)
        return error;
    bool done;
    while (!(done = predicate(arg)) && error == 0)
        error = sleep_until_notified(condition, deadline);
    return done ? 0 : error;
}

int sync_condition_notify(sync_condition *condition)
{
    return sync_condition_notify_many(condition, 1);
}

int sync_condition_notify_many(sync_condition *condition, unsigned n)
{
    if (!sync_lock_is_mine(condition->lock))
        return EPERM;
    unsigned waiters =
            atomic_load_explicit(&condition->waiters, memory_order_relaxed);
    if (n >= waiters)
        return sync_condition_notify_all(condition);
    for (; n > 0; n--)
        MUST(pthread_cond_signal(&condition->notified));
    return 0;
}

int sync_condition_notify_all(sync_condition *condition)
{
    if (!sync_lock_is_mine(condition->lock))
        return EPERM;
    MUST(pthread_cond_broadcast(&condition->notified));
    return 0;
}
