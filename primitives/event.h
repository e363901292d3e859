/**
 * @file
 * @brief Event: something has happened, and stays happened.
 *
 * An event is a flag that threads can wait for. Once it is set, it lets through
 * whoever waits and whoever comes later, until it is cleared. Because it
 * remembers, it does not matter whether the waiter or the setter comes first;
 * a bare condition variable, signalled while nobody waits, forgets.
 *
 * Clearing is for starting over, and wants care: between a set and a clear only
 * those are sure to be let through who were waiting already. Where each round
 * must reach everyone, use one event a round, or a barrier.
 *
 * After a fork the child must not use an event that other threads were using.
 * Thread cancellation is not supported.
 *
 * Source of the idea: Python's `threading.Event`; the manual-reset event of
 * Windows; Linux's completions, for the promise that the waiter may throw the
 * event away as soon as it has been let through.
 */
#ifndef LOCKSTEP_EVENT_H
#define LOCKSTEP_EVENT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/**
 * @defgroup event Event
 * @brief Something has happened, and stays happened.
 * @{
 */

/** @brief An event. The fields are private; they are here to be read. */
typedef struct sync_event {
    _Atomic uint64_t state; /* twice the number of sleepers, plus 1 if it is
                               set; the rules for it stand in event.c */
    pthread_mutex_t mutex;  /* guards the number of sleepers, and `rounds` */
    pthread_cond_t is_set;  /* the event was set: `rounds` has changed */
    uint64_t rounds;        /* how often it was set while threads slept */
} sync_event;

/**
 * @brief Makes an event that is not set.
 *
 * @retval 0      done
 * @retval ENOMEM,EAGAIN the system had no resources; there is no event
 */
int sync_event_init(sync_event *event);

/**
 * @brief Ends the event. Nobody may use it afterwards.
 *
 * @retval 0     done
 * @retval EBUSY a thread is waiting, or has waited and has not returned yet;
 *               nothing is changed
 */
int sync_event_destroy(sync_event *event);

/**
 * @brief Sets the event, and releases all who wait for it.
 *
 * Every thread that was waiting at this moment is released, even if the event
 * is cleared at once. To set an event that is set changes nothing. A waiter
 * that has been let through may destroy the event, if no other thread needs it:
 * either this call does not touch it any more, or destroy waits until then.
 *
 * @retval 0 done
 */
int sync_event_set(sync_event *event);

/**
 * @brief Makes the event not set: who comes now has to wait.
 *
 * @retval 0 done
 */
int sync_event_clear(sync_event *event);

/**
 * @brief Tells whether the event is set.
 *
 * A snapshot: another thread may set or clear the event before the caller looks
 * at the answer. If it is true, every earlier set happens-before the return.
 */
bool sync_event_is_set(const sync_event *event);

/**
 * @brief Waits until the event is set; returns at once if it is.
 *
 * The set that lets it through happens-before the return.
 *
 * @retval 0 the event was set
 */
int sync_event_wait(sync_event *event);

/**
 * @brief Waits until the event is set, but no longer than until the deadline.
 *
 * @param event    the event
 * @param deadline an absolute time of CLOCK_MONOTONIC; NULL means for ever. If
 *                 the event is set, a deadline that has passed does not matter.
 * @retval 0         the event was set
 * @retval EINVAL    the deadline's nanoseconds are out of range
 * @retval ETIMEDOUT the deadline passed, and the event was not set
 */
int sync_event_wait_until(sync_event *event, const struct timespec *deadline);

/** @} */

#endif
