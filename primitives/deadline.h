/**
 * @file
 * @brief Deadlines: points in time on the monotonic clock.
 *
 * Every operation of this library that can wait has a form `x_until` that takes
 * an absolute deadline. A deadline is computed once and passed down unchanged:
 * however often the wait is interrupted and resumed, the limit stays the same.
 * A relative limit, handed to a loop, would start anew with each turn.
 *
 * Deadlines are measured by CLOCK_MONOTONIC, which nobody can set: a wait is
 * not cut short or drawn out when the time of day is corrected. A deadline of
 * NULL means for ever. One whose nanoseconds are not within 0 to 999,999,999 is
 * answered by EINVAL before anything else is looked at; after that, what is
 * available is taken even if the deadline has passed.
 *
 * Source of the idea: the POSIX rationale for pthread_cond_timedwait, which
 * takes an absolute time for this reason; nsync's note of the same kind.
 */
#ifndef LOCKSTEP_DEADLINE_H
#define LOCKSTEP_DEADLINE_H

#include <pthread.h>
#include <stddef.h>
#include <time.h>

/**
 * @defgroup deadline Deadline
 * @brief Points in time on the monotonic clock.
 * @{
 */

/**
 * @brief Gives the deadline that many milliseconds from now.
 *
 * @param ms milliseconds; negative values give a time in the past. What would
 *           not fit saturates: at time 0, or at the last time that fits.
 * @return the deadline, a time of CLOCK_MONOTONIC. It cannot fail, and may be
 *         called by any thread.
 */
struct timespec sync_deadline_after_ms(long ms);

/** @} */

/**
 * @defgroup waiting How the modules wait
 * @brief The library's own: what is done with deadlines, in one place.
 *
 * These are for the modules; a program has no need of them.
 * @{
 */

/** @brief EINVAL if the nanoseconds are out of range, else 0; NULL is fine. */
int sync_deadline_check(const struct timespec *deadline);

/** @brief Locks the mutex: 0, or ETIMEDOUT. The deadline has been checked. */
int sync_mutex_lock_until(
        pthread_mutex_t *mutex, const struct timespec *deadline);

/** @brief Ends a mutex that nobody holds, or waits for, or will. */
void sync_mutex_destroy(pthread_mutex_t *mutex);

/** @brief Makes a condition variable whose deadlines are monotonic: 0, or the
 * error of pthread_cond_init. */
int sync_cond_init(pthread_cond_t *cond);

/** @brief Makes a mutex and `n` condition variables for it: all, and 0, or
 * none, and the error of the one that could not be made. */
int sync_monitor_init(
        pthread_mutex_t *mutex, pthread_cond_t *const conds[], size_t n);

/** @brief Ends the mutex and its `n` condition variables; nobody uses them. */
void sync_monitor_destroy(
        pthread_mutex_t *mutex, pthread_cond_t *const conds[], size_t n);

/** @brief Waits as pthread_cond_wait does: 0 (perhaps spuriously), or
 * ETIMEDOUT. The deadline has been checked. */
int sync_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex,
        const struct timespec *deadline);

/** @} */

#endif
