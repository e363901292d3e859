/*
 * A mutex, and beside it the name of its holder.
 *
 * Invariant: `owner` is the thread that holds `mutex`, or 0. It is written only
 * between lock and unlock, so only by the holder. Another thread that reads it
 * may get an old value, but never its own name: that stands there only if the
 * reader itself wrote it and has not erased it since. So "is it mine?" is
 * always answered rightly, and relaxed order is enough for it: the mutex does
 * all the ordering.
 */
#include "primitives/lock.h"

#include <errno.h>
#include <stdatomic.h>

#include "primitives/deadline.h"
#include "primitives/must.h"
#include "primitives/self.h"

#define NOBODY ((pthread_t)0) /* no thread of Linux has this name */

static void set_owner(sync_lock *lock, pthread_t thread)
{
    atomic_store_explicit(&lock->owner, thread, memory_order_relaxed);
}

TOOL_PRIVATE static bool is_mine(const sync_lock *lock)
{
    pthread_t self = sync_self();
    return atomic_load_explicit(&lock->owner, memory_order_relaxed) == self;
}

int sync_lock_init(sync_lock *lock)
{
    int error = pthread_mutex_init(&lock->mutex, NULL);
    if (error != 0)
        return error;
    atomic_init(&lock->owner, NOBODY);
    TOOL_ATOMIC(lock->owner);
    return 0;
}

int sync_lock_destroy(sync_lock *lock)
{
    if (pthread_mutex_trylock(&lock->mutex) != 0)
        return EBUSY;
    MUST(pthread_mutex_unlock(&lock->mutex));
    sync_mutex_destroy(&lock->mutex);
    return 0;
}

int sync_lock_acquire(sync_lock *lock)
{
    if (is_mine(lock))
        return EDEADLK;
    MUST(pthread_mutex_lock(&lock->mutex));
    set_owner(lock, sync_self());
    return 0;
}

int sync_lock_try_acquire(sync_lock *lock)
{
    if (pthread_mutex_trylock(&lock->mutex) != 0)
        return EBUSY;
    set_owner(lock, sync_self());
    return 0;
}

int sync_lock_acquire_until(sync_lock *lock, const struct timespec *deadline)
{
    int error = sync_deadline_check(deadline);
    if (error != 0)
        return error;
    if (is_mine(lock))
        return EDEADLK;
    error = sync_mutex_lock_until(&lock->mutex, deadline);
    if (error == 0)
        set_owner(lock, sync_self());
    return error;
}

int sync_lock_release(sync_lock *lock)
{
    if (!is_mine(lock))
        return EPERM;
    set_owner(lock, NOBODY);
    return pthread_mutex_unlock(&lock->mutex); /* 0: the caller has it */
}

bool sync_lock_is_held(const sync_lock *lock)
{
    return atomic_load_explicit(&lock->owner, memory_order_relaxed) != NOBODY;
}

bool sync_lock_is_mine(const sync_lock *lock)
{
    return is_mine(lock);
}

int sync_lock_sleep(
        sync_lock *lock, pthread_cond_t *cond, const struct timespec *deadline)
{
    set_owner(lock, NOBODY);
    int error = sync_cond_wait_until(cond, &lock->mutex, deadline);
    set_owner(lock, sync_self());
    return error;
}
