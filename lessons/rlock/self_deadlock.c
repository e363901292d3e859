/*
 * A locked function calls another, and the sum stays 100.
 *
 * Whoever acquires the lock finds that the accounts add up to 100. A transfer
 * holds the lock and calls a deposit, which needs it too.
 */
#include "lessons/lesson.h"
#include "primitives/lock.h"
#include "primitives/rlock.h"

/*
 * The bug: both lock a plain mutex.
 *
 * The thread waits for a lock that only it could release: a deadlock of one
 * thread, in every order. (POSIX promises that for a normal mutex, and on Linux
 * the default one is normal.)
 */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int savings = 100, current;

static void deposit(int amount)
{
    pthread_mutex_lock(&mutex);
    current += amount;
    pthread_mutex_unlock(&mutex);
}

static void *transfer(void *unused)
{
    pthread_mutex_lock(&mutex);
    lesson_check(savings + current == 100);
    deposit(10);
    savings -= 10;
    pthread_mutex_unlock(&mutex);
    return unused;
}

void self_deadlock(void)
{
    lesson_run(transfer);
}

/*
 * Tempting: a lock that knows its owner, and whose EDEADLK is ignored.
 *
 * The second acquire does not hang any more: it answers EDEADLK. But then the
 * deposit releases what it has not acquired, and the rest of the transfer runs
 * without the lock. The other thread comes in, in the middle of the change.
 */
static sync_lock lock;

static void locked_deposit(int amount)
{
    sync_lock_acquire(&lock); /* EDEADLK: we have it, all the better */
    current += amount;
    sync_lock_release(&lock);
}

static void *transfer_owned(void *unused)
{
    sync_lock_acquire(&lock);
    lesson_check(savings + current == 100);
    locked_deposit(10);
    savings -= 10;
    sync_lock_release(&lock);
    return unused;
}

void self_deadlock_ignored(void)
{
    sync_lock_init(&lock);
    lesson_run(transfer_owned, transfer_owned);
}

/*
 * Tempting: release around the inner call.
 *
 * All is done with the lock held, but not in one go. In the gap the lock is
 * free while the accounts are in the middle of the change, and the other thread
 * looks.
 */
static void *transfer_gap(void *unused)
{
    sync_lock_acquire(&lock);
    lesson_check(savings + current == 100);
    sync_lock_release(&lock);
    locked_deposit(10);
    sync_lock_acquire(&lock);
    savings -= 10;
    sync_lock_release(&lock);
    return unused;
}

void self_deadlock_gap(void)
{
    sync_lock_init(&lock);
    lesson_run(transfer_gap, transfer_gap);
}

/*
 * The fix: an RLock, which counts.
 *
 * Its holder may acquire it again. The inner release takes back the inner
 * acquire, and the lock stays held until the outer one.
 */
static sync_rlock rlock;

static void deposit_again(int amount)
{
    sync_rlock_acquire(&rlock);
    current += amount;
    sync_rlock_release(&rlock);
}

static void *transfer_again(void *unused)
{
    sync_rlock_acquire(&rlock);
    lesson_check(savings + current == 100);
    deposit_again(10);
    savings -= 10;
    sync_rlock_release(&rlock);
    return unused;
}

void self_deadlock_rlock(void)
{
    sync_rlock_init(&rlock);
    lesson_run(transfer_again, transfer_again);
    sync_rlock_destroy(&rlock);
}

/*
 * The fix: an inner function that does not lock.
 *
 * Whoever calls the inner function holds the lock, and the function can check
 * that. A deposit by itself would acquire, call it, and release: so nobody
 * acquires twice.
 */
static void add_to_current(int amount)
{
    lesson_check(sync_lock_is_mine(&lock));
    current += amount;
}

static void *transfer_once(void *unused)
{
    sync_lock_acquire(&lock);
    lesson_check(savings + current == 100);
    add_to_current(10);
    savings -= 10;
    sync_lock_release(&lock);
    return unused;
}

void self_deadlock_inner(void)
{
    sync_lock_init(&lock);
    lesson_run(transfer_once, transfer_once);
    sync_lock_destroy(&lock);
}

/*
 * Rule: a function either acquires the lock or is called with it held. Only an
 * RLock lets it do both.
 */
