/*
 * Every worker ends.
 *
 * There is one job for two workers. Each takes what there is and goes home. "Is
 * there a job?" and "give me the job" sound like one question. They are two.
 */
#include "lessons/lesson.h"
#include "primitives/queue.h"

/*
 * The bug: look, then get.
 *
 * Both workers are told that there is a job. One gets it. The other waits for
 * one that nobody puts: the answer was out of date before the worker acted on
 * it.
 */
static sync_queue jobs;

static void *work(void *unused)
{
    void *job;
    while (sync_queue_size(&jobs) > 0)
        sync_queue_get(&jobs, &job);
    return unused;
}

void look_then_get(void)
{
    sync_queue_init_fifo(&jobs, 4);
    sync_queue_put(&jobs, "sweep the yard");
    lesson_run(work, work);
}

/*
 * The fix: try to get.
 *
 * Try looks and takes in one step, so who comes too late is told so and does
 * not wait. It is right where no job is added any more. Where jobs still come,
 * a worker that is early would find the queue empty, and leave too soon.
 */
static void *try_work(void *unused)
{
    void *job;
    while (sync_queue_try_get(&jobs, &job) == 0)
        ; /* do the job */
    return unused;
}

void look_then_get_try(void)
{
    sync_queue_init_fifo(&jobs, 4);
    sync_queue_put(&jobs, "sweep the yard");
    lesson_run(try_work, try_work);
    sync_queue_destroy(&jobs);
}

/*
 * The fix: get, and close.
 *
 * Who is early waits. Once the queue is closed and empty, get fails for all who
 * wait and for all who come later, and so each loop ends.
 */
static void *get_work(void *unused)
{
    void *job;
    while (sync_queue_get(&jobs, &job) == 0)
        ; /* do the job */
    return unused;
}

static void *bring(void *unused)
{
    sync_queue_put(&jobs, "sweep the yard");
    sync_queue_close(&jobs);
    return unused;
}

void look_then_get_close(void)
{
    sync_queue_init_fifo(&jobs, 4);
    lesson_run(get_work, get_work, bring);
    sync_queue_destroy(&jobs);
}

/*
 * Rule: ask for the item, not whether there is one: the queue's answer and your
 * next step must be one step.
 */
