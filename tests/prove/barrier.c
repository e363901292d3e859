/*
 * Barrier: nobody goes on before everybody has come.
 */
#include "primitives/barrier.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/prove/prove.h"

enum { ROUNDS = 2 };

static sync_barrier barrier;
static sync_barrier *at_heap;
static int arrived[ROUNDS][PROVE_THREADS]; /* before the round, by each */
static unsigned indices[ROUNDS][PROVE_THREADS];
static unsigned parties;
static int acted;         /* how often the action was called */
static bool is_destroyed; /* by the rescue */

/* --- A round ---------------------------------------------------------------*/

/* After a round each may read what all did before it. */
static int arrive(int self, int round, const struct timespec *deadline)
{
    unsigned index = parties;
    arrived[round][self] = 1;
    int error = sync_barrier_wait_until(&barrier, &index, deadline);
    PROMISE((index < parties) == (error == 0));
    if (error == 0) {
        for (unsigned i = 0; i < parties; i++)
            PROMISE(arrived[round][i] == 1);
        indices[round][self] = index + 1;
    }
    return error;
}

/* What a thread returns, if it tells: 1 for a round. */
static void *passed_if(int error, int otherwise)
{
    PROMISE(error == 0 || error == ECANCELED || error == otherwise);
    return prove_result(error == 0);
}

static void *wait(void *self)
{
    return passed_if(arrive((int)(intptr_t)self, 0, NULL), 0);
}

static void *wait_without_index(void *self)
{
    arrived[0][(intptr_t)self] = 1;
    int error = sync_barrier_wait(&barrier, NULL);
    for (unsigned i = 0; error == 0 && i < parties; i++)
        PROMISE(arrived[0][i] == 1);
    return passed_if(error, 0);
}

static void *wait_until_soon(void *self)
{
    int error = prove_timely(arrive((int)(intptr_t)self, 0, &prove_soon));
    return passed_if(error, ETIMEDOUT);
}

static void *wait_until_past(void *self)
{
    const struct timespec bad = {0, 1000000000};
    PROMISE(sync_barrier_wait_until(&barrier, NULL, &bad) == EINVAL);
    return passed_if(arrive((int)(intptr_t)self, 0, &prove_past), ETIMEDOUT);
}

static void *abort_it(void *unused)
{
    (void)unused;
    PROMISE(sync_barrier_abort(&barrier) == 0);
    return prove_result(0);
}

static void *reset(void *unused)
{
    (void)unused;
    PROMISE(sync_barrier_reset(&barrier) == 0);
    return prove_result(0);
}

static void *waiting(void *unused)
{
    (void)unused;
    PROMISE(sync_barrier_waiting(&barrier) < parties);
    return prove_result(0);
}

static void *is_broken(void *unused)
{
    (void)unused;
    sync_barrier_is_broken(&barrier);
    return prove_result(0);
}

static void begin_for(unsigned n, void (*action)(void *))
{
    parties = n;
    PROMISE(sync_barrier_init(&barrier, 0, NULL, NULL) == EINVAL);
    PROMISE(sync_barrier_init(&barrier, n, action, &acted) == 0);
}

static void begin(void)
{
    begin_for(2, NULL);
}

static void begin_for_three(void)
{
    begin_for(3, NULL);
}

static void rescue(void)
{
    PROMISE(sync_barrier_abort(&barrier) == 0);
    PROMISE(sync_barrier_is_broken(&barrier));
}

/* All passed a round or none, and each has a place of its own in it. Those who
 * pass do so even if the barrier breaks at once. */
static void end(void)
{
    int through = prove_sum();
    PROMISE(through == 0 || through == (int)parties);
    PROMISE(sync_barrier_waiting(&barrier) == 0);
    unsigned places = 0;
    for (int i = 0; i < PROVE_THREADS; i++)
        if (indices[0][i] > 0)
            places |= 1U << (indices[0][i] - 1);
        else if (prove_returned[i] == 1)
            places = (1U << parties) - 1; /* it did not ask */
    PROMISE(places == (through == 0 ? 0 : (1U << parties) - 1));
    PROMISE(sync_barrier_destroy(&barrier) == 0);
}

