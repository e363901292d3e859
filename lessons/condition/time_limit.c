/*
 * The wait for two parts gives up after ten milliseconds in all.
 *
 * Only one part comes, so the wait has to end by its limit. Watch when the ten
 * milliseconds begin.
 */
#include "lessons/lesson.h"
#include "primitives/condition.h"
#include "primitives/deadline.h"

static sync_lock lock;
static sync_condition arrived;

/*
 * The bug: the limit begins anew with each turn.
 *
 * The first part wakes the waiter, and the waiter waits for ten milliseconds
 * more. If something woke it every nine, it would wait for ever.
 */
static int parts;   /* guarded by the lock */
static int granted; /* milliseconds, by all calls together */

static struct timespec ten_ms_from_now(void)
{
    granted += 10;
    lesson_check(granted <= 10);
    return sync_deadline_after_ms(10);
}

static void *await(void *unused)
{
    int error = 0;
    sync_lock_acquire(&lock);
    while (parts < 2 && error == 0) {
        struct timespec limit = ten_ms_from_now();
        error = sync_condition_wait_until(&arrived, &limit);
    }
    sync_lock_release(&lock);
    return unused;
}

static void *deliver(void *unused)
{
    sync_lock_acquire(&lock);
    parts += 1;
    sync_condition_notify(&arrived);
    sync_lock_release(&lock);
    return unused;
}

void time_limit(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&arrived, &lock);
    lesson_run(await, deliver);
}

/*
 * The fix: one deadline, before the loop.
 *
 * A deadline is a point in time. However often the thread wakes, the point
 * stays where it is.
 */
static void *await_until(void *unused)
{
    int error = 0;
    struct timespec deadline = ten_ms_from_now();
    sync_lock_acquire(&lock);
    while (parts < 2 && error == 0)
        error = sync_condition_wait_until(&arrived, &deadline);
    sync_lock_release(&lock);
    return unused;
}

void time_limit_once(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&arrived, &lock);
    lesson_run(await_until, deliver);
    sync_condition_destroy(&arrived);
    sync_lock_destroy(&lock);
}

/*
 * Rule: compute the deadline once, before the loop, and wait until then.
 */
