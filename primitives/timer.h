/**
 * @file
 * @brief Timer: call a function later, once or again and again.
 *
 * A timer that has been started calls its callback when its time has come. All
 * timers of a program share one thread, which runs the callbacks one after the
 * other; so a callback should be short and should not wait for long, or it
 * holds up the others. The thread lives from the first timer's init to the last
 * one's destroy, and takes no signals.
 *
 * To stop a timer has two halves. sync_timer_cancel() makes sure that it does
 * not begin any more, but its callback may be running at this moment;
 * sync_timer_join() waits until that is over. What the callback uses may be
 * freed after both:
 *
 *     sync_timer_cancel(&timer);
 *     sync_timer_join(&timer);
 *     free(data);
 *
 * Do not join while holding a lock that the callback acquires.
 *
 * A callback may start and cancel timers, its own too, and make new ones. It
 * cannot join or destroy any. Times are those of CLOCK_MONOTONIC; a callback is
 * never early, and late by what the system takes to wake a thread, and by the
 * callbacks that come before it. A forked child has not got the thread: if the
 * parent had a timer, the child can neither use it nor make any. Thread
 * cancellation is not supported.
 *
 * Source of the idea: Varghese & Lauck, "Hashed and hierarchical timing
 * wheels", 1987, whose third scheme this is, deadlines in a heap; Python's
 * `threading.Timer`; del_timer_sync of Linux for the two halves of stopping.
 */
#ifndef LOCKSTEP_TIMER_H
#define LOCKSTEP_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @defgroup timer Timer
 * @brief Call a function later, once or again and again.
 * @{
 */

/** @brief A timer. The fields are private; they are here to be read. */
typedef struct sync_timer {
    void (*callback)(void *); /* these two never change */
    void *arg;                /* handed to it */
    /* What follows is guarded by the mutex that all timers share. */
    uint64_t period;  /* nanoseconds, or 0: it is to run once */
    size_t place;     /* where it is in the heap, if it is pending */
    bool running;     /* its callback is being called */
    bool has_run;     /* its callback has begun since it was started */
    unsigned joiners; /* threads inside join */
} sync_timer;

/**
 * @brief Makes a timer that is not started.
 *
 * The first timer also starts the thread that serves them all.
 *
 * @param timer    the timer
 * @param callback called, on the timers' thread, when the time has come
 * @param arg      handed to the callback
 * @retval 0      done
 * @retval EINVAL `callback` is NULL
 * @retval ENOMEM,EAGAIN the system had no memory, or no thread; there is no
 *                timer
 */
int sync_timer_init(sync_timer *timer, void (*callback)(void *), void *arg);

/**
 * @brief Ends the timer. Nobody may use it afterwards.
 *
 * With the last timer the thread ends, too; it has ended when this returns.
 *
 * @retval 0     done
 * @retval EBUSY the timer is pending or running, or a thread is joining it, or
 *               the caller is a callback, of whatever timer; nothing is changed
 */
int sync_timer_destroy(sync_timer *timer);

/**
 * @brief Has the callback run once, after the delay.
 *
 * A timer that is pending is started anew: it forgets its earlier time. One
 * whose callback is running will run once more. What was done before the start
 * happens-before the callback. To start a timer needs no memory.
 *
 * @param timer    the timer
 * @param delay_ms milliseconds from now; 0 is as soon as possible
 * @retval 0      done
 * @retval EINVAL the delay is negative; nothing is changed
 */
int sync_timer_start(sync_timer *timer, long delay_ms);

/**
 * @brief Has the callback run again and again, first after one period.
 *
 * The times are the start plus 1, 2, 3 and so on periods; that a run is late
 * does not move the later ones. If a run is so late that the next one's time
 * has come as well, the earlier is left out, so that a callback that is too
 * slow for its period does not leave more and more to be done.
 *
 * @param timer     the timer; what was said of sync_timer_start() goes for this
 * @param period_ms milliseconds, at least 1
 * @retval 0      done
 * @retval EINVAL the period is not positive; nothing is changed
 */
int sync_timer_start_periodic(sync_timer *timer, long period_ms);

/**
 * @brief Stops the timer, without waiting for a callback that is running.
 *
 * @retval 0        it will not run any more, and is not running: it was pending
 *                  until now, or cancelled before, or never started
 * @retval EALREADY too late: it has run, for the only time it was to, or is
 *                  running now. It will not run again after that.
 */
int sync_timer_cancel(sync_timer *timer);

/**
 * @brief Waits until the callback is not running and will not run.
 *
 * For a timer that is pending this means to wait for its run, and for a
 * periodic one until somebody cancels it. The end of the callback
 * happens-before the return.
 *
 * @retval 0       done
 * @retval EDEADLK the caller is a callback, of this timer or another, and would
 *                 hold up the thread it waits for
 */
int sync_timer_join(sync_timer *timer);

/** @} */

#endif
