/*
 * Both tasks are done.
 *
 * There is one worker. To print is urgent, but first something must have been
 * fetched. Look for where each of the two waits.
 */
#include "lessons/lesson.h"
#include "primitives/event.h"
#include "primitives/queue.h"

static int by_number(const void *a, const void *b)
{
    int left = *(const int *)a, right = *(const int *)b;
    return (left > right) - (left < right); /* cannot overflow */
}

/*
 * The bug: a task waits for one behind it.
 *
 * Print waits until fetch is done. Fetch waits until the worker is free, and
 * the worker waits in print. Two workers fail in the same way at two such
 * prints.
 */
static sync_queue tasks;
static int print = 1, fetch = 2; /* the smaller number is first */
static sync_event fetched;

static void *plan(void *unused)
{
    sync_queue_put(&tasks, &print);
    sync_queue_put(&tasks, &fetch);
    sync_queue_close(&tasks);
    return unused;
}

static void *work(void *unused)
{
    void *task;
    while (sync_queue_get(&tasks, &task) == 0)
        if (task == &print)
            sync_event_wait(&fetched);
        else
            sync_event_set(&fetched);
    return unused;
}

void waits_behind(void)
{
    sync_event_init(&fetched);
    sync_queue_init_priority(&tasks, 4, by_number);
    lesson_run(plan, work);
}

/*
 * The fix: no waiting inside a task.
 *
 * Only fetch is put. When it is done it puts print, which then has all that it
 * needs. The worker waits nowhere but in get, where any task will do. The queue
 * has no bound, for a worker must not wait for a place either.
 */
static void *work_on(void *unused)
{
    void *task;
    while (sync_queue_get(&tasks, &task) == 0)
        if (task == &fetch)
            sync_queue_put(&tasks, &print); /* now that it can go on */
        else
            sync_queue_close(&tasks);
    return unused;
}

static void *plan_fetch(void *unused)
{
    sync_queue_put(&tasks, &fetch);
    return unused;
}

void waits_behind_no_wait(void)
{
    sync_queue_init_priority(&tasks, 0, by_number);
    lesson_run(plan_fetch, work_on);
    sync_queue_destroy(&tasks);
}

/*
 * The fix: order by need.
 *
 * What an urgent task needs is more urgent still, and is put first. So fetch is
 * always taken before print, and print finds the event set. (Who waits lends
 * its urgency: compare priority inheritance, Sha, Rajkumar and Lehoczky 1990.)
 */
static void *plan_by_need(void *unused)
{
    fetch = print - 1;
    sync_queue_put(&tasks, &fetch);
    sync_queue_put(&tasks, &print);
    sync_queue_close(&tasks);
    return unused;
}

void waits_behind_by_need(void)
{
    sync_event_init(&fetched);
    sync_queue_init_priority(&tasks, 4, by_number);
    lesson_run(plan_by_need, work);
    sync_queue_destroy(&tasks);
    sync_event_destroy(&fetched);
}

/*
 * Rule: a task that holds a worker must not wait for one that needs a worker.
 */
