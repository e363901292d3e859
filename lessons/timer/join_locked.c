/*
 * Stopping the timer always comes to an end.
 *
 * A callback and the rest of the program share a number, guarded by a lock.
 * Look at who holds the lock while the timer is stopped.
 */
#include "lessons/lesson.h"
#include "primitives/lock.h"
#include "primitives/timer.h"

/*
 * The bug: join with the lock held.
 *
 * Who stops the timer holds the lock and waits for the callback to end. The
 * callback waits for the lock.
 */
static sync_lock lock;
static sync_timer timer;
static int ticks; /* guarded by the lock */

static void tick(void *unused)
{
    (void)unused;
    sync_lock_acquire(&lock);
    ticks++;
    sync_lock_release(&lock);
}

void join_locked(void)
{
    sync_lock_init(&lock);
    sync_timer_init(&timer, tick, NULL);
    sync_timer_start(&timer, 1);
    sync_lock_acquire(&lock);
    sync_timer_cancel(&timer);
    sync_timer_join(&timer);
    ticks = 0;
    sync_lock_release(&lock);
    sync_timer_destroy(&timer);
}

/*
 * The fix: join with no lock held.
 *
 * The callback can take the lock, and so it can end. Main takes the lock
 * afterwards, for its own change.
 */
void join_unlocked(void)
{
    sync_lock_init(&lock);
    sync_timer_init(&timer, tick, NULL);
    sync_timer_start(&timer, 1);
    sync_timer_cancel(&timer);
    sync_timer_join(&timer);
    sync_lock_acquire(&lock);
    ticks = 0;
    sync_lock_release(&lock);
    sync_timer_destroy(&timer);
    sync_lock_destroy(&lock);
}

/*
 * Rule: hold no lock while you wait for a thread that needs it.
 */
