/*
 * A flag that is read and written by atomic steps; a mutex and a condition
 * variable come in only when a thread has to sleep.
 *
 * `state` holds the flag and the number of threads that sleep or are about to,
 * so that one atomic step sees both. Its rules:
 *
 * 1. The number of sleepers changes only under the mutex.
 * 2. The flag is set without the mutex while nobody sleeps, and under it while
 *    somebody does; then `rounds` counts one up, and the sleepers are woken.
 *    A sleeper goes by `rounds`, so a clear that follows at once does not hold
 *    it back.
 * 3. The flag is cleared without the mutex.
 *
 * Because of rule 2 a waiter may destroy the event as soon as it is through. A
 * set without the mutex is one atomic step, and touches nothing after it. A set
 * under the mutex lets go of it last, and the sleeper that it found has to lock
 * the mutex before it can return.
 *
 * The atomic steps are sequentially consistent. Acquire order would do for the
 * load in wait(), release order for its partner in set().
 */
#include "primitives/event.h"

#include <errno.h>
#include <stdatomic.h>

#include "primitives/deadline.h"
#include "primitives/must.h"

enum { SET = 1, ONE_SLEEPER = 2 };

int sync_event_init(sync_event *event)
{
    pthread_cond_t *const conds[] = {&event->is_set};
    int error = sync_monitor_init(&event->mutex, conds, 1);
    if (error != 0)
        return error;
    atomic_init(&event->state, 0);
    TOOL_ATOMIC(event->state);
    event->rounds = 0;
    return 0;
}

int sync_event_destroy(sync_event *event)
{
    MUST(pthread_mutex_lock(&event->mutex));
    bool busy = atomic_load(&event->state) >= ONE_SLEEPER;
    MUST(pthread_mutex_unlock(&event->mutex));
    if (busy)
        return EBUSY;
    pthread_cond_t *const conds[] = {&event->is_set};
    sync_monitor_destroy(&event->mutex, conds, 1);
    return 0;
}

/* Sets the event under the mutex, unless nobody is left asleep by then. */
static bool set_and_wake(sync_event *event)
{
    MUST(pthread_mutex_lock(&event->mutex));
    bool asleep = atomic_load(&event->state) >= ONE_SLEEPER;
    if (asleep) {
        atomic_fetch_or(&event->state, SET);
        event->rounds++;
        MUST(pthread_cond_broadcast(&event->is_set)); /* it is for everyone */
    }
    MUST(pthread_mutex_unlock(&event->mutex));
    return asleep;
}

int sync_event_set(sync_event *event)
{
    TOOL_RELEASE(event->state);
    do {
        uint64_t seen = atomic_load(&event->state);
        while (seen < ONE_SLEEPER) {
            if (atomic_compare_exchange_weak(&event->state, &seen, SET))
                return 0;
        }
    } while (!set_and_wake(event));
    return 0;
}

int sync_event_clear(sync_event *event)
{
    atomic_fetch_and(&event->state, ~(uint64_t)SET);
    return 0;
}

bool sync_event_is_set(const sync_event *event)
{
    bool set = (atomic_load(&event->state) & SET) != 0;
    if (set)
        TOOL_ACQUIRE(event->state);
    return set;
}

static int sleep_until_set(sync_event *event, const struct timespec *deadline)
{
    int error = 0;
    bool released;

    MUST(pthread_mutex_lock(&event->mutex));
    atomic_fetch_add(&event->state, ONE_SLEEPER);
    uint64_t round = event->rounds;
    while (!(released = sync_event_is_set(event) || event->rounds != round) &&
            error == 0)
        error = sync_cond_wait_until(&event->is_set, &event->mutex, deadline);
    atomic_fetch_sub(&event->state, ONE_SLEEPER);
    MUST(pthread_mutex_unlock(&event->mutex));
    return released ? 0 : error;
}

int sync_event_wait(sync_event *event)
{
    return sync_event_is_set(event) ? 0 : sleep_until_set(event, NULL);
}

int sync_event_wait_until(sync_event *event, const struct timespec *deadline)
{
    int error = sync_deadline_check(deadline);
    if (error != 0)
        return error;
    return sync_event_is_set(event) ? 0 : sleep_until_set(event, deadline);
}
