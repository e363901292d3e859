/*
 * After one visit is counted, the next can be counted.
 *
 * An RLock is free when it has been released as often as it was acquired. Count
 * both.
 */
#include "lessons/lesson.h"
#include "primitives/rlock.h"

/*
 * The bug: two acquires, one release.
 *
 * A release takes back one acquire, not all of them. The thread still owes one
 * when it ends, and whoever comes next waits for ever, in every order.
 */
static sync_rlock lock;
static int visits, record;

static void note_record(void)
{
    sync_rlock_acquire(&lock); /* the caller will release */
    if (visits > record)
        record = visits;
}

static void *visit(void *unused)
{
    sync_rlock_acquire(&lock);
    visits += 1;
    note_record();
    sync_rlock_release(&lock);
    return unused;
}

void missing_release(void)
{
    sync_rlock_init(&lock);
    lesson_run(visit, visit);
    lesson_check(record == 2);
}

/*
 * The fix: every acquire has its release.
 *
 * Each function releases what it has acquired itself. That can be seen by
 * looking at one function at a time, whoever calls it.
 */
static void note_and_release(void)
{
    sync_rlock_acquire(&lock);
    if (visits > record)
        record = visits;
    sync_rlock_release(&lock);
}

static void *visit_paired(void *unused)
{
    sync_rlock_acquire(&lock);
    visits += 1;
    note_and_release();
    sync_rlock_release(&lock);
    return unused;
}

void missing_release_paired(void)
{
    sync_rlock_init(&lock);
    lesson_run(visit_paired, visit_paired);
    lesson_check(record == 2);
    sync_rlock_destroy(&lock);
}

/*
 * Rule: acquire and release stand in the same function, as a pair.
 */
