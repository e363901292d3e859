/**
 * @file
 * @brief Condition: wait until something about shared data has become true.
 *
 * A condition belongs to a lock, and the lock to some data. A thread that holds
 * the lock and finds the data not as it needs them waits: the lock is given up
 * and the thread sleeps, in one step, so that nobody can change the data and
 * notify in between. Who changes the data notifies. A thread that was woken has
 * the lock again, but the data may have been changed once more by then, and
 * wakeups without a reason happen. So look again, in a loop:
 *
 *     sync_lock_acquire(&lock);
 *     while (count == 0)
 *         sync_condition_wait(&not_empty);
 *     count -= 1;
 *     sync_lock_release(&lock);
 *
 * sync_condition_wait_for() is that loop. Several conditions may share one
 * lock; give each predicate its own, and name the condition after it.
 *
 * A condition remembers nothing: a notification while nobody waits is lost. The
 * data must say what has happened.
 *
 * After a fork the child must not use a condition that other threads were
 * using. Thread cancellation is not supported.
 *
 * A condition orders nothing by itself; its lock does.
 *
 * Source of the idea: Hoare, "Monitors: an operating system structuring
 * concept", 1974; Lampson & Redell, "Experience with processes and monitors in
 * Mesa", 1980, for waking as a hint and the loop around it; Python's
 * `threading.Condition`.
 */
#ifndef LOCKSTEP_CONDITION_H
#define LOCKSTEP_CONDITION_H

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "lock.h"

/**
 * @defgroup condition Condition
 * @brief Wait until something about shared data has become true.
 * @{
 */

/** @brief A condition. The fields are private; they are here to be read. */
typedef struct sync_condition {
    sync_lock *lock;          /* whose data the condition is about */
    pthread_cond_t notified;  /* a waiter is to look again */
    _Atomic unsigned waiters; /* in a wait; changed with the lock held */
} sync_condition;

/**
 * @brief Makes a condition that belongs to the lock.
 *
 * @param condition the condition
 * @param lock      the lock; it must outlive the condition
 * @retval 0      done
 * @retval ENOMEM,EAGAIN the system had no resources; there is no condition
 */
int sync_condition_init(sync_condition *condition, sync_lock *lock);

/**
 * @brief Ends the condition. Nobody may use it afterwards; the lock lives on.
 *
 * The caller need not hold the lock. A thread in sync_condition_wait_for() that
 * is looking at its predicate is not seen; there must be none.
 *
 * @retval 0     done
 * @retval EBUSY a thread is waiting, or was woken and has not got the lock back
 *               yet; nothing is changed
 */
int sync_condition_destroy(sync_condition *condition);

/**
 * @brief Gives up the lock, waits for a notification, and takes the lock again.
 *
 * Giving up and falling asleep are one step to whoever holds the lock: a
 * notification that comes after it is not missed. It may return without any, so
 * call it in a loop.
 *
 * @retval 0     the caller may have been notified, and holds the lock
 * @retval EPERM the caller does not hold the lock; it has not waited
 */
int sync_condition_wait(sync_condition *condition);

/**
 * @brief Does the same, but waits no longer than until the deadline.
 *
 * @param condition the condition
 * @param deadline  an absolute time of CLOCK_MONOTONIC; NULL means for ever
 * @retval 0         the caller may have been notified, and holds the lock
 * @retval EINVAL    the deadline's nanoseconds are out of range
 * @retval EPERM     the caller does not hold the lock
 * @retval ETIMEDOUT the deadline passed; the caller holds the lock all the same
 */
int sync_condition_wait_until(
        sync_condition *condition, const struct timespec *deadline);

/**
 * @brief Waits until the predicate is true.
 *
 * The predicate is called by the calling thread, with the lock held: before any
 * waiting, whenever the thread has woken, and once more when the deadline has
 * passed. It must not give the lock up.
 *
 * @param condition the condition
 * @param predicate tells whether there is nothing left to wait for
 * @param arg       handed to the predicate
 * @param deadline  an absolute time of CLOCK_MONOTONIC; NULL means for ever
 * @retval 0         the predicate is true, and the caller holds the lock
 * @retval EINVAL    the deadline's nanoseconds are out of range
 * @retval EPERM     the caller does not hold the lock
 * @retval ETIMEDOUT the deadline passed and the predicate is false; the caller
 *                   holds the lock all the same
 */
int sync_condition_wait_for(sync_condition *condition,
        bool (*predicate)(void *), void *arg, const struct timespec *deadline);

/**
 * @brief Wakes one waiter, if there is any.
 *
 * It goes on when the caller has released the lock.
 *
 * @retval 0     done
 * @retval EPERM the caller does not hold the lock
 */
int sync_condition_notify(sync_condition *condition);

/**
 * @brief Wakes `n` waiters, or all if there are fewer.
 *
 * @param condition the condition
 * @param n         threads; 0 wakes nobody
 * @retval 0     done
 * @retval EPERM the caller does not hold the lock
 */
int sync_condition_notify_many(sync_condition *condition, unsigned n);

/**
 * @brief Wakes all waiters.
 *
 * @retval 0     done
 * @retval EPERM the caller does not hold the lock
 */
int sync_condition_notify_all(sync_condition *condition);

/** @} */

#endif
