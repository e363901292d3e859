/*
 * A wait for an answer lasts ten milliseconds in all, and no longer.
 *
 * Somebody else uses the same condition, and wakes the waiter every four
 * milliseconds. Look at when the ten milliseconds begin.
 */
#include <errno.h>

#include "lessons/lesson.h"
#include "primitives/condition.h"
#include "primitives/deadline.h"

static sync_lock lock;
static sync_condition changed;
static bool answered, gave_up;

static void nap(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/*
 * The bug: a limit from now, in the loop.
 *
 * Each wakeup begins the ten milliseconds anew. As long as the others are
 * quicker than that, the limit is never reached.
 */
static void *await(void *unused)
{
    sync_lock_acquire(&lock);
    while (!answered && !gave_up) {
        struct timespec limit = sync_deadline_after_ms(10);
        gave_up = sync_condition_wait_until(&changed, &limit) == ETIMEDOUT;
    }
    sync_lock_release(&lock);
    return unused;
}

static void *report(void *unused)
{
    sync_lock_acquire(&lock);
    while (!gave_up) {
        sync_condition_notify(&changed);
        sync_lock_release(&lock);
        nap(4);
        sync_lock_acquire(&lock);
    }
    sync_lock_release(&lock);
    return unused;
}

void time_limit(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&changed, &lock);
    lesson_run(await, report);
}

/*
 * The fix: one deadline, before the loop.
 *
 * A deadline is a point in time. However often the thread wakes, it stays where
 * it is.
 */
static void *await_until(void *unused)
{
    sync_lock_acquire(&lock);
    struct timespec deadline = sync_deadline_after_ms(10);
    while (!answered && !gave_up)
        gave_up = sync_condition_wait_until(&changed, &deadline) == ETIMEDOUT;
    sync_lock_release(&lock);
    return unused;
}

void time_limit_once(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&changed, &lock);
    lesson_run(await_until, report);
    sync_condition_destroy(&changed);
    sync_lock_destroy(&lock);
}

/*
 * Rule: compute the deadline once, and wait until then.
 */
