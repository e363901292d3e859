/*
 * Nobody takes from an empty buffer.
 *
 * A notification wakes a consumer, but the buffer is not handed over with it:
 * the woken thread has to take the lock again, and another may be quicker.
 * Hoare's monitors (1974) did hand over at once; those of Mesa (Lampson &
 * Redell 1980), and nearly all that came after, do not.
 */
#include "lessons/lesson.h"
#include "primitives/condition.h"

static sync_lock lock;
static sync_condition not_empty;

/*
 * The bug: if.
 *
 * One consumer waits and is notified. Before it has the lock again, the other
 * comes and takes the item. The first goes on after its wait as if the item
 * were still there.
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

static void *produce_two(void *unused)
{
    for (int i = 0; i < 2; i++) {
        sync_lock_acquire(&lock);
        items += 1;
        sync_condition_notify(&not_empty);
        sync_lock_release(&lock);
    }
    return unused;
}

void stolen_wakeup(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&not_empty, &lock);
    lesson_run(consume, produce_two, consume);
}

/*
 * The fix: while.
 *
 * The woken thread looks again, with the lock held. If another was faster, it
 * waits once more.
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

void stolen_wakeup_while(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&not_empty, &lock);
    lesson_run(consume_while, produce_two, consume_while);
    sync_condition_destroy(&not_empty);
    sync_lock_destroy(&lock);
}

/*
 * Rule: a wakeup is a hint; wait in a loop that looks again.
 */
