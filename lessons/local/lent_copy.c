/*
 * A worker's total can be read when the worker has ended.
 *
 * A local gives each thread a copy, and frees it when the thread ends. See who
 * still has a pointer to it.
 */
#include "lessons/lesson.h"
#include "primitives/local.h"

/*
 * The bug: a pointer to one's own copy is handed over.
 *
 * The copy goes with its thread. The pointer that main got from the join points
 * to memory that has been freed, in every order.
 */
static sync_local totals; /* an int a thread */

static void count(int items)
{
    int *total = sync_local_get(&totals);
    *total += items;
}

static void *work(void *unused)
{
    (void)unused;
    count(3);
    count(4);
    return sync_local_get(&totals);
}

void lent_copy(void)
{
    pthread_t worker;
    void *total;
    sync_local_init(&totals, sizeof(int), NULL);
    pthread_create(&worker, NULL, work, NULL);
    pthread_join(worker, &total);
    lesson_check(*(int *)total == 7);
}

/*
 * The fix: hand over a copy of the value.
 *
 * The worker writes what it has found to a place that main keeps. Nobody but
 * the thread itself ever had a pointer to its copy.
 */
static void *work_for(void *place)
{
    count(3);
    count(4);
    int *total = sync_local_get(&totals);
    *(int *)place = *total;
    return NULL;
}

void lent_copy_value(void)
{
    pthread_t worker;
    int total = 0;
    sync_local_init(&totals, sizeof(int), NULL);
    pthread_create(&worker, NULL, work_for, &total);
    pthread_join(worker, NULL);
    lesson_check(total == 7);
    sync_local_destroy(&totals);
}

/*
 * Rule: hand over the value of a local, never a pointer to it.
 */
