/*
 * RLock: a lock that its holder may acquire again.
 */
#include "primitives/rlock.h"

#include <limits.h>

#define LOCK(verb) sync_rlock_##verb
typedef sync_rlock a_lock;

#include "tests/prove/mutual.h"

/* Each form once more, and a release for each. The lock stays the caller's till
 * the last of them. */
static void *acquire_again(void *unused)
{
    (void)unused;
    const struct timespec bad = {0, -1};
    PROMISE(sync_rlock_acquire(&lock) == 0);
    PROMISE(sync_rlock_acquire(&lock) == 0);
    PROMISE(sync_rlock_try_acquire(&lock) == 0);
    PROMISE(sync_rlock_acquire_until(&lock, &prove_past) == 0);
    PROMISE(sync_rlock_acquire_until(&lock, &bad) == EINVAL);
    for (unsigned left = 4; left > 1; left--) {
        PROMISE(sync_rlock_depth(&lock) == left);
        PROMISE(sync_rlock_release(&lock) == 0);
        PROMISE(sync_rlock_destroy(&lock) == EBUSY);
    }
    return leave_if(0);
}

static void *try_acquire_again(void *unused)
{
    (void)unused;
    if (sync_rlock_try_acquire(&lock) != 0)
        return prove_result(0);
    PROMISE(sync_rlock_acquire_until(&lock, NULL) == 0);
    PROMISE(sync_rlock_release(&lock) == 0);
    return leave_if(0);
}

static void *depth(void *unused)
{
    (void)unused;
    PROMISE(sync_rlock_depth(&lock) == 0);
    int error = sync_rlock_try_acquire(&lock);
    PROMISE(sync_rlock_depth(&lock) == (error == 0));
    void *result = leave_if(error);
    PROMISE(sync_rlock_depth(&lock) == 0);
    return result;
}

/* All but one are counted by hand. */
static void *too_often(void *unused)
{
    (void)unused;
    PROMISE(sync_rlock_acquire(&lock) == 0);
    lock.depth = UINT_MAX;
    PROMISE(sync_rlock_acquire(&lock) == EAGAIN);
    PROMISE(sync_rlock_try_acquire(&lock) == EAGAIN);
    PROMISE(sync_rlock_acquire_until(&lock, NULL) == EAGAIN);
    PROMISE(sync_rlock_depth(&lock) == UINT_MAX);
    lock.depth = 1;
    return leave_if(0);
}

static const prove_operation operations[] = {MUTUAL_OPERATIONS,
        OPERATION(acquire_again), OPERATION(try_acquire_again),
        OPERATION(depth), {NULL, NULL, false}};

static const prove_scenario scenarios[] = {
        MUTUAL_SCENARIOS,
        {THREADS(OPERATION(acquire_again), OPERATION(acquire_again),
                OPERATION(try_acquire))},
        {THREADS(OPERATION(too_often), OPERATION(acquire))},
        LAST,
};

const prove_module scenario_module = {
        "rlock", operations, scenarios, begin, NULL, end, true};
