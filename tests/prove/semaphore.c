/*
 * Semaphore: a number of permits.
 */
#include "primitives/semaphore.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "tests/prove/prove.h"

static sync_semaphore semaphore;
static sync_semaphore *at_heap;
static int at_first;        /* permits */
static int rescued;         /* permits that main brought */
static int message;         /* written before a release, read after acquire */
static int entered, inside; /* guarded by the one permit */

/* --- In pairs: what a thread returns is what it put in, less what it took --*/

static void *acquire(void *unused)
{
    (void)unused;
    PROMISE(sync_semaphore_acquire(&semaphore) == 0);
    return prove_result(-1);
}

static void *acquire_until_null(void *unused)
{
    (void)unused;
    PROMISE(sync_semaphore_acquire_until(&semaphore, NULL) == 0);
    return prove_result(-1);
}

static void *took_if(int error, int otherwise)
{
    PROMISE(error == 0 || error == otherwise);
    return prove_result(error == 0 ? -1 : 0);
}

static void *try_acquire(void *unused)
{
    (void)unused;
    return took_if(sync_semaphore_try_acquire(&semaphore), EAGAIN);
}

static void *acquire_until_soon(void *unused)
{
    (void)unused;
    int error = sync_semaphore_acquire_until(&semaphore, &prove_soon);
    return took_if(prove_timely(error), ETIMEDOUT);
}

static void *acquire_until_past(void *unused)
{
    (void)unused;
    const struct timespec bad = {0, 1000000000};
    PROMISE(sync_semaphore_acquire_until(&semaphore, &bad) == EINVAL);
    int error = sync_semaphore_acquire_until(&semaphore, &prove_past);
    return took_if(error, ETIMEDOUT);
}

static void *release(void *unused)
{
    (void)unused;
    PROMISE(sync_semaphore_release(&semaphore) == 0);
    return prove_result(1);
}

static void *release_two(void *unused)
{
    (void)unused;
    PROMISE(sync_semaphore_release_many(&semaphore, 0) == EINVAL);
    PROMISE(sync_semaphore_release_many(&semaphore, 2) == 0);
    return prove_result(2);
}

static void *value(void *unused)
{
    (void)unused;
    PROMISE(sync_semaphore_value(&semaphore) <= 6);
    return prove_result(0);
}

static void begin_with(int permits)
{
    at_first = permits;
    PROMISE(sync_semaphore_init(&semaphore, (unsigned)permits) == 0);
}

static void begin(void)
{
    begin_with(0);
}

static void begin_with_one(void)
{
    begin_with(1);
}

static void rescue(void)
{
    rescued = 3;
    PROMISE(sync_semaphore_release_many(&semaphore, 3) == 0);
}

static void end(void)
{
    int left = at_first + rescued + prove_sum();
    PROMISE(sync_semaphore_value(&semaphore) == (unsigned)left);
    PROMISE(sync_semaphore_destroy(&semaphore) == 0);
}

static const prove_operation operations[] = {WAITING(acquire),
        WAITING(acquire_until_null), OPERATION(try_acquire),
        OPERATION(acquire_until_soon), OPERATION(acquire_until_past),
        OPERATION(release), OPERATION(release_two), OPERATION(value),
        {NULL, NULL, false}};

/* --- A release has happened before -----------------------------------------*/

static void *send(void *unused)
{
    message = 1;
    return release(unused);
}

static void *send_two(void *unused)
{
    message = 1;
    return release_two(unused);
}

/* Whatever form it is, who has a permit sees the message. */
static void *read_if_taken(void *result)
{
    if (result == prove_result(-1))
        PROMISE(message == 1);
    return result;
}

static void *receive(void *unused)
{
    return read_if_taken(acquire(unused));
}

static void *try_receive(void *unused)
{
    return read_if_taken(try_acquire(unused));
}

static void *receive_until(void *unused)
{
    return read_if_taken(acquire_until_soon(unused));
}

