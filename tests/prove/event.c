/*
 * Event: something has happened, and stays happened.
 */
#include "primitives/event.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "tests/prove/prove.h"

static sync_event event;
static sync_event *at_heap;
static int message; /* written before the event is set, read after */

/* --- In pairs: a wait may last till the rescue -----------------------------*/

static void *set(void *unused)
{
    (void)unused;
    PROMISE(sync_event_set(&event) == 0);
    return prove_result(0);
}

static void *clear(void *unused)
{
    (void)unused;
    PROMISE(sync_event_clear(&event) == 0);
    return prove_result(0);
}

static void *set_and_clear(void *unused)
{
    set(unused);
    return clear(unused);
}

static void *is_set(void *unused)
{
    (void)unused;
    sync_event_is_set(&event);
    return prove_result(0);
}

static void *wait(void *unused)
{
    (void)unused;
    PROMISE(sync_event_wait(&event) == 0);
    return prove_result(0);
}

static void *wait_until_null(void *unused)
{
    (void)unused;
    PROMISE(sync_event_wait_until(&event, NULL) == 0);
    return prove_result(0);
}

static void *wait_until_soon(void *unused)
{
    (void)unused;
    int error = prove_timely(sync_event_wait_until(&event, &prove_soon));
    PROMISE(error == 0 || error == ETIMEDOUT);
    return prove_result(error);
}

static void *wait_until_past(void *unused)
{
    (void)unused;
    const struct timespec bad = {0, 1000000000};
    PROMISE(sync_event_wait_until(&event, &bad) == EINVAL);
    int error = sync_event_wait_until(&event, &prove_past);
    PROMISE(error == 0 || error == ETIMEDOUT);
    return prove_result(error);
}

static void begin(void)
{
    PROMISE(sync_event_init(&event) == 0);
    PROMISE(!sync_event_is_set(&event));
}

static void rescue(void)
{
    PROMISE(sync_event_set(&event) == 0);
    PROMISE(sync_event_is_set(&event));
}

static void end(void)
{
    PROMISE(sync_event_destroy(&event) == 0);
}

static const prove_operation operations[] = {OPERATION(set), OPERATION(clear),
        OPERATION(set_and_clear), OPERATION(is_set), WAITING(wait),
        WAITING(wait_until_null), OPERATION(wait_until_soon),
        OPERATION(wait_until_past), {NULL, NULL, false}};

/* --- What is set has happened before ---------------------------------------*/

static void *send(void *unused)
{
    message = 1;
    return set(unused);
}

static void *receive(void *unused)
{
    wait(unused);
    PROMISE(message == 1);
    return prove_result(0);
}

static void *receive_until(void *unused)
{
    if (wait_until_soon(unused) == NULL)
        PROMISE(message == 1);
    return prove_result(0);
}

static void *receive_if_set(void *unused)
{
    (void)unused;
    if (sync_event_is_set(&event)) {
        PROMISE(message == 1);
        PROMISE(sync_event_wait_until(&event, &prove_past) == 0);
    }
    return prove_result(0);
}

static void end_set(void)
{
    PROMISE(sync_event_is_set(&event));
    end();
}

/* --- Who waits at a set is let through, whatever comes then ----------------*/

/* The set is for those who had counted themselves among the sleepers; if one
 * had only come as far as the mutex, there is no clear. */
static void pulse_for(unsigned sleepers)
{
    for (unsigned i = 0; i < sleepers; i++)
        explorer_until_blocked(prove_thread((int)i));
    bool all_sleep = atomic_load(&event.state) / 2 == sleepers;
    PROMISE(sync_event_set(&event) == 0);
    if (all_sleep)
        PROMISE(sync_event_clear(&event) == 0);
}

static void pulse_for_one(void)
{
    pulse_for(1);
}

static void pulse_for_two(void)
{
    pulse_for(2);
}

static void end_clear(void)
{
    PROMISE(!sync_event_is_set(&event));
    PROMISE(sync_event_wait_until(&event, &prove_past) == ETIMEDOUT);
    end();
}

static void *never_set(void *unused)
{
    PROMISE(wait_until_soon(unused) == prove_result(ETIMEDOUT));
    return prove_result(0);
}

