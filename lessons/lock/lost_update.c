/*
 * Two threads deposit into one account. `balance += 1` looks like one step and
 * is three: read, add, write.
 */
#include <stddef.h>

#include "lessons/lesson.h"
#include "primitives/lock.h"

enum { DEPOSITS = 100000 };

static int balance;
static sync_lock lock;

static void *deposit_once(void *unused)
{
    balance += 1;
    return unused;
}

static void *deposit_often(void *unused)
{
    for (int i = 0; i < DEPOSITS; i++)
        balance += 1;
    return unused;
}

static void *deposit_with_lock(void *unused)
{
    for (int i = 0; i < DEPOSITS; i++) {
        sync_lock_acquire(&lock);
        balance += 1;
        sync_lock_release(&lock);
    }
    return unused;
}

static bool run_once(void)
{
    balance = 0;
    lesson_run_two(deposit_once);
    return balance == 2;
}

static bool run_often(void)
{
    balance = 0;
    lesson_run_two(deposit_often);
    return balance == 2 * DEPOSITS;
}

static bool run_with_lock(void)
{
    balance = 0;
    sync_lock_init(&lock);
    lesson_run_two(deposit_with_lock);
    sync_lock_destroy(&lock);
    return balance == 2 * DEPOSITS;
}

static const rung rungs[] = {
        {"One deposit each: broken, but who notices?", "deposit_once", run_once,
                false},
        {"A hundred thousand each: the same bug, given more chances.",
                "deposit_often", run_often, false},
        {"With a lock around the whole step.", "deposit_with_lock",
                run_with_lock, true},
        {NULL, NULL, NULL, false},
};

const scene lost_update = {
        .name = "lost_update",
        .promise = "every deposit is kept",
        .file = __FILE__,
        .rungs = rungs,
        .why = "both threads may read the same balance before either writes\n"
               "  it. Then both write the same new value, and one deposit is "
               "lost.\n"
               "  It is also a data race, for which C promises nothing at all.",
        .rule = "hold the lock around the whole step: read, change and write.",
};
