/**
 * @file
 * @brief RLock: a lock that its holder may acquire again.
 *
 * With a plain lock, a function that acquires it cannot call another one that
 * does: it would wait for itself. A reentrant lock counts instead. The holder
 * may acquire it again at once, and it becomes free when every acquire has had
 * its release.
 *
 * It is a convenience with a price. Who has just acquired a plain lock finds
 * the data behind it in order. After an inner acquire that cannot be said: the
 * outer section may be in the middle of a change. Where the functions can be
 * split into outer ones that lock and inner ones that do not, that is the
 * better way.
 *
 * What is said of locks goes for rlocks: they are owned and not fair; a thread
 * must not end while it holds one; after a fork the child may use one only if
 * the forking thread held it, or nobody did; thread cancellation is not
 * supported.
 *
 * Source of the idea: the recursive mutex of POSIX; Python's `threading.RLock`.
 */
#ifndef LOCKSTEP_RLOCK_H
#define LOCKSTEP_RLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

/**
 * @defgroup rlock RLock
 * @brief A lock that its holder may acquire again.
 * @{
 */

/** @brief A reentrant lock. The fields are private; they are here to be read.
 */
typedef struct sync_rlock {
    pthread_mutex_t mutex;    /* locked while a thread holds the lock */
    _Atomic(pthread_t) owner; /* the holder, or 0; only the holder writes it */
    unsigned depth;           /* acquires less releases; the holder's alone */
} sync_rlock;

/**
 * @brief Makes a reentrant lock that nobody holds.
 *
 * @retval 0      done
 * @retval ENOMEM,EAGAIN the system could not make a mutex; there is no lock
 */
int sync_rlock_init(sync_rlock *lock);

/**
 * @brief Ends the lock. Nobody may use it afterwards.
 *
 * A thread that waits for the lock, at a moment when nobody holds it, is not
 * seen; there must be none.
 *
 * @retval 0     done
 * @retval EBUSY a thread holds the lock, perhaps the caller; nothing is changed
 */
int sync_rlock_destroy(sync_rlock *lock);

/**
 * @brief Waits until the lock is free or the caller's own, and takes it once
 * more.
 *
 * The release that frees the lock happens-before the acquire that follows it.
 *
 * @retval 0      the caller holds the lock, and owes one more release
 * @retval EAGAIN the caller holds it UINT_MAX times already; nothing is changed
 */
int sync_rlock_acquire(sync_rlock *lock);

/**
 * @brief Takes the lock if it is free or the caller's own. Never waits.
 *
 * @retval 0      the caller holds the lock, and owes one more release
 * @retval EBUSY  another thread holds it
 * @retval EAGAIN the caller holds it UINT_MAX times already
 */
int sync_rlock_try_acquire(sync_rlock *lock);

/**
 * @brief Waits until the lock is free or the caller's own, but no longer than
 * until the deadline.
 *
 * @param lock     the lock
 * @param deadline an absolute time of CLOCK_MONOTONIC; NULL means for ever. A
 *                 lock that can be had is taken even if the deadline has
 *                 passed.
 * @retval 0         the caller holds the lock, and owes one more release
 * @retval EINVAL    the deadline's nanoseconds are out of range
 * @retval EAGAIN    the caller holds it UINT_MAX times already
 * @retval ETIMEDOUT the deadline passed, and the caller does not hold the lock
 */
int sync_rlock_acquire_until(sync_rlock *lock, const struct timespec *deadline);

/**
 * @brief Takes one acquire back; the last one frees the lock.
 *
 * When the lock has become free, another thread that has acquired and released
 * it may destroy it: this call does not touch it any more, even if it has not
 * returned yet.
 *
 * @retval 0     done
 * @retval EPERM the caller does not hold the lock; nothing is changed
 */
int sync_rlock_release(sync_rlock *lock);

/**
 * @brief Tells whether any thread holds the lock.
 *
 * A snapshot: it may be out of date before the caller looks at it, and orders
 * nothing.
 */
bool sync_rlock_is_held(const sync_rlock *lock);

/**
 * @brief Tells how many releases the calling thread owes.
 *
 * @return the caller's acquires that have not been released; 0 if it does not
 *         hold the lock. The answer is exact: nobody else can change it.
 */
unsigned sync_rlock_depth(const sync_rlock *lock);

/** @} */

#endif
