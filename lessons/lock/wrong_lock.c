/*
 * A deposit at the till and one over the web are both kept.
 *
 * A lock keeps out only those who acquire the same lock. Watch which lock each
 * thread holds while it reads and writes the balance.
 */
#include "lessons/lesson.h"
#include "primitives/lock.h"

/*
 * The bug: one account, two locks.
 *
 * Each thread holds a lock, and neither waits for the other, since these are
 * two locks. So both read the balance before either has written it.
 */
static int balance;
static sync_lock till_lock, web_lock;

static void *at_till(void *unused)
{
    sync_lock_acquire(&till_lock);
    balance += 1;
    sync_lock_release(&till_lock);
    return unused;
}

static void *by_web(void *unused)
{
    sync_lock_acquire(&web_lock);
    balance += 1;
    sync_lock_release(&web_lock);
    return unused;
}

void wrong_lock(void)
{
    sync_lock_init(&till_lock);
    sync_lock_init(&web_lock);
    lesson_run(at_till, by_web);
    lesson_check(balance == 2);
}

/*
 * The fix: the lock belongs to the account.
 *
 * It stands beside the data that it guards. Whoever comes to the account, from
 * wherever, finds the same lock.
 */
static struct {
    sync_lock lock; /* guards the balance */
    int balance;
} account;

static void *deposit(void *unused)
{
    sync_lock_acquire(&account.lock);
    account.balance += 1;
    sync_lock_release(&account.lock);
    return unused;
}

void wrong_lock_right(void)
{
    sync_lock_init(&account.lock);
    lesson_run(deposit, deposit);
    lesson_check(account.balance == 2);
    sync_lock_destroy(&account.lock);
}

/*
 * Rule: one piece of data, one lock; declare them side by side.
 */
