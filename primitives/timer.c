/*
 * What a timer is; timer_thread.c has the thread that serves them all.
 *
 * A timer is pending, while it has a place in the heap; running, while its
 * callback is being called; both, if it was started again meanwhile; or idle.
 * `has_run` remembers, for an idle one, whether it became so by running.
 */
#include "primitives/timer.h"

#include <errno.h>

#include "primitives/must.h"
#include "primitives/timer_thread.h"

enum { NS_PER_MS = 1000000 };

int sync_timer_init(sync_timer *timer, void (*callback)(void *), void *arg)
{
    if (callback == NULL)
        return EINVAL;
    *timer = (sync_timer){
            .callback = callback, .arg = arg, .place = SYNC_TIMER_NOT_PENDING};
    return sync_timer_thread_enter();
}

int sync_timer_destroy(sync_timer *timer)
{
    MUST(pthread_mutex_lock(&sync_timer_mutex));
    bool busy = sync_timer_thread_is_caller() || timer->joiners > 0 ||
                !sync_timer_is_idle(timer);
    MUST(pthread_mutex_unlock(&sync_timer_mutex));
    if (busy)
        return EBUSY;
    sync_timer_thread_leave();
    return 0;
}

static void start(sync_timer *timer, uint64_t due, uint64_t period)
{
    MUST(pthread_mutex_lock(&sync_timer_mutex));
    sync_timer_take(timer);
    timer->period = period;
    timer->has_run = false;
    sync_timer_put(timer, due);
    MUST(pthread_mutex_unlock(&sync_timer_mutex));
}

int sync_timer_start(sync_timer *timer, long delay_ms)
{
    if (delay_ms < 0)
        return EINVAL;
    start(timer, sync_timer_time(delay_ms), 0);
    return 0;
}

int sync_timer_start_periodic(sync_timer *timer, long period_ms)
{
    if (period_ms <= 0)
        return EINVAL;
    uint64_t period = (uint64_t)period_ms;
    period = period < UINT64_MAX / NS_PER_MS ? period * NS_PER_MS : UINT64_MAX;
    start(timer, sync_timer_time(period_ms), period);
    return 0;
}

int sync_timer_cancel(sync_timer *timer)
{
    MUST(pthread_mutex_lock(&sync_timer_mutex));
    bool pending = timer->place != SYNC_TIMER_NOT_PENDING;
    bool late = timer->running || (timer->has_run && !pending);
    sync_timer_take(timer);
    timer->period = 0;
    timer->has_run = late;
    sync_timer_tell_joiners(timer);
    MUST(pthread_mutex_unlock(&sync_timer_mutex));
    return late ? EALREADY : 0;
}

int sync_timer_join(sync_timer *timer)
{
    MUST(pthread_mutex_lock(&sync_timer_mutex));
    bool inside = sync_timer_thread_is_caller();
    timer->joiners++;
    while (!inside && !sync_timer_is_idle(timer))
        MUST(pthread_cond_wait(&sync_timer_idle, &sync_timer_mutex));
    timer->joiners--;
    MUST(pthread_mutex_unlock(&sync_timer_mutex));
    return inside ? EDEADLK : 0;
}