static void *acquire_twice(void *unused)
{
    acquire(unused);
    acquire(unused);
    return prove_result(-2);
}

/* --- One permit excludes ---------------------------------------------------*/

static void *leave_if(void *result)
{
    if (result != prove_result(-1))
        return prove_result(0);
    inside++;
    entered++;
    PROMISE(inside == 1);
    inside--;
    PROMISE(sync_semaphore_release(&semaphore) == 0);
    return prove_result(0);
}

static void *enter(void *unused)
{
    return leave_if(acquire(unused));
}

static void *try_enter(void *unused)
{
    return leave_if(try_acquire(unused));
}

static void *enter_until(void *unused)
{
    return leave_if(acquire_until_soon(unused));
}

/* --- Limits ----------------------------------------------------------------*/

static void begin_bounded(void)
{
    at_first = 1;
    PROMISE(sync_semaphore_init_bounded(&semaphore, 3, 2) == EINVAL);
    PROMISE(sync_semaphore_init_bounded(&semaphore, 1, 2) == 0);
}

static void rescue_bounded(void)
{
    rescued = sync_semaphore_release(&semaphore) == 0;
}

/* All n of them or none. */
static void *added_if(int error, int n)
{
    PROMISE(error == 0 || error == EOVERFLOW);
    PROMISE(sync_semaphore_value(&semaphore) <= 2);
    return prove_result(error == 0 ? n : 0);
}

static void *put_one(void *unused)
{
    (void)unused;
    return added_if(sync_semaphore_release(&semaphore), 1);
}

static void *put_two(void *unused)
{
    (void)unused;
    return added_if(sync_semaphore_release_many(&semaphore, 2), 2);
}

static void *put_three(void *unused)
{
    (void)unused;
    PROMISE(sync_semaphore_release_many(&semaphore, 3) == EOVERFLOW);
    return prove_result(0);
}

static void begin_full(void)
{
    PROMISE(sync_semaphore_init(&semaphore, UINT_MAX) == 0);
    PROMISE(sync_semaphore_release(&semaphore) == EOVERFLOW);
    PROMISE(sync_semaphore_release_many(&semaphore, UINT_MAX) == EOVERFLOW);
}

static void end_full(void)
{
    unsigned left = UINT_MAX + (unsigned)prove_sum();
    PROMISE(sync_semaphore_value(&semaphore) == left);
    PROMISE(sync_semaphore_destroy(&semaphore) == 0);
}

static void *overflow_if_full(void *unused)
{
    (void)unused;
    int error = sync_semaphore_release(&semaphore);
    PROMISE(error == 0 || error == EOVERFLOW);
    return prove_result(error == 0);
}

/* --- Destroyed -------------------------------------------------------------*/

static void begin_at_heap(void)
{
    at_heap = malloc(sizeof *at_heap);
    PROMISE(at_heap != NULL && sync_semaphore_init(at_heap, 0) == 0);
}

static void *release_at_heap(void *unused)
{
    (void)unused;
    PROMISE(sync_semaphore_release(at_heap) == 0);
    return prove_result(0);
}

static void *release_two_at_heap(void *unused)
{
    (void)unused;
    PROMISE(sync_semaphore_release_many(at_heap, 2) == 0);
    return prove_result(0);
}

static void *destroy_at_heap(void)
{
    PROMISE(sync_semaphore_destroy(at_heap) == 0);
    free(at_heap);
    return prove_result(0);
}

static void *take_and_free(void *unused)
{
    (void)unused;
    PROMISE(sync_semaphore_acquire(at_heap) == 0);
    return destroy_at_heap();
}

static void *two_and_free(void *unused)
{
    (void)unused;
    PROMISE(sync_semaphore_acquire(at_heap) == 0);
    PROMISE(sync_semaphore_acquire(at_heap) == 0);
    return destroy_at_heap();
}

