/*
 * The result outlives the worker.
 *
 * A worker hands its result over as a pointer. See where that points, and who
 * else has the same.
 */
#include "lessons/lesson.h"

/*
 * The bug: a pointer into a dead stack.
 *
 * `square` lives on the worker's stack, and the stack goes with the worker. The
 * join comes back with a pointer to what is gone. (`return &square` would be
 * the same, but of that compilers warn.)
 */
static void *work(void *arg)
{
    int n = *(int *)arg;
    int square = n * n;
    pthread_exit(&square);
}

void dead_stack(void)
{
    pthread_t worker;
    int three = 3;
    void *square;
    pthread_create(&worker, NULL, work, &three);
    pthread_join(worker, &square);
    lesson_check(*(int *)square == 9);
}

/*
 * Tempting: a static variable.
 *
 * It lives for ever, but there is only one of it. With one worker that is good
 * enough. With two, both hand over the same pointer, in every order.
 */
static void *work_static(void *arg)
{
    static int square;
    int n = *(int *)arg;
    square = n * n;
    return &square;
}

void dead_stack_static(void)
{
    pthread_t a, b;
    int three = 3, four = 4;
    void *nine, *sixteen;
    pthread_create(&a, NULL, work_static, &three);
    pthread_create(&b, NULL, work_static, &four);
    pthread_join(a, &nine);
    pthread_join(b, &sixteen);
    lesson_check(*(int *)nine == 9 && *(int *)sixteen == 16);
}

/*
 * The fix: storage of the caller.
 *
 * Whoever starts a worker hands it the place for its result, too. Each worker
 * has a place of its own, and the place is there before it and after it.
 */
typedef struct task {
    int n, square;
} task;

static void *work_task(void *arg)
{
    task *t = arg;
    t->square = t->n * t->n;
    return NULL;
}

void dead_stack_caller(void)
{
    pthread_t a, b;
    task three = {.n = 3}, four = {.n = 4};
    pthread_create(&a, NULL, work_task, &three);
    pthread_create(&b, NULL, work_task, &four);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    lesson_check(three.square == 9 && four.square == 16);
}

/*
 * Rule: what a thread leaves behind is kept by someone who outlives it.
 */
