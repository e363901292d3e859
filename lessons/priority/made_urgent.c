/*
 * The next task is the most urgent.
 *
 * Three tasks are in the queue, the smallest rank first. Then the last of them
 * becomes the most urgent. Look for when the queue reads the ranks.
 */
#include "lessons/lesson.h"
#include "primitives/queue.h"

typedef struct task {
    int rank;
    bool is_stale;
} task;

/*
 * The bug: changed inside.
 *
 * The queue reads the ranks when a task is put, and finds the place of the task
 * then. get takes the task at the top, and reads only to fill the gap. The
 * queue does not hear of the change, and the order that the heap relies on is
 * broken. This happens in every run, with one thread.
 */
static int by_rank(const void *a, const void *b)
{
    int left = ((const task *)a)->rank, right = ((const task *)b)->rank;
    return (left > right) - (left < right); /* cannot overflow */
}

static sync_queue tasks;
static task mail = {1, false}, report = {2, false}, outage = {3, false};
static task *next;

static task *get_task(void)
{
    void *got;
    return sync_queue_get(&tasks, &got) == 0 ? got : NULL;
}

void made_urgent(void)
{
    sync_queue_init_priority(&tasks, 4, by_rank);
    sync_queue_put(&tasks, &mail);
    sync_queue_put(&tasks, &report);
    sync_queue_put(&tasks, &outage);
    outage.rank = 0;
    next = get_task();
    lesson_check(next->rank <= outage.rank);
}

/*
 * The fix: mark the old entry stale, put a new one.
 *
 * The new entry is compared as it is put, and finds its place. Whoever gets the
 * old one throws it away. The mark may change in the queue, since nothing
 * compares it. (With more threads, a lock must guard the mark and whether the
 * task has been begun: else it may be done twice.)
 */
static task urgent = {0, false};

static task *get_fresh(void)
{
    task *got = get_task();
    while (got != NULL && got->is_stale)
        got = get_task();
    return got;
}

void made_urgent_anew(void)
{
    sync_queue_init_priority(&tasks, 4, by_rank);
    sync_queue_put(&tasks, &mail);
    sync_queue_put(&tasks, &report);
    sync_queue_put(&tasks, &outage);
    outage.is_stale = true;
    sync_queue_put(&tasks, &urgent);
    sync_queue_close(&tasks);
    lesson_check(get_fresh() == &urgent);
    lesson_check(get_fresh() == &mail);
    lesson_check(get_fresh() == &report);
    lesson_check(get_fresh() == NULL);
    sync_queue_destroy(&tasks);
}

/*
 * Rule: what a queue compares must not change while it is in the queue.
 */