/* Without rescue: they all pass. */
static void end_passed(void)
{
    PROMISE(prove_sum() == (int)parties);
    PROMISE(!sync_barrier_is_broken(&barrier));
    end();
}

static const prove_operation operations[] = {WAITING(wait),
        WAITING(wait_without_index), OPERATION(wait_until_soon),
        OPERATION(wait_until_past), OPERATION(abort_it), OPERATION(reset),
        OPERATION(waiting), OPERATION(is_broken), {NULL, NULL, false}};

/* --- One round after the other ---------------------------------------------*/

static void *wait_twice(void *self)
{
    PROMISE(arrive((int)(intptr_t)self, 0, NULL) == 0);
    PROMISE(arrive((int)(intptr_t)self, 1, NULL) == 0);
    return prove_result(2);
}

static void end_two_rounds(void)
{
    for (int round = 0; round < ROUNDS; round++)
        PROMISE(indices[round][0] + indices[round][1] == 3);
    PROMISE(sync_barrier_waiting(&barrier) == 0);
    PROMISE(sync_barrier_destroy(&barrier) == 0);
}

/* --- The action ------------------------------------------------------------*/

/* It comes after all that was done before, and before all that is done then;
 * the barrier may be looked at. */
static void act(void *count)
{
    for (unsigned i = 0; i < parties; i++)
        PROMISE(arrived[*(int *)count][i] == 1);
    ++*(int *)count;
    PROMISE(sync_barrier_waiting(&barrier) == 0);
    PROMISE(sync_barrier_destroy(&barrier) == EBUSY);
}

static void act_and_abort(void *count)
{
    act(count);
    PROMISE(sync_barrier_abort(&barrier) == 0);
}

static void act_and_reset(void *count)
{
    act(count);
    PROMISE(sync_barrier_reset(&barrier) == 0);
}

static void begin_acting(void)
{
    begin_for(2, act);
}

static void begin_aborting(void)
{
    begin_for(2, act_and_abort);
}

static void begin_resetting(void)
{
    begin_for(2, act_and_reset);
}

static void *wait_acted(void *self)
{
    int error = arrive((int)(intptr_t)self, 0, NULL);
    if (error == 0)
        PROMISE(acted == 1);
    return passed_if(error, 0);
}

static void *wait_acted_until(void *self)
{
    int error = prove_timely(arrive((int)(intptr_t)self, 0, &prove_soon));
    if (error == 0)
        PROMISE(acted == 1);
    return passed_if(error, ETIMEDOUT);
}

static void *wait_acted_twice(void *self)
{
    PROMISE(arrive((int)(intptr_t)self, 0, NULL) == 0);
    PROMISE(acted >= 1);
    PROMISE(arrive((int)(intptr_t)self, 1, NULL) == 0);
    PROMISE(acted == 2);
    return prove_result(2);
}

static void *is_canceled(void *self)
{
    PROMISE(arrive((int)(intptr_t)self, 0, NULL) == ECANCELED);
    return prove_result(0);
}

static void end_acted(void)
{
    PROMISE(acted == 1);
    end_passed();
}

static void end_broken(void)
{
    PROMISE(sync_barrier_is_broken(&barrier));
    PROMISE(sync_barrier_wait(&barrier, NULL) == ECANCELED);
    PROMISE(sync_barrier_reset(&barrier) == 0);
    PROMISE(!sync_barrier_is_broken(&barrier));
    end();
}

/* --- Breaking and resetting ------------------------------------------------*/

static void *breaks_it(void *self)
{
    int error = prove_timely(arrive((int)(intptr_t)self, 0, &prove_soon));
    PROMISE(error == ETIMEDOUT);
    PROMISE(sync_barrier_is_broken(&barrier));
    return prove_result(0);
}

