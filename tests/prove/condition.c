/*
 * Condition: wait until something about shared data has become true.
 *
 * The data are items that some threads make and others use up.
 */
#include "primitives/condition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/prove/prove.h"

typedef struct store {
    sync_lock lock;
    sync_condition not_empty;
    sync_condition not_full; /* of a store with one place */
    int items;               /* guarded by the lock */
} store;

static store shop;
static store *at_heap;
static int rescued; /* items that main made */

/* --- In pairs: a thread returns what it made, less what it used up ---------*/

static void enter(void)
{
    PROMISE(sync_lock_acquire(&shop.lock) == 0);
}

static void leave(void)
{
    PROMISE(sync_lock_is_mine(&shop.lock));
    PROMISE(sync_lock_release(&shop.lock) == 0);
}

static bool has_items(void *items)
{
    PROMISE(sync_lock_is_mine(&shop.lock));
    return *(int *)items > 0;
}

/* The caller holds the lock, and gives it back. */
static void *use_one_if(int error)
{
    PROMISE(error == 0 || error == ETIMEDOUT);
    PROMISE(error != 0 || shop.items > 0);
    shop.items -= error == 0;
    leave();
    return prove_result(error == 0 ? -1 : 0);
}

static void *use(void *unused)
{
    (void)unused;
    enter();
    while (shop.items == 0)
        PROMISE(sync_condition_wait(&shop.not_empty) == 0);
    return use_one_if(0);
}

static void *use_until_soon(void *unused)
{
    int error = 0;
    (void)unused;
    enter();
    while (shop.items == 0 && error == 0)
        error = prove_timely(
                sync_condition_wait_until(&shop.not_empty, &prove_soon));
    PROMISE(error == 0 || error == ETIMEDOUT);
    return use_one_if(shop.items > 0 ? 0 : error);
}

static void *use_until_past(void *unused)
{
    (void)unused;
    enter();
    int error = sync_condition_wait_until(&shop.not_empty, &prove_past);
    PROMISE(error == 0 || error == ETIMEDOUT);
    return use_one_if(shop.items > 0 ? 0 : ETIMEDOUT);
}

static void *use_for(void *unused)
{
    (void)unused;
    enter();
    int error = sync_condition_wait_for(
            &shop.not_empty, has_items, &shop.items, NULL);
    PROMISE(error == 0);
    return use_one_if(error);
}

/* An error means that there is nothing. */
static void *use_for_soon(void *unused)
{
    (void)unused;
    enter();
    int error = prove_timely(sync_condition_wait_for(
            &shop.not_empty, has_items, &shop.items, &prove_soon));
    PROMISE(error == 0 || shop.items == 0);
    return use_one_if(error);
}

/* Whether it is true or not, it returns. */
static void *use_for_past(void *unused)
{
    (void)unused;
    enter();
    int error = sync_condition_wait_for(
            &shop.not_empty, has_items, &shop.items, &prove_past);
    PROMISE(error == 0 || shop.items == 0);
    return use_one_if(error);
}

static void *make(void *unused)
{
    (void)unused;
    enter();
    shop.items++;
    PROMISE(sync_condition_notify(&shop.not_empty) == 0);
    leave();
    return prove_result(1);
}

static void *make_two(void *unused)
{
    (void)unused;
    enter();
    shop.items += 2;
    PROMISE(sync_condition_notify_many(&shop.not_empty, 2) == 0);
    leave();
    return prove_result(2);
}

static void *make_for_all(void *unused)
{
    (void)unused;
    enter();
    shop.items += 2;
    PROMISE(sync_condition_notify_all(&shop.not_empty) == 0);
    leave();
    return prove_result(2);
}

static void *without_lock(void *unused)
{
    (void)unused;
    const struct timespec bad = {0, 1000000000};
    sync_condition *c = &shop.not_empty;
    PROMISE(sync_condition_wait(c) == EPERM);
    PROMISE(sync_condition_wait_until(c, &prove_past) == EPERM);
    PROMISE(sync_condition_wait_until(c, &bad) == EINVAL);
    PROMISE(sync_condition_wait_for(c, has_items, &shop.items, NULL) == EPERM);
    PROMISE(sync_condition_wait_for(c, has_items, &shop.items, &bad) == EINVAL);
    PROMISE(sync_condition_notify(c) == EPERM);
    PROMISE(sync_condition_notify_many(c, 0) == EPERM);
    PROMISE(sync_condition_notify_many(c, 2) == EPERM);
    PROMISE(sync_condition_notify_all(c) == EPERM);
    return prove_result(0);
}

