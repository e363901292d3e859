/*
 * A withdrawal that is refused holds up nobody.
 *
 * A function can have several ways out. Find the one that does not pass the
 * release.
 */
#include "lessons/lesson.h"
#include "primitives/lock.h"

/*
 * The bug: the error path returns with the lock held.
 *
 * The first thread leaves, and takes the lock along. No unlucky order is
 * needed: whoever comes next waits for ever, in every order.
 */
static sync_lock lock;
static int balance = 50;

static void *withdraw(void *unused)
{
    sync_lock_acquire(&lock);
    if (balance < 80)
        return unused; /* refused */
    balance -= 80;
    sync_lock_release(&lock);
    return unused;
}

void early_return(void)
{
    sync_lock_init(&lock);
    lesson_run(withdraw, withdraw);
    lesson_check(balance == 50);
}

/*
 * The fix: one exit, which releases.
 *
 * Every way through the function ends at the same release, refused or not.
 */
static void *withdraw_out(void *unused)
{
    sync_lock_acquire(&lock);
    if (balance < 80)
        goto out; /* refused */
    balance -= 80;
out:
    sync_lock_release(&lock);
    return unused;
}

void early_return_one_exit(void)
{
    sync_lock_init(&lock);
    lesson_run(withdraw_out, withdraw_out);
    lesson_check(balance == 50);
    sync_lock_destroy(&lock);
}

/*
 * Rule: between acquire and release there is no return.
 */
