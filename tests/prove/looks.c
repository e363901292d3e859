/*
 * Looks: what barrier and queue do in a program, where a thread looks again a
 * few times before it sleeps (primitives/turn.h).
 *
 * All other scenarios are of a library that sleeps at once. Here the two files
 * are compiled once more, with looks; so this file's queue and barrier are used
 * in place of the library's.
 */
#define SYNC_LOOKS 2
#include "primitives/barrier.c" /* NOLINT(bugprone-suspicious-include) */
#include "primitives/queue.c"   /* NOLINT(bugprone-suspicious-include) */

#include <stdlib.h>

#include "tests/prove/prove.h"

static sync_queue line; /* with one place */
static sync_barrier both;
static int numbers[2 * PROVE_THREADS]; /* written before they are put */
static int was_got[2 * PROVE_THREADS];
static int arrived[2][2]; /* in each round, by each */

/* --- Queue -----------------------------------------------------------------*/

static void *put_one(void *self)
{
    int *item = &numbers[(intptr_t)self];
    *item = 1;
    PROMISE(sync_queue_put(&line, item) == 0);
    return prove_result(1);
}

static void *put_two(void *self)
{
    int *item = &numbers[(intptr_t)self];
    for (int i = 0; i < 2; i++) {
        item[i * PROVE_THREADS] = 1;
        PROMISE(sync_queue_put(&line, &item[i * PROVE_THREADS]) == 0);
    }
    return prove_result(2);
}

/* Gives -1 if it got one. */
static int got_if(const int *item, int error)
{
    PROMISE(error == 0 || error == ECANCELED || error == ETIMEDOUT);
    PROMISE((item != NULL) == (error == 0));
    if (item == NULL)
        return 0;
    PROMISE(*item == 1);
    PROMISE(was_got[item - numbers] == 0);
    was_got[item - numbers] = 1;
    return -1;
}

static int get_any(const struct timespec *deadline)
{
    void *item = NULL;
    int error = sync_queue_get_until(&line, &item, deadline);
    return got_if(item, prove_timely(error));
}

static void *get_one(void *unused)
{
    (void)unused;
    PROMISE(get_any(NULL) == -1);
    return prove_result(-1);
}

static void *get_two(void *unused)
{
    get_one(unused);
    get_one(unused);
    return prove_result(-2);
}

static void *get_one_until(void *unused)
{
    (void)unused;
    return prove_result(get_any(&prove_soon));
}

static void *get_till_closed(void *unused)
{
    (void)unused;
    while (get_any(NULL) == -1)
        ;
    return prove_result(0);
}

static void *close_line(void *unused)
{
    (void)unused;
    PROMISE(sync_queue_close(&line) == 0);
    return prove_result(0);
}

static void *do_one(void *unused)
{
    get_one(unused);
    PROMISE(sync_queue_task_done(&line) == 0);
    return prove_result(-1);
}

static void *join_line(void *unused)
{
    (void)unused;
    PROMISE(sync_queue_join(&line) == 0);
    return prove_result(0);
}

static void begin_queue(void)
{
    PROMISE(sync_queue_init_fifo(&line, 1) == 0);
}

static void begin_queue_full(void)
{
    begin_queue();
    put_one(prove_result(PROVE_THREADS - 1));
}

static void end_queue(void)
{
    while (sync_queue_size(&line) > 0)
        PROMISE(get_any(&prove_past) == -1);
    for (int i = 0; i < 2 * PROVE_THREADS; i++)
        PROMISE(was_got[i] == numbers[i]);
    PROMISE(sync_queue_destroy(&line) == 0);
}

/* --- Barrier ---------------------------------------------------------------*/

static int arrive_until(void *self, int round, const struct timespec *deadline)
{
    arrived[round][(intptr_t)self] = 1;
    int error = sync_barrier_wait_until(&both, NULL, deadline);
    PROMISE(error == 0 || error == ECANCELED || error == ETIMEDOUT);
    if (error == 0)
        PROMISE(arrived[round][0] == 1 && arrived[round][1] == 1);
    return error;
}

static void *arrive(void *self)
{
    return prove_result(arrive_until(self, 0, NULL) == 0);
}

static void *arrive_until_soon(void *self)
{
    return prove_result(prove_timely(arrive_until(self, 0, &prove_soon)) == 0);
}

static void *arrive_twice(void *self)
{
    PROMISE(arrive_until(self, 0, NULL) == 0);
    PROMISE(arrive_until(self, 1, NULL) == 0);
    return prove_result(1);
}

static void *reset_both(void *unused)
{
    (void)unused;
    PROMISE(sync_barrier_reset(&both) == 0);
    return prove_result(0);
}

static void begin_barrier(void)
{
    PROMISE(sync_barrier_init(&both, 2, NULL, NULL) == 0);
}

static void abort_both(void)
{
    PROMISE(sync_barrier_abort(&both) == 0);
}

static void end_barrier(void)
{
    PROMISE(prove_sum() == 0 || prove_sum() == 2);
    PROMISE(sync_barrier_destroy(&both) == 0);
}

#define QUEUE   .begin = begin_queue, .end = end_queue
#define FULL    .begin = begin_queue_full, .end = end_queue
#define BARRIER .begin = begin_barrier, .rescue = abort_both, .end = end_barrier

static const prove_scenario scenarios[] = {
        {THREADS(OPERATION(put_one), OPERATION(get_one)), QUEUE},
        {THREADS(OPERATION(put_two), OPERATION(get_two)), QUEUE},
        {THREADS(OPERATION(put_two), OPERATION(get_one), OPERATION(get_one)),
                QUEUE},
        {THREADS(OPERATION(put_one), OPERATION(get_one_until)), QUEUE},
        {THREADS(OPERATION(close_line), OPERATION(get_till_closed)), QUEUE},
        {.name = "full: put_one | get_two",
                THREADS(OPERATION(put_one), OPERATION(get_two)),
                FULL},
        {.name = "full: join_line | do_one",
                THREADS(OPERATION(join_line), OPERATION(do_one)),
                FULL},
        {THREADS(OPERATION(arrive), OPERATION(arrive)), BARRIER},
        {THREADS(OPERATION(arrive_twice), OPERATION(arrive_twice)), BARRIER},
        {THREADS(OPERATION(arrive), OPERATION(arrive_until_soon)), BARRIER},
        {THREADS(WAITING(arrive), WAITING(arrive)), BARRIER},
        {THREADS(WAITING(arrive), OPERATION(reset_both)), BARRIER},
        LAST,
};

const prove_module scenario_module = {
        "looks", NULL, scenarios, NULL, NULL, NULL, false};
