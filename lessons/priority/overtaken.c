/*
 * Nobody is overtaken more than twice.
 *
 * jobs[0] comes first, and is less urgent than all that follow. Count how many
 * of these are done before it.
 */
#include "lessons/lesson.h"
#include "primitives/queue.h"

static int by_number(const void *a, const void *b)
{
    int left = *(const int *)a, right = *(const int *)b;
    return (left > right) - (left < right); /* cannot overflow */
}

/*
 * The bug: only urgency counts.
 *
 * Whenever the worker is free, something more urgent is there. jobs[0] is done
 * when nothing urgent comes any more: here after three, on a busy day never.
 */
static sync_queue queue;
static int jobs[4] = {1, 0, 0, 0}; /* each one's class; 0 is urgent */
static int done;

static void *order(void *unused)
{
    for (int i = 0; i < 4; i++)
        sync_queue_put(&queue, &jobs[i]);
    sync_queue_close(&queue);
    return unused;
}

static void *work(void *unused)
{
    void *job;
    for (; sync_queue_get(&queue, &job) == 0; done++)
        if (job == &jobs[0])
            lesson_check(done <= 2);
    return unused;
}

void overtaken(void)
{
    sync_queue_init_priority(&queue, 2, by_number);
    lesson_run(order, work);
}

/*
 * The fix: a number, fixed when the job comes.
 *
 * Job i gets i + class * 3. So jobs[0] has 3, and the urgent ones 1, 2 and 3:
 * two go before it, the third is equal and came later. The longer a job waits,
 * the fewer can pass it, and nothing in the queue is changed. (This is a form
 * of ageing. J. R. Jackson studied the rule in 1960.)
 */
static void *order_aged(void *unused)
{
    for (int i = 0; i < 4; i++) {
        jobs[i] = i + jobs[i] * 3;
        sync_queue_put(&queue, &jobs[i]);
    }
    sync_queue_close(&queue);
    return unused;
}

void overtaken_aged(void)
{
    sync_queue_init_priority(&queue, 2, by_number);
    lesson_run(order_aged, work);
    sync_queue_destroy(&queue);
}

/*
 * Rule: where some go first, say how many may pass one who waits.
 */