static void *take_late_and_free(void *unused)
{
    (void)unused;
    int error = sync_semaphore_acquire_until(at_heap, &prove_soon);
    if (prove_timely(error) != 0)
        PROMISE(sync_semaphore_acquire(at_heap) == 0);
    return destroy_at_heap();
}

static void *acquire_at_heap(void *unused)
{
    (void)unused;
    PROMISE(sync_semaphore_acquire(at_heap) == 0);
    return prove_result(0);
}

/* EBUSY, or the waiter is through. */
static void release_and_destroy(void)
{
    explorer_until_blocked(prove_thread(0));
    PROMISE(sync_semaphore_destroy(at_heap) == EBUSY);
    PROMISE(sync_semaphore_release(at_heap) == 0);
    int error = sync_semaphore_destroy(at_heap);
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

#define BOUNDED   .begin = begin_bounded
#define EXCLUDES  .begin = begin_with_one
#define FULL      .begin = begin_full, .end = end_full
#define DESTROYED .begin = begin_at_heap, .end = nothing

static const prove_scenario scenarios[] = {
        {THREADS(OPERATION(send), OPERATION(receive))},
        {THREADS(OPERATION(send), OPERATION(try_receive))},
        {THREADS(OPERATION(send), OPERATION(receive_until))},
        {THREADS(OPERATION(send_two), OPERATION(receive), OPERATION(receive))},
        {THREADS(OPERATION(send_two), OPERATION(receive),
                OPERATION(receive_until))},
        {THREADS(OPERATION(release), OPERATION(release), OPERATION(acquire))},
        {THREADS(OPERATION(release), OPERATION(release),
                OPERATION(acquire_twice))},
        {THREADS(OPERATION(release_two), OPERATION(acquire),
                OPERATION(acquire))},
        {THREADS(OPERATION(release), WAITING(acquire), OPERATION(try_acquire))},
        {THREADS(OPERATION(release), OPERATION(acquire_until_soon),
                OPERATION(acquire_until_soon))},
        {THREADS(OPERATION(enter), OPERATION(enter)), EXCLUDES},
        {THREADS(OPERATION(enter), OPERATION(enter), OPERATION(try_enter)),
                EXCLUDES},
        {THREADS(OPERATION(enter), OPERATION(enter_until)), EXCLUDES},
        {THREADS(OPERATION(put_one), OPERATION(put_one)), BOUNDED},
        {THREADS(OPERATION(put_one), OPERATION(put_two),
                 OPERATION(try_acquire)),
                BOUNDED},
        {THREADS(OPERATION(put_one), OPERATION(acquire)), BOUNDED},
        {THREADS(OPERATION(put_two), OPERATION(acquire)), BOUNDED},
        {THREADS(OPERATION(put_two), WAITING(acquire_twice)), BOUNDED,
                .rescue = rescue_bounded},
        {THREADS(OPERATION(put_three), OPERATION(put_two)), BOUNDED},
        {THREADS(OPERATION(overflow_if_full), OPERATION(acquire)), FULL},
        {THREADS(OPERATION(overflow_if_full), OPERATION(overflow_if_full),
                 OPERATION(acquire)),
                FULL},
        {THREADS(OPERATION(release_at_heap), OPERATION(take_and_free)),
                DESTROYED},
        {THREADS(OPERATION(release_at_heap), OPERATION(take_late_and_free)),
                DESTROYED},
        {THREADS(OPERATION(release_two_at_heap), OPERATION(two_and_free)),
                DESTROYED},
        {THREADS(OPERATION(release_at_heap), OPERATION(release_at_heap),
                 OPERATION(two_and_free)),
                DESTROYED},
        {.name = "destroy while one waits or leaves",
                THREADS(WAITING(acquire_at_heap)),
                .begin = begin_at_heap,
                .rescue = release_and_destroy,
                .end = destroy_if_left},
        LAST,
};

const prove_module scenario_module = {
        "semaphore", operations, scenarios, begin, rescue, end, true};
