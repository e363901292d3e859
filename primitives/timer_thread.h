/**
 * @file
 * @brief The library's own: the one thread that serves all timers.
 */
#ifndef LOCKSTEP_TIMER_THREAD_H
#define LOCKSTEP_TIMER_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "timer.h"

/**
 * @defgroup timer_thread The timers' thread
 * @brief The library's own: the one thread that serves all timers.
 *
 * All are called with #sync_timer_mutex held, except sync_timer_thread_enter(),
 * sync_timer_thread_leave() and sync_timer_time().
 * @{
 */

/** Where a timer is that has no place in the heap. */
#define SYNC_TIMER_NOT_PENDING SIZE_MAX

/** @brief Guards the heap, and the fields of all timers. */
extern pthread_mutex_t sync_timer_mutex;

/** @brief A timer that somebody joins has become idle: neither pending nor
 * running. */
extern pthread_cond_t sync_timer_idle;

/** @brief Counts one timer in, which may be put into the heap from now on; the
 * first starts the thread. Gives 0, ENOMEM or EAGAIN. */
int sync_timer_thread_enter(void);

/** @brief Counts one timer out; the last ends the thread. */
void sync_timer_thread_leave(void);

/** @brief Whether the caller runs on the timers' thread. */
bool sync_timer_thread_is_caller(void);

/** @brief Makes the timer pending, due at that time. */
void sync_timer_put(sync_timer *timer, uint64_t due);

/** @brief Makes the timer not pending, if it is. */
void sync_timer_take(sync_timer *timer);

/** @brief The time so many milliseconds from now: nanoseconds of
 * CLOCK_MONOTONIC, or UINT64_MAX if they do not fit. */
uint64_t sync_timer_time(long ms);

/** @brief Whether the timer is neither pending nor running. */
bool sync_timer_is_idle(const sync_timer *timer);

/** @brief Wakes who joins the timer, if it is idle. */
void sync_timer_tell_joiners(const sync_timer *timer);

/** @} */

#endif
