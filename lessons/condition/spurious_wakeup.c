/*
 * Nobody takes from an empty buffer, even if a wait ends without any reason.
 *
 * POSIX allows that a wait returns though nobody has notified: it makes
 * condition variables cheaper on some machines. It happens seldom, and at no
 * time that you choose.
 */
#include "lessons/lesson.h"
#include "primitives/condition.h"

static sync_lock lock;
static sync_condition not_empty;

/*
 * The bug: if.
 *
 * The consumer wakes without a cause and takes what is not there. No other
 * consumer is needed for this, and the producer has not even begun.
 */
static int items; /* guarded by the lock */

static void *consume(void *unused)
{
    sync_lock_acquire(&lock);
    if (items == 0)
        sync_condition_wait(&not_empty);
    items -= 1;
    lesson_check(items >= 0);
    sync_lock_release(&lock);
    return unused;
}

static void *produce(void *unused)
{
    sync_lock_acquire(&lock);
    items += 1;
    sync_condition_notify(&not_empty);
    sync_lock_release(&lock);
    return unused;
}

void spurious_wakeup(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&not_empty, &lock);
    lesson_run(consume, produce);
}

/*
 * The fix: while.
 *
 * The loop that helps against a faster consumer helps here, too: it does not
 * ask why the thread woke, only whether there is an item.
 */
static void *consume_while(void *unused)
{
    sync_lock_acquire(&lock);
    while (items == 0)
        sync_condition_wait(&not_empty);
    items -= 1;
    lesson_check(items >= 0);
    sync_lock_release(&lock);
    return unused;
}

void spurious_wakeup_while(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&not_empty, &lock);
    lesson_run(consume_while, produce);
    sync_condition_destroy(&not_empty);
    sync_lock_destroy(&lock);
}

/*
 * Rule: do not ask why a wait has ended; ask whether what you wait for is true.
 */
