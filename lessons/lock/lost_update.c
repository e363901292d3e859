/*
 * Both deposits are kept.
 *
 * `balance += 1` looks like one step. The machine reads, adds and writes, and
 * another thread can come between any two of these.
 */
#include <stdatomic.h>

#include "lessons/lesson.h"
#include "primitives/lock.h"

/*
 * The bug: no lock.
 *
 * Both threads read the same balance before either has written. Then both
 * write the same sum, and one deposit is gone.
 */
static int balance;

static void *deposit(void *unused)
{
    balance += 1;
    return unused;
}

void lost_update(void)
{
    lesson_run(deposit, deposit);
    lesson_check(balance == 2);
}

/*
 * Tempting: volatile.
 *
 * It makes the compiler read and write each time. It does not keep another
 * thread from coming in between.
 */
static volatile int v_balance;

static void *deposit_vol(void *unused)
{
    v_balance += 1;
    return unused;
}

void lost_update_volatile(void)
{
    lesson_run(deposit_vol, deposit_vol);
    lesson_check(v_balance == 2);
}

/*
 * Tempting: a busy flag, tested, then set.
 *
 * The test and the setting are two steps. Both threads find the flag clear
 * before either has set it: the bug has moved into its own cure.
 */
static atomic_bool busy;

static void *deposit_flag(void *unused)
{
    while (busy)
        ; /* wait for the other */
    busy = true;
    balance += 1;
    busy = false;
    return unused;
}

void lost_update_flag(void)
{
    lesson_run(deposit_flag, deposit_flag);
    lesson_check(balance == 2);
}

/*
 * Tempting: an atomic, loaded, then stored.
 *
 * Each access is atomic, the two together are not. The data race has gone, and
 * the bug has stayed. (`a_balance += 1` would be one step, since it is atomic.)
 */
static atomic_int a_balance;

static void *deposit_atom(void *unused)
{
    int seen = a_balance;
    a_balance = seen + 1;
    return unused;
}

void lost_update_atomic(void)
{
    lesson_run(deposit_atom, deposit_atom);
    lesson_check(a_balance == 2);
}

/*
 * The fix: hold a lock around the whole step.
 *
 * Whoever has the lock reads, adds and writes before the other can begin.
 */
static sync_lock lock;

static void *deposit_lock(void *unused)
{
    sync_lock_acquire(&lock);
    balance += 1;
    sync_lock_release(&lock);
    return unused;
}

void lost_update_locked(void)
{
    sync_lock_init(&lock);
    lesson_run(deposit_lock, deposit_lock);
    lesson_check(balance == 2);
    sync_lock_destroy(&lock);
}

/*
 * Rule: hold the lock around the whole step, from reading to writing.
 */
