/*
 * A plain mutex, the name of its holder, and a count. The holder never asks the
 * mutex again: it finds its own name and counts, without a locked instruction.
 *
 * Invariant: `owner` is the thread that holds `mutex`, or 0, and is written
 * only by the holder. Another thread may read an old value, but never its own
 * name, so "is it mine?" is always answered rightly and relaxed order is enough
 * for it. `depth` is touched only by the holder: at least 1 while the mutex is
 * held, 0 otherwise.
 */
#include "primitives/rlock.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>

#include "primitives/deadline.h"
#include "primitives/must.h"
#include "primitives/self.h"

#define NOBODY ((pthread_t)0) /* no thread of Linux has this name */

static void set_owner(sync_rlock *lock, pthread_t thread)
{
    atomic_store_explicit(&lock->owner, thread, memory_order_relaxed);
}

TOOL_PRIVATE static bool is_mine(const sync_rlock *lock)
{
    pthread_t self = sync_self();
    return atomic_load_explicit(&lock->owner, memory_order_relaxed) == self;
}

/* The mutex has just been locked. */
static int enter(sync_rlock *lock)
{
    set_owner(lock, sync_self());
    lock->depth = 1;
    return 0;
}

/* The caller holds the lock already. */
static int enter_again(sync_rlock *lock)
{
    if (lock->depth == UINT_MAX)
        return EAGAIN;
    lock->depth++;
    return 0;
}

int sync_rlock_init(sync_rlock *lock)
{
    int error = pthread_mutex_init(&lock->mutex, NULL);
    if (error != 0)
        return error;
    atomic_init(&lock->owner, NOBODY);
    TOOL_ATOMIC(lock->owner);
    lock->depth = 0;
    return 0;
}

int sync_rlock_destroy(sync_rlock *lock)
{
    if (pthread_mutex_trylock(&lock->mutex) != 0)
        return EBUSY;
    MUST(pthread_mutex_unlock(&lock->mutex));
    sync_mutex_destroy(&lock->mutex);
    return 0;
}

int sync_rlock_acquire(sync_rlock *lock)
{
    if (is_mine(lock))
        return enter_again(lock);
    MUST(pthread_mutex_lock(&lock->mutex));
    return enter(lock);
}

int sync_rlock_try_acquire(sync_rlock *lock)
{
    if (is_mine(lock))
        return enter_again(lock);
    if (pthread_mutex_trylock(&lock->mutex) != 0)
        return EBUSY;
    return enter(lock);
}

int sync_rlock_acquire_until(sync_rlock *lock, const struct timespec *deadline)
{
    int error = sync_deadline_check(deadline);
    if (error != 0)
        return error;
    if (is_mine(lock))
        return enter_again(lock);
    error = sync_mutex_lock_until(&lock->mutex, deadline);
    return error != 0 ? error : enter(lock);
}

int sync_rlock_release(sync_rlock *lock)
{
    if (!is_mine(lock))
        return EPERM;
    if (--lock->depth > 0)
        return 0;
    set_owner(lock, NOBODY);
    return pthread_mutex_unlock(&lock->mutex); /* 0: the caller has it */
}

bool sync_rlock_is_held(const sync_rlock *lock)
{
    return atomic_load_explicit(&lock->owner, memory_order_relaxed) != NOBODY;
}

unsigned sync_rlock_depth(const sync_rlock *lock)
{
    return is_mine(lock) ? lock->depth : 0;
}
