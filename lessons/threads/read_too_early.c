/*
 * The sum counts what both workers have found.
 *
 * To create a thread is not to run it: it begins some time, and ends some time.
 * Look at what main reads, and when the workers write it.
 */
#include "lessons/lesson.h"

/*
 * The bug: the results are read before the join.
 *
 * Nothing makes main wait, so it adds up what is not there yet. What must come
 * first comes second: an order violation.
 */
static int left, right;

static void *count_left(void *unused)
{
    left = 3;
    return unused;
}

static void *count_right(void *unused)
{
    right = 4;
    return unused;
}

void read_too_early(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, count_left, NULL);
    pthread_create(&b, NULL, count_right, NULL);
    int sum = left + right;
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    lesson_check(sum == 7);
}

/*
 * The fix: join, then read.
 *
 * A join returns when the thread has ended, and all that the thread has written
 * can be seen from then on. No lock is needed.
 */
void read_too_early_joined(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, count_left, NULL);
    pthread_create(&b, NULL, count_right, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    int sum = left + right;
    lesson_check(sum == 7);
}

/*
 * Rule: a thread's result is sure to be there once the thread has been joined.
 */
