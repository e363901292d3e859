/*
 * Whoever waits for an item gets one.
 *
 * A shelf is guarded by a lock, and a semaphore counts what is on it. The taker
 * needs both; look at which of the two it takes first.
 */
#include "lessons/lesson.h"
#include "primitives/lock.h"
#include "primitives/semaphore.h"

/*
 * The bug: wait for an item with the lock held.
 *
 * The taker holds the lock and waits for an item. The item can come only from
 * the putter, and the putter waits for the lock.
 */
static sync_lock lock;
static sync_semaphore items;
static int on_shelf; /* guarded by the lock */

static void *take(void *unused)
{
    sync_lock_acquire(&lock);
    sync_semaphore_acquire(&items);
    on_shelf--;
    sync_lock_release(&lock);
    return unused;
}

static void *put(void *unused)
{
    sync_lock_acquire(&lock);
    on_shelf++;
    sync_lock_release(&lock);
    sync_semaphore_release(&items);
    return unused;
}

void wait_with_lock(void)
{
    sync_lock_init(&lock);
    sync_semaphore_init(&items, 0);
    lesson_run(take, put);
}

/*
 * The fix: wait first, then lock.
 *
 * Whoever waits for an item holds nothing that others need to bring one.
 * Whoever has the permit has an item for certain, and locks only to take it
 * from the shelf.
 */
static void *take_waiting(void *unused)
{
    sync_semaphore_acquire(&items);
    sync_lock_acquire(&lock);
    on_shelf--;
    sync_lock_release(&lock);
    return unused;
}

void wait_with_lock_first(void)
{
    sync_lock_init(&lock);
    sync_semaphore_init(&items, 0);
    lesson_run(take_waiting, put);
    lesson_check(on_shelf == 0);
    sync_semaphore_destroy(&items);
    sync_lock_destroy(&lock);
}

/*
 * Rule: do not wait for others with a lock in hand that they need.
 */
