/*
 * The gate lets all three through.
 *
 * One change, and many who may go on because of it. Count the threads that
 * wait, and those that are woken.
 */
#include "lessons/lesson.h"
#include "primitives/condition.h"

static sync_lock lock;
static sync_condition opened;

/*
 * The bug: notify one.
 *
 * The gate is open for all, but only one is told so. The others sleep before an
 * open gate.
 */
static bool is_open; /* guarded by the lock */

static void *pass(void *unused)
{
    sync_lock_acquire(&lock);
    while (!is_open)
        sync_condition_wait(&opened);
    sync_lock_release(&lock);
    return unused;
}

static void *open_gate(void *unused)
{
    sync_lock_acquire(&lock);
    is_open = true;
    sync_condition_notify(&opened);
    sync_lock_release(&lock);
    return unused;
}

void gate(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&opened, &lock);
    lesson_run(pass, pass, pass, open_gate);
}

/*
 * The fix: notify all.
 *
 * All are woken, look again and find the gate open. A thread that comes later
 * does not wait at all: the flag remembers what the notification does not.
 */
static void *open_to_all(void *unused)
{
    sync_lock_acquire(&lock);
    is_open = true;
    sync_condition_notify_all(&opened);
    sync_lock_release(&lock);
    return unused;
}

void gate_all(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&opened, &lock);
    lesson_run(pass, pass, pass, open_to_all);
    sync_condition_destroy(&opened);
    sync_lock_destroy(&lock);
}

/*
 * Rule: notify one if only one can go on; notify all if several may.
 */
