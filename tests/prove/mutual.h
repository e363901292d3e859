/*
 * What holds for lock and rlock. The file that includes it says what is meant
 * by a_lock, which is the type, and by LOCK(acquire) and so on.
 */
#ifndef PROVE_MUTUAL_H
#define PROVE_MUTUAL_H

#include <errno.h>
#include <stdlib.h>

#include "tests/prove/prove.h"

static a_lock lock;
static a_lock *at_heap;     /* the last user frees it */
static int users;           /* of it; guarded by it */
static int entered, inside; /* guarded by the lock */

/* The caller holds the lock: nobody else does. */
static void be_inside(void)
{
    inside++;
    entered++;
    PROMISE(inside == 1);
    PROMISE(LOCK(is_held)(&lock));
    inside--;
}

/* What a thread returns: whether it held the lock. */
static void *leave_if(int error)
{
    if (error != 0)
        return prove_result(0);
    be_inside();
    PROMISE(LOCK(release)(&lock) == 0);
    return prove_result(1);
}

static void *acquire(void *unused)
{
    (void)unused;
    int error = LOCK(acquire)(&lock);
    PROMISE(error == 0);
    return leave_if(error);
}

static void *try_acquire(void *unused)
{
    (void)unused;
    int error = LOCK(try_acquire)(&lock);
    PROMISE(error == 0 || error == EBUSY);
    return leave_if(error);
}

static void *acquire_until_null(void *unused)
{
    (void)unused;
    int error = LOCK(acquire_until)(&lock, NULL);
    PROMISE(error == 0);
    return leave_if(error);
}

static void *acquire_until_soon(void *unused)
{
    (void)unused;
    int error = prove_timely(LOCK(acquire_until)(&lock, &prove_soon));
    PROMISE(error == 0 || error == ETIMEDOUT);
    return leave_if(error);
}

static void *acquire_until_past(void *unused)
{
    (void)unused;
    int error = LOCK(acquire_until)(&lock, &prove_past);
    PROMISE(error == 0 || error == ETIMEDOUT);
    return leave_if(error);
}

static void *release_not_held(void *unused)
{
    (void)unused;
    PROMISE(LOCK(release)(&lock) == EPERM);
    return prove_result(0);
}

static void *is_held(void *unused)
{
    (void)unused;
    LOCK(is_held)(&lock);
    return prove_result(0);
}

static void begin(void)
{
    PROMISE(LOCK(init)(&lock) == 0);
}

static void end(void)
{
    PROMISE(entered == prove_sum());
    PROMISE(!LOCK(is_held)(&lock));
    PROMISE(LOCK(destroy)(&lock) == 0);
}

/* --- Main holds it ---------------------------------------------------------*/

static void begin_held(void)
{
    begin();
    PROMISE(LOCK(acquire)(&lock) == 0);
}

static void end_held(void)
{
    PROMISE(entered == 0);
    PROMISE(LOCK(is_held)(&lock));
    PROMISE(LOCK(release)(&lock) == 0);
    end();
}

static void *is_refused(void *unused)
{
    (void)unused;
    const struct timespec bad = {0, 1000000000};
    PROMISE(LOCK(try_acquire)(&lock) == EBUSY);
    PROMISE(LOCK(acquire_until)(&lock, &prove_past) == ETIMEDOUT);
    PROMISE(LOCK(acquire_until)(&lock, &bad) == EINVAL);
    PROMISE(LOCK(release)(&lock) == EPERM);
    PROMISE(LOCK(destroy)(&lock) == EBUSY);
    PROMISE(LOCK(is_held)(&lock));
    return prove_result(0);
}

static void *waits_in_vain(void *unused)
{
    (void)unused;
    int error = prove_timely(LOCK(acquire_until)(&lock, &prove_soon));
    PROMISE(error == ETIMEDOUT);
    return prove_result(0);
}

/* --- Destroyed as soon as it is finished -----------------------------------*/

static void begin_at_heap(void)
{
    at_heap = malloc(sizeof *at_heap);
    PROMISE(at_heap != NULL && LOCK(init)(at_heap) == 0);
}

static void *last_one_frees(int error, int all)
{
    PROMISE(error == 0);
    users++;
    bool is_last = users == all;
    PROMISE(LOCK(release)(at_heap) == 0);
    if (is_last) {
        PROMISE(LOCK(destroy)(at_heap) == 0);
        free(at_heap);
    }
    return prove_result(is_last);
}

static void *one_of_two(void *unused)
{
    (void)unused;
    return last_one_frees(LOCK(acquire)(at_heap), 2);
}

static void *one_of_two_until(void *unused)
{
    (void)unused;
    int error = prove_timely(LOCK(acquire_until)(at_heap, &prove_soon));
    return last_one_frees(
            error == ETIMEDOUT ? LOCK(acquire)(at_heap) : error, 2);
}

static void *one_of_three(void *unused)
{
    (void)unused;
    return last_one_frees(LOCK(acquire)(at_heap), 3);
}

static void end_at_heap(void)
{
    PROMISE(prove_sum() == 1);
}

/* --- For the tables --------------------------------------------------------*/

#define MUTUAL_OPERATIONS                                                      \
    OPERATION(acquire), OPERATION(try_acquire), OPERATION(acquire_until_null), \
            OPERATION(acquire_until_soon), OPERATION(acquire_until_past),      \
            OPERATION(release_not_held), OPERATION(is_held)

#define HELD      .begin = begin_held, .end = end_held
#define DESTROYED .begin = begin_at_heap, .end = end_at_heap

#define MUTUAL_SCENARIOS                                                       \
    {THREADS(OPERATION(acquire), OPERATION(acquire), OPERATION(acquire))},     \
            {THREADS(OPERATION(acquire), OPERATION(acquire),                   \
                    OPERATION(try_acquire))},                                  \
            {THREADS(OPERATION(acquire), OPERATION(try_acquire),               \
                    OPERATION(acquire_until_soon))},                           \
            {THREADS(OPERATION(acquire), OPERATION(acquire_until_soon),        \
                    OPERATION(is_held))},                                      \
            {THREADS(OPERATION(acquire_until_soon),                            \
                    OPERATION(acquire_until_soon))},                           \
            {.name = "held by main: is_refused",                               \
                    THREADS(OPERATION(is_refused)),                            \
                    HELD},                                                     \
            {.name = "held by main: waits_in_vain",                            \
                    THREADS(OPERATION(waits_in_vain)),                         \
                    HELD},                                                     \
            {.name = "held by main: waits_in_vain | is_refused",               \
                    THREADS(OPERATION(waits_in_vain), OPERATION(is_refused)),  \
                    HELD},                                                     \
            {.name = "the last of 2 frees it",                                 \
                    THREADS(OPERATION(one_of_two), OPERATION(one_of_two)),     \
                    DESTROYED},                                                \
            {.name = "the last of 2 frees it, one had a deadline",             \
                    THREADS(OPERATION(one_of_two),                             \
                            OPERATION(one_of_two_until)),                      \
                    DESTROYED},                                                \
    {                                                                          \
        .name = "the last of 3 frees it",                                      \
        THREADS(OPERATION(one_of_three), OPERATION(one_of_three),              \
                OPERATION(one_of_three)),                                      \
        DESTROYED                                                              \
    }

#endif