static void begin(void)
{
    PROMISE(sync_lock_init(&shop.lock) == 0);
    PROMISE(sync_condition_init(&shop.not_empty, &shop.lock) == 0);
    PROMISE(sync_condition_init(&shop.not_full, &shop.lock) == 0);
}

static void rescue(void)
{
    enter();
    rescued = 3;
    shop.items += 3;
    PROMISE(sync_condition_notify_all(&shop.not_empty) == 0);
    leave();
}

static void end(void)
{
    PROMISE(shop.items == rescued + prove_sum());
    PROMISE(sync_condition_destroy(&shop.not_empty) == 0);
    PROMISE(sync_condition_destroy(&shop.not_full) == 0);
    PROMISE(sync_lock_destroy(&shop.lock) == 0);
}

static const prove_operation operations[] = {WAITING(use), WAITING(use_for),
        OPERATION(use_until_soon), OPERATION(use_until_past),
        OPERATION(use_for_soon), OPERATION(use_for_past), OPERATION(make),
        OPERATION(make_two), OPERATION(make_for_all), OPERATION(without_lock),
        {NULL, NULL, false}};

/* --- One place: makers wait, too -------------------------------------------*/

static void *put(void *unused)
{
    (void)unused;
    enter();
    while (shop.items == 1)
        PROMISE(sync_condition_wait(&shop.not_full) == 0);
    shop.items++;
    PROMISE(sync_condition_notify(&shop.not_empty) == 0);
    leave();
    return prove_result(1);
}

static void *take(void *unused)
{
    (void)unused;
    enter();
    PROMISE(sync_condition_wait_for(
                    &shop.not_empty, has_items, &shop.items, NULL) == 0);
    shop.items--;
    PROMISE(sync_condition_notify(&shop.not_full) == 0);
    leave();
    return prove_result(-1);
}

static void *put_twice(void *unused)
{
    put(unused);
    put(unused);
    return prove_result(2);
}

static void *take_twice(void *unused)
{
    take(unused);
    take(unused);
    return prove_result(-2);
}

/* --- How many are woken: without spurious wakeups one can count ------------*/

static int woken; /* guarded by the lock */

static void *be_woken(void *unused)
{
    (void)unused;
    enter();
    PROMISE(sync_condition_wait(&shop.not_empty) == 0);
    woken++;
    leave();
    return prove_result(0);
}

/* Wakes n of two threads that wait, and after that the rest. */
static void wake(unsigned n)
{
    for (int i = 0; i < 4; i++) /* the first may have been at the lock */
        explorer_until_blocked(prove_thread(i % 2));
    PROMISE(!sync_lock_is_held(&shop.lock));
    enter();
    PROMISE(sync_condition_destroy(&shop.not_empty) == EBUSY);
    PROMISE(sync_condition_notify_many(&shop.not_empty, n) == 0);
    leave();
    for (int i = 0; i < 4; i++)
        explorer_until_blocked(prove_thread(i % 2));
    enter();
    PROMISE(woken == (n < 2 ? (int)n : 2));
    PROMISE(sync_condition_notify_all(&shop.not_empty) == 0);
    leave();
}

static void wake_none(void)
{
    wake(0);
}

static void wake_one(void)
{
    wake(1);
}

static void wake_two(void)
{
    wake(2);
}

static void wake_three(void)
{
    wake(3);
}

/* --- Destroyed -------------------------------------------------------------*/

static void begin_at_heap(void)
{
    at_heap = calloc(1, sizeof *at_heap);
    PROMISE(at_heap != NULL && sync_lock_init(&at_heap->lock) == 0);
    PROMISE(sync_condition_init(&at_heap->not_empty, &at_heap->lock) == 0);
}

static void *make_at_heap(void *unused)
{
    (void)unused;
    PROMISE(sync_lock_acquire(&at_heap->lock) == 0);
    at_heap->items++;
    PROMISE(sync_condition_notify(&at_heap->not_empty) == 0);
    PROMISE(sync_lock_release(&at_heap->lock) == 0);
    return prove_result(0);
}

