/*
 * A callback sees accounts whose sum is 100.
 *
 * The transfer tells a callback that something has changed. The callback looks
 * at the accounts, with the lock held, as it should.
 */
#include "lessons/lesson.h"
#include "primitives/rlock.h"

/*
 * The bug: the callback comes in the middle of the change.
 *
 * The lock keeps other threads out. The callback runs on the thread that holds
 * it, so it is let in at once, to a change half done. No second thread is
 * needed, and no unlucky order.
 */
static sync_rlock lock;
static int savings = 100, current;

static void show(void)
{
    sync_rlock_acquire(&lock);
    lesson_check(savings + current == 100);
    sync_rlock_release(&lock);
}

static void (*on_change)(void) = show;

static void *transfer(void *unused)
{
    sync_rlock_acquire(&lock);
    savings -= 10;
    on_change();
    current += 10;
    on_change();
    sync_rlock_release(&lock);
    return unused;
}

void callback(void)
{
    sync_rlock_init(&lock);
    lesson_run(transfer);
}

/*
 * The fix: finish the change, then call out.
 *
 * When the callback runs, the change is complete, and its thread holds no lock:
 * the callback may even wait for a thread that needs this lock. (It may see a
 * later change as well, but never half of one.)
 */
static void *transfer_first(void *unused)
{
    sync_rlock_acquire(&lock);
    savings -= 10;
    current += 10;
    sync_rlock_release(&lock);
    on_change();
    return unused;
}

void callback_last(void)
{
    sync_rlock_init(&lock);
    lesson_run(transfer_first, transfer_first);
    sync_rlock_destroy(&lock);
}

/*
 * Rule: before calling code that is not yours, finish and release.
 */