/* The deadline of one breaks it for both; or both pass. */
static void end_timed(void)
{
    bool is_broken_now = sync_barrier_is_broken(&barrier);
    PROMISE(is_broken_now == (prove_sum() == 0));
    end();
}

/* Once the action has begun, no deadline counts. */
static void end_timed_acting(void)
{
    PROMISE(acted == prove_sum() / 2);
    end_timed();
}

static void reset_when_blocked(void)
{
    explorer_until_blocked(prove_thread(0));
    PROMISE(sync_barrier_waiting(&barrier) == 1);
    PROMISE(sync_barrier_destroy(&barrier) == EBUSY);
    PROMISE(sync_barrier_reset(&barrier) == 0);
    PROMISE(!sync_barrier_is_broken(&barrier));
    PROMISE(sync_barrier_waiting(&barrier) == 0);
}

/* The reset round may be destroyed at once: it waits for those who leave. */
static void abort_and_destroy(void)
{
    explorer_until_blocked(prove_thread(0));
    PROMISE(sync_barrier_abort(at_heap) == 0);
    PROMISE(sync_barrier_destroy(at_heap) == 0);
    free(at_heap);
}

static void reset_and_destroy(void)
{
    explorer_until_blocked(prove_thread(0));
    PROMISE(sync_barrier_reset(at_heap) == 0);
    PROMISE(sync_barrier_destroy(at_heap) == 0);
    free(at_heap);
}

/* Who comes after the reset is the first of a new round: it does not pass with
 * the one who was cancelled, though they would be enough. */
static void *reset_and_come(void *self)
{
    explorer_until_blocked(prove_thread(0));
    PROMISE(sync_barrier_reset(&barrier) == 0);
    int error = prove_timely(arrive((int)(intptr_t)self, 0, &prove_soon));
    PROMISE(error == ETIMEDOUT);
    return prove_result(0);
}

/* One that is kept out is using it, too. */
static void destroy_before_newcomer(void)
{
    PROMISE(pthread_mutex_lock(&barrier.mutex) == 0);
    bool is_kept_out = barrier.outside > 0;
    PROMISE(pthread_mutex_unlock(&barrier.mutex) == 0);
    if (!is_kept_out)
        return;
    int error = sync_barrier_destroy(&barrier);
    PROMISE(error == 0 || error == EBUSY);
    is_destroyed = error == 0;
    if (is_destroyed) /* whoever touches it now is found out */
        memset(&barrier, 0, sizeof barrier);
}

static void end_kept_out(void)
{
    if (!is_destroyed)
        PROMISE(sync_barrier_destroy(&barrier) == 0);
}

/* --- More threads than parties ---------------------------------------------*/

static void act_alone(void *count)
{
    ++*(int *)count;
    PROMISE(sync_barrier_waiting(&barrier) == 0);
}

static void begin_crowded(void)
{
    begin_for(2, act_alone);
}

static void *come(void *self)
{
    int error = sync_barrier_wait(&barrier, &indices[0][(intptr_t)self]);
    indices[0][(intptr_t)self] += error == 0;
    return passed_if(error, 0);
}

static void end_crowded(void)
{
    PROMISE(acted == 1 || (acted == 0 && prove_sum() == 0));
    end();
}

/* --- Destroyed -------------------------------------------------------------*/

static void begin_at_heap(void)
{
    parties = 2;
    at_heap = malloc(sizeof *at_heap);
    PROMISE(at_heap != NULL);
    PROMISE(sync_barrier_init(at_heap, parties, NULL, NULL) == 0);
}

static void pass_and_free_if(unsigned mine)
{
    unsigned index;
    PROMISE(sync_barrier_wait(at_heap, &index) == 0);
    if (index == mine) {
        PROMISE(sync_barrier_destroy(at_heap) == 0);
        free(at_heap);
    }
}

static void *first_frees(void *unused)
{
    (void)unused;
    pass_and_free_if(0);
    return prove_result(0);
}

static void *last_frees(void *unused)
{
    (void)unused;
    pass_and_free_if(1);
    return prove_result(0);
}

