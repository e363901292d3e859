/*
 * Timer: call a function later, once or again and again.
 *
 * The timers' thread is one of the threads here, and time is the explorer's: it
 * passes when all wait, or earlier, as a choice. So what is promised of times
 * is that nothing is early, and in which order callbacks come.
 */
#include "primitives/timer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "primitives/deadline.h"
#include "primitives/timer_thread.h"
#include "tests/prove/prove.h"

enum { SLOW_MS = 5 };

static sync_timer timer, other;
static sync_timer *at_heap;
static int rung;       /* runs of the callback; its own until a join */
static int message;    /* written before a start, read by the callback */
static int told;       /* what the callback does besides, or finds */
static char order[16]; /* who was called, one after the other */
static int called;
static struct timespec not_before;

/* --- In pairs --------------------------------------------------------------*/

static void ring(void *count)
{
    ++*(int *)count;
}

static void *start_soon(void *unused)
{
    (void)unused;
    PROMISE(sync_timer_start(&timer, 10) == 0);
    return prove_result(0);
}

static void *start_now(void *unused)
{
    (void)unused;
    PROMISE(sync_timer_start(&timer, -1) == EINVAL);
    PROMISE(sync_timer_start(&timer, 0) == 0);
    return prove_result(0);
}

static void *start_periodic(void *unused)
{
    (void)unused;
    PROMISE(sync_timer_start_periodic(&timer, 0) == EINVAL);
    PROMISE(sync_timer_start_periodic(&timer, 10) == 0);
    return prove_result(0);
}

static void *cancel(void *unused)
{
    (void)unused;
    int error = sync_timer_cancel(&timer);
    PROMISE(error == 0 || error == EALREADY);
    return prove_result(0);
}

static void *join(void *unused)
{
    (void)unused;
    PROMISE(sync_timer_join(&timer) == 0);
    return prove_result(0);
}

static void begin(void)
{
    PROMISE(sync_timer_init(&timer, NULL, NULL) == EINVAL);
    PROMISE(sync_timer_init(&timer, ring, &rung) == 0);
}

static void rescue(void)
{
    int error = sync_timer_cancel(&timer);
    PROMISE(error == 0 || error == EALREADY);
}

/* After cancel and join nothing runs any more: to write it is no race. */
static void end(void)
{
    rescue();
    PROMISE(sync_timer_join(&timer) == 0);
    int before = rung;
    rung = -1;
    int error = sync_timer_cancel(&timer);
    PROMISE(error == 0 || (error == EALREADY && before > 0));
    PROMISE(sync_timer_destroy(&timer) == 0);
    PROMISE(rung == -1);
}

static const prove_operation operations[] = {OPERATION(start_soon),
        OPERATION(start_now), OPERATION(start_periodic), OPERATION(cancel),
        WAITING(join), {NULL, NULL, false}};

/* --- What was done before --------------------------------------------------*/

static void read_message(void *count)
{
    PROMISE(message == 1);
    ring(count);
}

static void begin_reading(void)
{
    PROMISE(sync_timer_init(&timer, read_message, &rung) == 0);
}

static void *send_and_join(void *unused)
{
    message = 1;
    start_soon(unused);
    join(unused);
    PROMISE(rung == 1);
    PROMISE(sync_timer_cancel(&timer) == EALREADY);
    return prove_result(0);
}

static void *send_and_cancel(void *unused)
{
    message = 1;
    start_soon(unused);
    int error = sync_timer_cancel(&timer);
    join(unused);
    PROMISE(error == (rung == 0 ? 0 : EALREADY));
    PROMISE(rung <= 1);
    return prove_result(0);
}

/* --- Times -----------------------------------------------------------------*/

static bool has_come(const struct timespec *time)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > time->tv_sec ||
           (now.tv_sec == time->tv_sec && now.tv_nsec >= time->tv_nsec);
}

static void check_time(void *count)
{
    PROMISE(has_come(&not_before));
    ring(count);
}

