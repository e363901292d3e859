/*
 * No request waits for more than two later ones.
 *
 * The oldest one is requests[0]. Count how many are served before it: all of
 * them came later.
 */
#include "lessons/lesson.h"
#include "primitives/queue.h"

/*
 * The bug: newest first.
 *
 * Whenever the server is free, a newer request is there, and goes first. The
 * oldest is served when no other comes any more: here after three, on a busy
 * day never. That the queue holds no more than two does not help it.
 */
static sync_queue inbox;
static char requests[4];
static int served;

static void *ask(void *unused)
{
    for (int i = 0; i < 4; i++)
        sync_queue_put(&inbox, &requests[i]);
    sync_queue_close(&inbox);
    return unused;
}

static void *serve(void *unused)
{
    void *request;
    for (; sync_queue_get(&inbox, &request) == 0; served++)
        if (request == &requests[0])
            lesson_check(served <= 2);
    return unused;
}

void oldest_starves(void)
{
    sync_queue_init_lifo(&inbox, 2);
    lesson_run(ask, serve);
}

/*
 * The fix: fifo.
 *
 * Who comes later stands behind. Nobody waits for a later one.
 */
void oldest_starves_fifo(void)
{
    sync_queue_init_fifo(&inbox, 2);
    lesson_run(ask, serve);
    sync_queue_destroy(&inbox);
}

/*
 * The fix: a bound on the later ones.
 *
 * Three are let in, and the next ones only when all three are done. Newest is
 * still first, but no more than two can be newer than the oldest.
 */
static void *ask_by_threes(void *unused)
{
    for (int i = 0; i < 4; i++) {
        if (i % 3 == 0)
            sync_queue_join(&inbox);
        sync_queue_put(&inbox, &requests[i]);
    }
    sync_queue_close(&inbox);
    return unused;
}

static void *serve_all(void *unused)
{
    void *request;
    for (; sync_queue_get(&inbox, &request) == 0; served++) {
        if (request == &requests[0])
            lesson_check(served <= 2);
        sync_queue_task_done(&inbox);
    }
    return unused;
}

void oldest_starves_bounded(void)
{
    sync_queue_init_lifo(&inbox, 3);
    lesson_run(ask_by_threes, serve_all);
    sync_queue_destroy(&inbox);
}

/*
 * Rule: newest first needs a bound on how many may come later.
 */
