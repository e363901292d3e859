/**
 * @file
 * @brief Semaphore: a number of permits.
 *
 * A semaphore holds permits. To acquire is to take one, waiting while there is
 * none; to release is to put one back, or to bring a new one. With one permit
 * it excludes, with n it lets n threads in, and with none at the start it makes
 * a thread wait for another's signal. Nobody owns a permit: whichever thread
 * likes may release.
 *
 * A bounded semaphore has a limit on its permits and answers EOVERFLOW to a
 * release too many, which is nearly always a mistake in the program. It sees
 * the mistake only if the permits are all there at that moment.
 *
 * A permit goes to whoever takes it first, not to who has waited longest. After
 * a fork the child must not use a semaphore that other threads were using.
 * Thread cancellation is not supported.
 *
 * Source of the idea: Dijkstra, "Over de sequentialiteit van
 * procesbeschrijvingen" (EWD35) and "Cooperating sequential processes"
 * (EWD123); Python's `threading.Semaphore` and `BoundedSemaphore`; the
 * releasing of many at a time from Java's.
 */
#ifndef LOCKSTEP_SEMAPHORE_H
#define LOCKSTEP_SEMAPHORE_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

/**
 * @defgroup semaphore Semaphore
 * @brief A number of permits.
 * @{
 */

/** @brief A semaphore. The fields are private; they are here to be read. */
typedef struct sync_semaphore {
    _Atomic uint64_t state; /* sleepers in the upper half, permits in the lower;
                               the rules for it stand in semaphore.c */
    unsigned limit;         /* never changes */
    pthread_mutex_t mutex;  /* guards the number of sleepers, and their sleep */
    pthread_cond_t nonzero; /* there is a permit */
} sync_semaphore;

/**
 * @brief Makes a semaphore whose permits are limited only by UINT_MAX.
 *
 * @param semaphore the semaphore
 * @param value     permits to begin with
 * @retval 0      done
 * @retval ENOMEM,EAGAIN the system had no resources; there is no semaphore
 */
int sync_semaphore_init(sync_semaphore *semaphore, unsigned value);

/**
 * @brief Makes a semaphore that never has more than `limit` permits.
 *
 * @param semaphore the semaphore
 * @param value     permits to begin with, at most `limit`
 * @param limit     the most permits that it can have
 * @retval 0      done
 * @retval EINVAL the value is over the limit
 * @retval ENOMEM,EAGAIN the system had no resources; there is no semaphore
 */
int sync_semaphore_init_bounded(
        sync_semaphore *semaphore, unsigned value, unsigned limit);

/**
 * @brief Ends the semaphore. Nobody may use it afterwards.
 *
 * @retval 0     done
 * @retval EBUSY a thread waits for a permit, or has waited and has not returned
 *               yet; nothing is changed
 */
int sync_semaphore_destroy(sync_semaphore *semaphore);

/**
 * @brief Waits until there is a permit, and takes it.
 *
 * Each release happens-before the acquires that take its permits, and before
 * those that come later.
 *
 * @retval 0 the caller has a permit
 */
int sync_semaphore_acquire(sync_semaphore *semaphore);

/**
 * @brief Takes a permit if there is one at this moment. Never waits.
 *
 * @retval 0      the caller has a permit
 * @retval EAGAIN there is none
 */
int sync_semaphore_try_acquire(sync_semaphore *semaphore);

/**
 * @brief Waits until there is a permit, but no longer than until the deadline.
 *
 * @param semaphore the semaphore
 * @param deadline  an absolute time of CLOCK_MONOTONIC; NULL means for ever. A
 *                  permit that is there is taken even if the deadline has
 *                  passed.
 * @retval 0         the caller has a permit
 * @retval EINVAL    the deadline's nanoseconds are out of range
 * @retval ETIMEDOUT the deadline passed while there was none
 */
int sync_semaphore_acquire_until(
        sync_semaphore *semaphore, const struct timespec *deadline);

/**
 * @brief Puts one permit in. Any thread may do so.
 *
 * Whoever got the permit may destroy the semaphore, if no other thread needs
 * it: either this call does not touch it any more, or destroy waits until then.
 *
 * @retval 0         done
 * @retval EOVERFLOW there would be more permits than the limit; nothing changes
 */
int sync_semaphore_release(sync_semaphore *semaphore);

/**
 * @brief Puts `n` permits in at once, or none.
 *
 * @param semaphore the semaphore
 * @param n         permits, at least 1
 * @retval 0         done
 * @retval EINVAL    `n` is 0
 * @retval EOVERFLOW there would be more permits than the limit; nothing changes
 */
int sync_semaphore_release_many(sync_semaphore *semaphore, unsigned n);

/**
 * @brief Tells how many permits there are.
 *
 * A snapshot: it may be out of date before the caller looks at it. To act on it
 * is a race; sync_semaphore_try_acquire() is not.
 */
unsigned sync_semaphore_value(const sync_semaphore *semaphore);

/** @} */

#endif