static void begin_checking(void)
{
    PROMISE(sync_timer_init(&timer, check_time, &rung) == 0);
}

static void *start_and_join(void *unused)
{
    not_before = sync_deadline_after_ms(10);
    start_soon(unused);
    return join(unused);
}

static void tell(void *name)
{
    order[called++] = *(const char *)name;
}

static void tell_slowly(void *name)
{
    const struct timespec slow = {0, SLOW_MS * 1000000};
    tell(name);
    nanosleep(&slow, NULL);
}

static void tell_and_stop(void *name)
{
    tell(name);
    PROMISE(sync_timer_cancel(&timer) == 0);
}

static void end_two(void)
{
    PROMISE(sync_timer_join(&timer) == 0);
    PROMISE(sync_timer_join(&other) == 0);
    PROMISE(sync_timer_destroy(&timer) == 0);
    PROMISE(sync_timer_destroy(&other) == 0);
}

/* Of two the one that is due first, whichever was started first. */
static void earlier_first(void)
{
    PROMISE(sync_timer_init(&timer, tell, "a") == 0);
    PROMISE(sync_timer_init(&other, tell, "b") == 0);
    PROMISE(sync_timer_start(&timer, 20) == 0);
    PROMISE(sync_timer_start(&other, 10) == 0);
}

static void end_earlier_first(void)
{
    end_two();
    PROMISE(strcmp(order, "ba") == 0);
}

/* One that is started anew forgets its earlier time. */
static void start_anew(void)
{
    earlier_first();
    PROMISE(sync_timer_start(&timer, 5) == 0);
}

static void end_anew(void)
{
    end_two();
    PROMISE(strcmp(order, "ab") == 0);
}

/* `timer` is due at 10, and 4 late; so again at 20, before `other` at 22. */
static sync_timer slow;

static void no_drift(void)
{
    PROMISE(sync_timer_init(&slow, tell_slowly, "s") == 0);
    PROMISE(sync_timer_init(&timer, tell, "p") == 0);
    PROMISE(sync_timer_init(&other, tell_and_stop, "o") == 0);
    PROMISE(sync_timer_start_periodic(&timer, 10) == 0);
    PROMISE(sync_timer_start(&slow, 9) == 0);
    PROMISE(sync_timer_start(&other, 22) == 0);
}

static void end_no_drift(void)
{
    PROMISE(sync_timer_join(&other) == 0);
    end_two();
    PROMISE(sync_timer_destroy(&slow) == 0);
    PROMISE(strcmp(order, "sppo") == 0);
}

/* Due at 2, 4 and 6, and held up from 1 to 6: two are left out. */
static void missed(void)
{
    PROMISE(sync_timer_init(&slow, tell_slowly, "s") == 0);
    PROMISE(sync_timer_init(&timer, tell, "p") == 0);
    PROMISE(sync_timer_init(&other, tell_and_stop, "o") == 0);
    PROMISE(sync_timer_start(&slow, 1) == 0);
    PROMISE(sync_timer_start_periodic(&timer, 2) == 0);
    PROMISE(sync_timer_start(&other, 7) == 0);
}

static void end_missed(void)
{
    PROMISE(sync_timer_join(&other) == 0);
    end_two();
    PROMISE(sync_timer_destroy(&slow) == 0);
    PROMISE(strcmp(order, "spo") == 0);
}

/* --- Callbacks that use timers ---------------------------------------------*/

/* Neither join nor destroy is for a callback, of whatever timer. */
static void misuse(void *count)
{
    PROMISE(sync_timer_join(&timer) == EDEADLK);
    PROMISE(sync_timer_join(&other) == EDEADLK);
    PROMISE(sync_timer_destroy(&timer) == EBUSY);
    PROMISE(sync_timer_destroy(&other) == EBUSY);
    PROMISE(sync_timer_cancel(&timer) == EALREADY);
    ring(count);
}

