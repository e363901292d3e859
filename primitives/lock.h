/**
 * @file
 * @brief Lock: one thread at a time.
 *
 * A lock protects data: while a thread holds it, no other thread does, so the
 * steps in between look to the others like a single one. One lock belongs to
 * one piece of data, and every access to that data is made with the lock held.
 *
 *     sync_lock_acquire(&lock);
 *     balance += 1;
 *     sync_lock_release(&lock);
 *
 * The lock is owned: it knows its holder, so that two common mistakes are
 * answered instead of hanging or corrupting something: to acquire a lock one
 * holds already (EDEADLK), and to release a lock that one does not hold
 * (EPERM). A thread must not end while it holds a lock.
 *
 * Locks are not fair: a thread that comes along while the lock is free takes
 * it, though others have waited longer. That is what makes them fast. After a
 * fork the child may use a lock only if the forking thread held it, or nobody
 * did. Thread cancellation is not supported.
 *
 * Source of the idea: Dijkstra, "Cooperating sequential processes" (EWD123),
 * 1965, which poses the problem of mutual exclusion; the error-checking mutex
 * of POSIX; Python's `threading.Lock`, from which this one differs in having an
 * owner.
 */
#ifndef LOCKSTEP_LOCK_H
#define LOCKSTEP_LOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

/**
 * @defgroup lock Lock
 * @brief One thread at a time.
 * @{
 */

/** @brief A lock. The fields are private; they are here to be read. */
typedef struct sync_lock {
    pthread_mutex_t mutex;    /* locked while a thread holds the lock */
    _Atomic(pthread_t) owner; /* the holder, or 0; only the holder writes it */
} sync_lock;

/**
 * @brief Makes a lock that nobody holds.
 *
 * @retval 0      done
 * @retval ENOMEM,EAGAIN the system could not make a mutex; there is no lock
 */
int sync_lock_init(sync_lock *lock);

/**
 * @brief Ends the lock. Nobody may use it afterwards.
 *
 * A thread that waits for the lock, at a moment when nobody holds it, is not
 * seen; nor is a condition that belongs to the lock. There must be neither.
 *
 * @retval 0     done
 * @retval EBUSY a thread holds the lock, perhaps the caller; nothing is changed
 */
int sync_lock_destroy(sync_lock *lock);

/**
 * @brief Waits until the lock is free, and takes it.
 *
 * Each release happens-before the acquire that follows it.
 *
 * @retval 0       the caller holds the lock
 * @retval EDEADLK the caller holds it already and would wait for itself
 */
int sync_lock_acquire(sync_lock *lock);

/**
 * @brief Takes the lock if it is free at this moment. Never waits.
 *
 * @retval 0     the caller holds the lock
 * @retval EBUSY a thread holds it, perhaps the caller
 */
int sync_lock_try_acquire(sync_lock *lock);

/**
 * @brief Waits until the lock is free, but no longer than until the deadline.
 *
 * @param lock     the lock
 * @param deadline an absolute time of CLOCK_MONOTONIC; NULL means for ever. A
 *                 free lock is taken even if the deadline has passed.
 * @retval 0         the caller holds the lock
 * @retval EINVAL    the deadline's nanoseconds are out of range
 * @retval EDEADLK   the caller holds it already
 * @retval ETIMEDOUT the deadline passed, and the caller does not hold the lock
 */
int sync_lock_acquire_until(sync_lock *lock, const struct timespec *deadline);

/**
 * @brief Gives the lock back.
 *
 * A thread that waits for it, if there is one, can go on. Once another thread
 * has had the lock and released it, it may destroy it: this call does not touch
 * it any more, even if it has not returned yet.
 *
 * @retval 0     done
 * @retval EPERM the caller does not hold the lock; nothing is changed
 */
int sync_lock_release(sync_lock *lock);

/**
 * @brief Tells whether any thread holds the lock.
 *
 * A snapshot: it may be out of date before the caller looks at it, and orders
 * nothing. It is for display and for tests; to act on it is a race.
 */
bool sync_lock_is_held(const sync_lock *lock);

/**
 * @brief Tells whether the calling thread holds the lock.
 *
 * This answer is exact: nobody else can change it. A function that must be
 * called with the lock held can check it.
 */
bool sync_lock_is_mine(const sync_lock *lock);

/**
 * @brief For the condition module: sleeps on a condition variable, giving the
 * lock up meanwhile.
 *
 * The caller holds the lock, before and after. The deadline has been checked.
 *
 * @retval 0         the caller may have been woken, or not
 * @retval ETIMEDOUT the deadline passed
 */
int sync_lock_sleep(
        sync_lock *lock, pthread_cond_t *cond, const struct timespec *deadline);

/** @} */

#endif
