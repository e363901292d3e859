/*
 * A number that is counted down and up by atomic steps; a mutex and a condition
 * variable come in only when a thread has to sleep.
 *
 * `state` holds two numbers, so that one atomic step sees and changes both: the
 * permits, and the threads that sleep or are about to. Its rules:
 *
 * 1. A thread takes a permit by a compare-and-exchange that finds one there.
 *    Sleepers have no privilege: a permit goes to whoever comes first.
 * 2. The number of sleepers changes only under the mutex.
 * 3. Permits are added without the mutex while nobody sleeps, and under it,
 *    with a signal, while somebody does. So a thread that has counted itself
 *    among the sleepers and found no permit cannot miss the signal.
 *
 * Rule 3 is also why a semaphore may be destroyed as soon as it is finished. A
 * release without the mutex is one atomic step, and touches nothing after it. A
 * release under the mutex is not over until it unlocks, but neither is the
 * semaphore finished: a sleeper has to lock the mutex before it can return.
 *
 * The atomic steps are sequentially consistent. Release and acquire order would
 * do, and cost the same on x86-64, where every such step is a locked one.
 */
#include "primitives/semaphore.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "primitives/deadline.h"
#include "primitives/must.h"

static const uint64_t ONE_SLEEPER = (uint64_t)1 << 32;
_Static_assert(UINT_MAX == UINT32_MAX, "permits fill the lower half");

static unsigned permits_of(uint64_t state)
{
    return (uint32_t)state;
}

static unsigned sleepers_of(uint64_t state)
{
    return (unsigned)(state >> 32);
}

int sync_semaphore_init(sync_semaphore *semaphore, unsigned value)
{
    return sync_semaphore_init_bounded(semaphore, value, UINT_MAX);
}

int sync_semaphore_init_bounded(
        sync_semaphore *semaphore, unsigned value, unsigned limit)
{
    if (value > limit)
        return EINVAL;
    pthread_cond_t *const conds[] = {&semaphore->nonzero};
    int error = sync_monitor_init(&semaphore->mutex, conds, 1);
    if (error != 0)
        return error;
    atomic_init(&semaphore->state, value);
    TOOL_ATOMIC(semaphore->state);
    semaphore->limit = limit;
    return 0;
}

int sync_semaphore_destroy(sync_semaphore *semaphore)
{
    MUST(pthread_mutex_lock(&semaphore->mutex));
    bool busy = sleepers_of(atomic_load(&semaphore->state)) > 0;
    MUST(pthread_mutex_unlock(&semaphore->mutex));
    if (busy)
        return EBUSY;
    pthread_cond_t *const conds[] = {&semaphore->nonzero};
    sync_monitor_destroy(&semaphore->mutex, conds, 1);
    return 0;
}

/* Takes a permit, if there is one. */
static bool take(sync_semaphore *semaphore)
{
    uint64_t seen = atomic_load(&semaphore->state);
    while (permits_of(seen) > 0) {
        if (atomic_compare_exchange_weak(&semaphore->state, &seen, seen - 1)) {
            TOOL_ACQUIRE(semaphore->state);
            return true;
        }
    }
    return false;
}

static int sleep_and_take(
        sync_semaphore *semaphore, const struct timespec *deadline)
{
    int error = 0;
    bool taken;

    MUST(pthread_mutex_lock(&semaphore->mutex));
    atomic_fetch_add(&semaphore->state, ONE_SLEEPER);
    while (!(taken = take(semaphore)) && error == 0)
        error = sync_cond_wait_until(
                &semaphore->nonzero, &semaphore->mutex, deadline);
    atomic_fetch_sub(&semaphore->state, ONE_SLEEPER);
    MUST(pthread_mutex_unlock(&semaphore->mutex));
    return taken ? 0 : error;
}

int sync_semaphore_acquire(sync_semaphore *semaphore)
{
    return take(semaphore) ? 0 : sleep_and_take(semaphore, NULL);
}

int sync_semaphore_try_acquire(sync_semaphore *semaphore)
{
    return take(semaphore) ? 0 : EAGAIN;
}

int sync_semaphore_acquire_until(
        sync_semaphore *semaphore, const struct timespec *deadline)
{
    int error = sync_deadline_check(deadline);
    if (error != 0)
        return error;
    return take(semaphore) ? 0 : sleep_and_take(semaphore, deadline);
}

/* Adds permits, if it is this caller's turn by rule 3; otherwise EBUSY. */
static int add(sync_semaphore *semaphore, unsigned n, bool locked)
{
    TOOL_RELEASE(semaphore->state);
    uint64_t seen = atomic_load(&semaphore->state);
    do {
        if (n > semaphore->limit - permits_of(seen))
            return EOVERFLOW;
        if (locked != (sleepers_of(seen) > 0))
            return EBUSY;
    } while (!atomic_compare_exchange_weak(&semaphore->state, &seen, seen + n));
    return 0;
}

/* Wakes as many as there are permits for; the mutex is held. */
static void wake(sync_semaphore *semaphore, unsigned n)
{
    if (n >= sleepers_of(atomic_load(&semaphore->state)))
        MUST(pthread_cond_broadcast(&semaphore->nonzero));
    else
        while (n-- > 0)
            MUST(pthread_cond_signal(&semaphore->nonzero));
}

static int add_and_wake(sync_semaphore *semaphore, unsigned n)
{
    MUST(pthread_mutex_lock(&semaphore->mutex));
    int error = add(semaphore, n, true);
    if (error == 0)
        wake(semaphore, n);
    MUST(pthread_mutex_unlock(&semaphore->mutex));
    return error;
}

int sync_semaphore_release(sync_semaphore *semaphore)
{
    return sync_semaphore_release_many(semaphore, 1);
}

int sync_semaphore_release_many(sync_semaphore *semaphore, unsigned n)
{
    if (n == 0)
        return EINVAL;
    int error;
    do { /* whoever was asleep may be gone once the mutex has been locked */
        error = add(semaphore, n, false);
        if (error == EBUSY)
            error = add_and_wake(semaphore, n);
    } while (error == EBUSY);
    return error;
}

unsigned sync_semaphore_value(const sync_semaphore *semaphore)
{
    return permits_of(atomic_load(&semaphore->state));
}