static void begin_misuse(void)
{
    PROMISE(sync_timer_init(&timer, misuse, &rung) == 0);
    PROMISE(sync_timer_init(&other, ring, &rung) == 0);
    PROMISE(sync_timer_start(&timer, 0) == 0);
}

static void again(void *count)
{
    ring(count);
    if (rung == 1)
        PROMISE(sync_timer_start(&timer, 1) == 0);
}

static void begin_again(void)
{
    PROMISE(sync_timer_init(&timer, again, &rung) == 0);
    PROMISE(sync_timer_start(&timer, 0) == 0);
}

static void *join_twice_rung(void *unused)
{
    join(unused);
    PROMISE(rung == 2);
    return prove_result(0);
}

/* A periodic one that stops itself. */
static void stop_at_two(void *count)
{
    ring(count);
    if (rung == 2)
        PROMISE(sync_timer_cancel(&timer) == EALREADY);
}

static void begin_stopping(void)
{
    PROMISE(sync_timer_init(&timer, stop_at_two, &rung) == 0);
    PROMISE(sync_timer_start_periodic(&timer, 10) == 0);
}

static void make_another(void *count)
{
    PROMISE(sync_timer_init(&other, ring, count) == 0);
    PROMISE(sync_timer_start(&other, 0) == 0);
    told = 1;
}

static void begin_making(void)
{
    PROMISE(sync_timer_init(&timer, make_another, &rung) == 0);
    PROMISE(sync_timer_start(&timer, 0) == 0);
}

static void *join_both(void *unused)
{
    join(unused);
    PROMISE(told == 1);
    PROMISE(sync_timer_join(&other) == 0);
    PROMISE(rung == 1);
    return prove_result(0);
}

/* --- The thread comes and goes with the timers -----------------------------*/

static void *live_and_die(void *self)
{
    sync_timer *mine = self == prove_result(0) ? &timer : &other;
    PROMISE(sync_timer_init(mine, ring, &rung) == 0);
    PROMISE(sync_timer_destroy(mine) == 0);
    return prove_result(0);
}

static int rung_by[2];

static void *live_ring_and_die(void *self)
{
    int i = (int)(intptr_t)self;
    sync_timer *mine = i == 0 ? &timer : &other;
    PROMISE(sync_timer_init(mine, ring, &rung_by[i]) == 0);
    PROMISE(sync_timer_start(mine, 0) == 0);
    PROMISE(sync_timer_join(mine) == 0);
    PROMISE(rung_by[i] == 1);
    PROMISE(sync_timer_destroy(mine) == 0);
    return prove_result(0);
}

/* --- Destroyed -------------------------------------------------------------*/

static int *bell;

static void begin_at_heap(void)
{
    at_heap = malloc(sizeof *at_heap);
    bell = calloc(1, sizeof *bell);
    PROMISE(at_heap != NULL && bell != NULL);
    PROMISE(sync_timer_init(at_heap, ring, bell) == 0);
}

static void *cancel_join_free(void)
{
    int error = sync_timer_cancel(at_heap);
    PROMISE(error == 0 || error == EALREADY);
    PROMISE(sync_timer_join(at_heap) == 0);
    free(bell);
    PROMISE(sync_timer_destroy(at_heap) == 0);
    free(at_heap);
    return prove_result(0);
}

static void *start_and_free(void *unused)
{
    (void)unused;
    PROMISE(sync_timer_start(at_heap, 0) == 0);
    return cancel_join_free();
}

static void *start_periodic_and_free(void *unused)
{
    (void)unused;
    PROMISE(sync_timer_start_periodic(at_heap, 10) == 0);
    return cancel_join_free();
}

static void *join_and_free(void *unused)
{
    (void)unused;
    PROMISE(sync_timer_start(at_heap, 10) == 0);
    PROMISE(sync_timer_join(at_heap) == 0);
    free(bell);
    PROMISE(sync_timer_destroy(at_heap) == 0);
    free(at_heap);
    return prove_result(0);
}

