/*
 * A worker starts each task clean.
 *
 * A worker does one task after the other, and notes a failure in a variable of
 * its own, like errno. See what the second task begins with.
 */
#include "lessons/lesson.h"
#include "primitives/local.h"

/*
 * The bug: the last task's value is still there.
 *
 * The copy belongs to the thread, and the thread has done another task before.
 * What that one left behind is taken for the new one's, in every order.
 */
static sync_local failure; /* a bool a thread: has its task failed? */

static void check_age(int age)
{
    bool *has_failed = sync_local_get(&failure);
    if (age < 0)
        *has_failed = true;
}

static void *worker(void *unused)
{
    bool *has_failed = sync_local_get(&failure);
    check_age(-1);
    lesson_check(*has_failed);
    check_age(30);
    lesson_check(!*has_failed);
    return unused;
}

void stale_value(void)
{
    sync_local_init(&failure, sizeof(bool), NULL);
    lesson_run(worker);
}

/*
 * The fix: reset for each task.
 *
 * A reset makes the thread's copy as it was at first, all zeroes. It stands
 * where a task begins, so that no task can forget it.
 */
static void *tidy_worker(void *unused)
{
    bool *has_failed = sync_local_get(&failure);
    sync_local_reset(&failure);
    check_age(-1);
    lesson_check(*has_failed);
    sync_local_reset(&failure);
    check_age(30);
    lesson_check(!*has_failed);
    return unused;
}

void stale_value_reset(void)
{
    sync_local_init(&failure, sizeof(bool), NULL);
    lesson_run(tidy_worker, tidy_worker);
    sync_local_destroy(&failure);
}

/*
 * Rule: a copy lives as long as its thread; a task that wants a new one resets
 * it.
 */