static void wait_at_heap(const struct timespec *deadline)
{
    int error = 0;
    PROMISE(sync_lock_acquire(&at_heap->lock) == 0);
    while (at_heap->items == 0 && error == 0)
        error = sync_condition_wait_until(&at_heap->not_empty, deadline);
    while (at_heap->items == 0)
        PROMISE(sync_condition_wait(&at_heap->not_empty) == 0);
    PROMISE(sync_lock_release(&at_heap->lock) == 0);
}

static void *free_all(void)
{
    PROMISE(sync_condition_destroy(&at_heap->not_empty) == 0);
    PROMISE(sync_lock_destroy(&at_heap->lock) == 0);
    free(at_heap);
    return prove_result(0);
}

static void *use_and_free(void *unused)
{
    (void)unused;
    wait_at_heap(NULL);
    return free_all();
}

static void *use_until_and_free(void *unused)
{
    (void)unused;
    wait_at_heap(&prove_soon);
    return free_all();
}

static void *use_at_heap(void *unused)
{
    (void)unused;
    wait_at_heap(NULL);
    return prove_result(0);
}

static bool is_destroyed;

/* Without the lock: EBUSY, or the waiter does not need the condition. */
static void make_and_destroy(void)
{
    make_at_heap(NULL);
    int error = sync_condition_destroy(&at_heap->not_empty);
    PROMISE(error == 0 || error == EBUSY);
    is_destroyed = error == 0;
    if (is_destroyed) /* whoever touches it now is found out */
        memset(&at_heap->not_empty, 0, sizeof at_heap->not_empty);
}

static void free_what_is_left(void)
{
    if (!is_destroyed)
        PROMISE(sync_condition_destroy(&at_heap->not_empty) == 0);
    PROMISE(sync_lock_destroy(&at_heap->lock) == 0);
    free(at_heap);
}

static void nothing(void)
{
}

#define TWO_WAIT  THREADS(WAITING(be_woken), WAITING(be_woken))
#define DESTROYED .begin = begin_at_heap, .end = nothing

static const prove_scenario scenarios[] = {
        {THREADS(OPERATION(make), OPERATION(use))},
        {THREADS(OPERATION(make), OPERATION(use_for))},
        {THREADS(OPERATION(make_two), OPERATION(use), OPERATION(use))},
        {THREADS(OPERATION(make_two), OPERATION(use), OPERATION(use_for))},
        {THREADS(OPERATION(make_for_all), OPERATION(use), OPERATION(use))},
        {THREADS(OPERATION(make_two), OPERATION(use), OPERATION(use_for_soon))},
        {THREADS(OPERATION(make), OPERATION(make), OPERATION(use))},
        {THREADS(OPERATION(make), OPERATION(use_until_soon),
                OPERATION(use_for_soon))},
        {THREADS(OPERATION(put_twice), OPERATION(take_twice))},
        {THREADS(OPERATION(put), OPERATION(put), OPERATION(take_twice))},
        {THREADS(OPERATION(put_twice), OPERATION(take), OPERATION(take))},
        {.name = "notify_many 0 wakes nobody",
                TWO_WAIT,
                .rescue = wake_none,
                .left_out = NO_SPURIOUS},
        {.name = "notify_many 1 wakes one",
                TWO_WAIT,
                .rescue = wake_one,
                .left_out = NO_SPURIOUS},
        {.name = "notify_many 2 wakes two",
                TWO_WAIT,
                .rescue = wake_two,
                .left_out = NO_SPURIOUS},
        {.name = "notify_many 3 wakes all",
                TWO_WAIT,
                .rescue = wake_three,
                .left_out = NO_SPURIOUS},
        {THREADS(OPERATION(make_at_heap), OPERATION(use_and_free)), DESTROYED},
        {THREADS(OPERATION(make_at_heap), OPERATION(use_until_and_free)),
                DESTROYED},
        {.name = "destroy while one waits or leaves",
                THREADS(WAITING(use_at_heap)),
                .begin = begin_at_heap,
                .rescue = make_and_destroy,
                .end = free_what_is_left},
        LAST,
};

const prove_module scenario_module = {
        "condition", operations, scenarios, begin, rescue, end, true};
