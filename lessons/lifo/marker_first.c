/*
 * All work is done before the stop.
 *
 * A pile hands out what was put on it last. So look where the stop marker lies,
 * and what lies below it when the washer goes home.
 */
#include "lessons/lesson.h"
#include "primitives/queue.h"

/*
 * The bug: a stop marker.
 *
 * The marker is put last, so it lies on top, and is taken first. In a fifo
 * queue all work is before the marker; here all that has not been taken is
 * behind it.
 */
static sync_queue pile;
static char stop[] = "stop";
static int done;

static void *bring(void *unused)
{
    sync_queue_put(&pile, "plate");
    sync_queue_put(&pile, "bowl");
    sync_queue_put(&pile, stop);
    return unused;
}

static void *wash(void *unused)
{
    void *top;
    while (sync_queue_get(&pile, &top) == 0 && top != stop)
        done++;
    lesson_check(done == 2);
    return unused;
}

void marker_first(void)
{
    sync_queue_init_lifo(&pile, 4);
    lesson_run(bring, wash);
}

/*
 * The fix: close, which drains.
 *
 * Close puts nothing on the pile. get goes on to hand out what is there, in
 * whatever order, and fails when nothing is left.
 */
static void *bring_all(void *unused)
{
    sync_queue_put(&pile, "plate");
    sync_queue_put(&pile, "bowl");
    sync_queue_close(&pile);
    return unused;
}

static void *wash_all(void *unused)
{
    void *top;
    while (sync_queue_get(&pile, &top) == 0)
        done++;
    lesson_check(done == 2);
    return unused;
}

void marker_first_close(void)
{
    sync_queue_init_lifo(&pile, 4);
    lesson_run(bring_all, wash_all);
    sync_queue_destroy(&pile);
}

/*
 * Rule: end with close, not with an item: an item has its place in the order.
 */