/* --- Destroyed -------------------------------------------------------------*/

static void begin_at_heap(void)
{
    at_heap = malloc(sizeof *at_heap);
    PROMISE(at_heap != NULL && sync_event_init(at_heap) == 0);
}

static void *set_at_heap(void *unused)
{
    (void)unused;
    PROMISE(sync_event_set(at_heap) == 0);
    return prove_result(0);
}

static void *destroy_at_heap(void)
{
    PROMISE(sync_event_destroy(at_heap) == 0);
    free(at_heap);
    return prove_result(0);
}

static void *wait_and_free(void *unused)
{
    (void)unused;
    PROMISE(sync_event_wait(at_heap) == 0);
    return destroy_at_heap();
}

static void *wait_until_and_free(void *unused)
{
    (void)unused;
    if (prove_timely(sync_event_wait_until(at_heap, &prove_soon)) != 0)
        PROMISE(sync_event_wait(at_heap) == 0);
    return destroy_at_heap();
}

static void *wait_at_heap(void *unused)
{
    (void)unused;
    PROMISE(sync_event_wait(at_heap) == 0);
    return prove_result(0);
}

/* EBUSY, or the waiter is through. */
static void set_and_destroy(void)
{
    explorer_until_blocked(prove_thread(0));
    PROMISE(sync_event_destroy(at_heap) == EBUSY);
    PROMISE(sync_event_set(at_heap) == 0);
    int error = sync_event_destroy(at_heap);
    PROMISE(error == 0 || error == EBUSY);
    if (error == 0) {
        free(at_heap);
        at_heap = NULL;
    }
}

static void destroy_if_left(void)
{
    if (at_heap != NULL)
        destroy_at_heap();
}

static void nothing(void)
{
}

#define SENT      .end = end_set
#define DESTROYED .begin = begin_at_heap, .end = nothing

static const prove_scenario scenarios[] = {
        {THREADS(OPERATION(send), OPERATION(receive)), SENT},
        {THREADS(OPERATION(send), OPERATION(receive_until)), SENT},
        {THREADS(OPERATION(send), OPERATION(receive_if_set)), SENT},
        {THREADS(OPERATION(send), OPERATION(receive), OPERATION(receive)),
                SENT},
        {THREADS(OPERATION(send), OPERATION(receive), OPERATION(receive_until)),
                SENT},
        {THREADS(OPERATION(send), OPERATION(set), OPERATION(wait)), SENT},
        {THREADS(OPERATION(set), OPERATION(set), OPERATION(wait)), SENT},
        {THREADS(OPERATION(set), OPERATION(clear), WAITING(wait))},
        {THREADS(OPERATION(set), OPERATION(clear), OPERATION(is_set))},
        {THREADS(OPERATION(set), OPERATION(wait_until_soon),
                OPERATION(wait_until_soon))},
        {THREADS(OPERATION(set_and_clear), OPERATION(set), WAITING(wait))},
        {THREADS(OPERATION(set_and_clear), WAITING(wait), WAITING(wait))},
        {.name = "pulse: set and clear, for one",
                THREADS(WAITING(wait)),
                .rescue = pulse_for_one},
        {.name = "pulse: set and clear, for two",
                THREADS(WAITING(wait), WAITING(wait)),
                .rescue = pulse_for_two},
        {.name = "pulse: set and clear, one has a deadline",
                THREADS(WAITING(wait), OPERATION(wait_until_soon)),
                .rescue = pulse_for_one},
        {THREADS(OPERATION(never_set)), .end = end_clear},
        {THREADS(OPERATION(never_set), OPERATION(never_set)), .end = end_clear},
        {THREADS(OPERATION(never_set), OPERATION(clear)), .end = end_clear},
        {THREADS(OPERATION(set_at_heap), OPERATION(wait_and_free)), DESTROYED},
        {THREADS(OPERATION(set_at_heap), OPERATION(wait_until_and_free)),
                DESTROYED},
        {.name = "destroy while one waits or leaves",
                THREADS(WAITING(wait_at_heap)),
                .begin = begin_at_heap,
                .rescue = set_and_destroy,
                .end = destroy_if_left},
        LAST,
};

const prove_module scenario_module = {
        "event", operations, scenarios, begin, rescue, end, true};
