/*
 * The producer ends, and never more than two boxes wait.
 *
 * A queue with a capacity makes a fast producer wait for its consumer. So the
 * producer ends only if somebody takes. Look for who waits for whom.
 */
#include "lessons/lesson.h"
#include "primitives/queue.h"

/*
 * The bug: join, then take.
 *
 * One box fills the queue, and the producer waits until it is taken. Main would
 * take it, but first waits until the producer has ended.
 */
static sync_queue boxes;

static void *produce(void *unused)
{
    sync_queue_put(&boxes, "red");
    sync_queue_put(&boxes, "green");
    sync_queue_put(&boxes, "blue");
    return unused;
}

void join_then_take(void)
{
    pthread_t producer;
    void *box;
    sync_queue_init_fifo(&boxes, 1);
    pthread_create(&producer, NULL, produce, NULL);
    pthread_join(producer, NULL);
    while (sync_queue_try_get(&boxes, &box) == 0)
        ; /* store the box */
}

/*
 * Tempting: a larger queue.
 *
 * Now two boxes fit, and the producer waits with the third. Whatever the
 * capacity is, a producer with one box more waits for ever: the bug is put off
 * until a busier day.
 */
void join_then_take_larger(void)
{
    pthread_t producer;
    void *box;
    sync_queue_init_fifo(&boxes, 2);
    pthread_create(&producer, NULL, produce, NULL);
    pthread_join(producer, NULL);
    while (sync_queue_try_get(&boxes, &box) == 0)
        ; /* store the box */
}

/*
 * Tempting: a queue without a bound.
 *
 * The deadlock has gone, and so has the bound. All that the producer ever makes
 * is in memory at once: three boxes here, a million on a busier day.
 */
void join_then_take_unbounded(void)
{
    static size_t waiting;
    pthread_t producer;
    void *box;
    sync_queue_init_fifo(&boxes, 0);
    pthread_create(&producer, NULL, produce, NULL);
    pthread_join(producer, NULL);
    waiting = sync_queue_size(&boxes);
    lesson_check(waiting <= 2);
    while (sync_queue_try_get(&boxes, &box) == 0)
        ; /* store the box */
}

/*
 * The fix: take, then join.
 *
 * Whenever the producer waits for a place, main is there to make one, until the
 * queue is closed and empty. Then there is nothing left to wait for.
 */
static void *produce_all(void *unused)
{
    sync_queue_put(&boxes, "red");
    sync_queue_put(&boxes, "green");
    sync_queue_put(&boxes, "blue");
    sync_queue_close(&boxes);
    return unused;
}

void join_then_take_fixed(void)
{
    pthread_t producer;
    void *box;
    sync_queue_init_fifo(&boxes, 2);
    pthread_create(&producer, NULL, produce_all, NULL);
    while (sync_queue_get(&boxes, &box) == 0)
        lesson_check(sync_queue_size(&boxes) <= 2);
    pthread_join(producer, NULL);
    sync_queue_destroy(&boxes);
}

/*
 * Rule: never wait for the end of a thread that may be waiting for you.
 */