/* Pending, then joined: EBUSY. */
static void begin_pending(void)
{
    begin();
    PROMISE(sync_timer_start(&timer, 10) == 0);
    PROMISE(sync_timer_destroy(&timer) == EBUSY);
}

/* While the other leaves its join it may be seen or not; if it is not, the
 * timer is not touched any more. */
static void destroy_joined(void)
{
    explorer_until_blocked(prove_thread(0));
    PROMISE(pthread_mutex_lock(&sync_timer_mutex) == 0);
    bool is_joining = timer.joiners > 0;
    PROMISE(pthread_mutex_unlock(&sync_timer_mutex) == 0);
    rescue();
    PROMISE(sync_timer_join(&timer) == 0);
    if (!is_joining) /* it had only come as far as the mutex */
        return;
    int error = sync_timer_destroy(&timer);
    PROMISE(error == 0 || error == EBUSY);
    told = error == 0;
    if (error == 0)
        memset(&timer, 0, sizeof timer);
}

static void end_destroyed(void)
{
    if (told == 0)
        PROMISE(sync_timer_destroy(&timer) == 0);
}

static void end_both(void)
{
    PROMISE(sync_timer_join(&timer) == 0);
    PROMISE(sync_timer_join(&other) == 0);
    PROMISE(sync_timer_destroy(&other) == 0);
    end();
}

static void nothing(void)
{
}

#define READING   .begin = begin_reading
#define CHECKING  .begin = begin_checking
#define DESTROYED .begin = begin_at_heap, .end = nothing

static const prove_scenario scenarios[] = {
        {THREADS(OPERATION(send_and_join)), READING},
        {THREADS(OPERATION(send_and_cancel)), READING},
        {THREADS(OPERATION(start_and_join)), CHECKING},
        {THREADS(OPERATION(start_soon), WAITING(join), WAITING(join)),
                .left_out = NO_SPURIOUS},
        {THREADS(OPERATION(start_soon), OPERATION(cancel), WAITING(join))},
        {.name = "the one that is due first is called first",
                .begin = earlier_first,
                .end = end_earlier_first,
                .left_out = NO_TIMEOUTS},
        {.name = "the one that is started anew",
                .begin = start_anew,
                .end = end_anew,
                .left_out = NO_TIMEOUTS},
        {.name = "no drift",
                .begin = no_drift,
                .end = end_no_drift,
                .left_out = NO_TIMEOUTS},
        {.name = "missed periods are left out",
                .begin = missed,
                .end = end_missed,
                .left_out = NO_TIMEOUTS},
        {.name = "a callback joins and destroys",
                .begin = begin_misuse,
                .end = end_both},
        {.name = "a callback starts itself again",
                THREADS(OPERATION(join_twice_rung)),
                .begin = begin_again},
        {.name = "a callback stops itself",
                THREADS(OPERATION(join_twice_rung)),
                .begin = begin_stopping},
        {.name = "a callback makes another",
                THREADS(OPERATION(join_both)),
                .begin = begin_making,
                .end = end_both},
        {THREADS(OPERATION(live_and_die), OPERATION(live_and_die)),
                .begin = nothing, .end = nothing},
        {THREADS(OPERATION(live_and_die), OPERATION(live_ring_and_die)),
                .begin = nothing, .end = nothing},
        {THREADS(OPERATION(start_and_free)), DESTROYED},
        {THREADS(OPERATION(start_periodic_and_free)), DESTROYED},
        {THREADS(OPERATION(join_and_free)), DESTROYED},
        {.name = "destroy while one joins",
                THREADS(WAITING(join)),
                .begin = begin_pending,
                .rescue = destroy_joined,
                .end = end_destroyed,
                .left_out = NO_TIMEOUTS},
        LAST,
};

const prove_module scenario_module = {
        "timer", operations, scenarios, begin, rescue, end, true};