static void *canceled_at_heap(void *unused)
{
    (void)unused;
    PROMISE(sync_barrier_wait(at_heap, NULL) == ECANCELED);
    return prove_result(0);
}

static void nothing(void)
{
}

#define THREE     .begin = begin_for_three, .end = end_passed
#define DESTROYED .begin = begin_at_heap, .end = nothing

static const prove_scenario scenarios[] = {
        {.name = "a round of 2",
                THREADS(OPERATION(wait), OPERATION(wait)),
                .end = end_passed},
        {.name = "a round of 3",
                THREADS(OPERATION(wait), OPERATION(wait), OPERATION(wait)),
                THREE},
        {.name = "a round of 3, one without index",
                THREADS(OPERATION(wait), OPERATION(wait_without_index),
                        OPERATION(wait)),
                THREE},
        {.name = "two rounds of 2",
                THREADS(OPERATION(wait_twice), OPERATION(wait_twice)),
                .end = end_two_rounds},
        {.name = "a round of 2, acting",
                THREADS(OPERATION(wait_acted), OPERATION(wait_acted)),
                .begin = begin_acting,
                .end = end_acted},
        {.name = "two rounds of 2, acting",
                THREADS(OPERATION(wait_acted_twice),
                        OPERATION(wait_acted_twice)),
                .begin = begin_acting,
                .end = end_two_rounds},
        {.name = "acting, one has a deadline",
                THREADS(OPERATION(wait_acted), OPERATION(wait_acted_until)),
                .begin = begin_acting,
                .end = end_timed_acting},
        {.name = "acting | reset",
                THREADS(WAITING(wait_acted), WAITING(wait_acted),
                        OPERATION(reset)),
                .begin = begin_acting},
        {.name = "the action aborts",
                THREADS(OPERATION(is_canceled), OPERATION(is_canceled)),
                .begin = begin_aborting,
                .end = end_broken},
        {.name = "the action resets",
                THREADS(OPERATION(is_canceled), OPERATION(is_canceled)),
                .begin = begin_resetting,
                .end = end},
        {THREADS(OPERATION(wait_until_soon), OPERATION(wait)),
                .end = end_timed},
        {THREADS(OPERATION(wait_until_soon), OPERATION(wait_until_soon)),
                .end = end_timed},
        {.name = "the deadline of one of 3 passes",
                THREADS(OPERATION(breaks_it), OPERATION(is_canceled)),
                .begin = begin_for_three,
                .end = end_broken},
        {THREADS(WAITING(wait), WAITING(wait), OPERATION(abort_it))},
        {THREADS(WAITING(wait), WAITING(wait), OPERATION(reset))},
        {THREADS(WAITING(wait), OPERATION(abort_it), OPERATION(reset))},
        {.name = "reset while one waits",
                THREADS(WAITING(is_canceled)),
                .rescue = reset_when_blocked},
        {.name = "reset, and come at once",
                THREADS(OPERATION(is_canceled), OPERATION(reset_and_come))},
        {.name = "destroy while one is kept out",
                THREADS(WAITING(is_canceled), WAITING(reset_and_come)),
                .rescue = destroy_before_newcomer,
                .end = end_kept_out},
        {.name = "three come to a barrier of 2, acting",
                THREADS(WAITING(come), WAITING(come), WAITING(come)),
                .begin = begin_crowded,
                .end = end_crowded},
        {THREADS(OPERATION(first_frees), OPERATION(first_frees)), DESTROYED},
        {THREADS(OPERATION(last_frees), OPERATION(last_frees)), DESTROYED},
        {.name = "abort, destroy and free while one waits",
                THREADS(WAITING(canceled_at_heap)),
                .rescue = abort_and_destroy,
                DESTROYED},
        {.name = "reset, destroy and free while one waits",
                THREADS(WAITING(canceled_at_heap)),
                .rescue = reset_and_destroy,
                DESTROYED},
        LAST,
};

const prove_module scenario_module = {
        "barrier", operations, scenarios, begin, rescue, end, false};
