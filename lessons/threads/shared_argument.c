/*
 * Each worker gets its own number, 0 or 1.
 *
 * A thread is handed a pointer, and reads what it points to when it comes to
 * run. See what is there by then.
 */
#include "lessons/lesson.h"

enum { WORKERS = 2 };

/*
 * The bug: `&i` is handed to all.
 *
 * Both workers get the address of the same variable. By the time they read it,
 * main has gone on counting: nobody gets the number that was meant. Main has
 * even left the loop, and the life of `i` has ended with it.
 */
static bool is_done[8];

static void *work(void *arg)
{
    int number = *(int *)arg;
    is_done[number] = true;
    return NULL;
}

void shared_argument(void)
{
    pthread_t workers[WORKERS];
    for (int i = 0; i < WORKERS; i++)
        pthread_create(&workers[i], NULL, work, &i);
    for (int k = 0; k < WORKERS; k++)
        pthread_join(workers[k], NULL);
    lesson_check(is_done[0] && is_done[1]);
}

/*
 * The fix: a variable for each.
 *
 * Nobody writes a worker's number after the worker was created, and all numbers
 * live until the last join.
 */
void shared_argument_each(void)
{
    pthread_t workers[WORKERS];
    int numbers[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        numbers[i] = i;
        pthread_create(&workers[i], NULL, work, &numbers[i]);
    }
    for (int k = 0; k < WORKERS; k++)
        pthread_join(workers[k], NULL);
    lesson_check(is_done[0] && is_done[1]);
}

/*
 * Rule: what a thread is handed is changed by nobody else, and outlives the
 * thread.
 */
