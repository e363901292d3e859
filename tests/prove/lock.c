/*
 * Lock: one thread at a time.
 */
#include "primitives/lock.h"

#define LOCK(verb) sync_lock_##verb
typedef sync_lock a_lock;

#include "tests/prove/mutual.h"

static void *acquire_twice(void *unused)
{
    (void)unused;
    const struct timespec bad = {0, -1};
    PROMISE(sync_lock_acquire(&lock) == 0);
    PROMISE(sync_lock_acquire(&lock) == EDEADLK);
    PROMISE(sync_lock_try_acquire(&lock) == EBUSY);
    PROMISE(sync_lock_acquire_until(&lock, &prove_past) == EDEADLK);
    PROMISE(sync_lock_acquire_until(&lock, NULL) == EDEADLK);
    PROMISE(sync_lock_acquire_until(&lock, &bad) == EINVAL);
    PROMISE(sync_lock_destroy(&lock) == EBUSY);
    return leave_if(0);
}

static void *is_mine(void *unused)
{
    (void)unused;
    PROMISE(!sync_lock_is_mine(&lock));
    int error = sync_lock_try_acquire(&lock);
    PROMISE(sync_lock_is_mine(&lock) == (error == 0));
    void *result = leave_if(error);
    PROMISE(!sync_lock_is_mine(&lock));
    return result;
}

static const prove_operation operations[] = {MUTUAL_OPERATIONS,
        OPERATION(acquire_twice), OPERATION(is_mine), {NULL, NULL, false}};

static const prove_scenario scenarios[] = {
        MUTUAL_SCENARIOS,
        LAST,
};

const prove_module scenario_module = {
        "lock", operations, scenarios, begin, NULL, end, true};
