/*
 * Two producers and two consumers share one place, and all of them finish.
 *
 * Every loop is right, every change is made under the lock, and after each
 * change one thread is woken. See which one.
 */
#include "lessons/lesson.h"
#include "primitives/condition.h"

static sync_lock lock;
static sync_condition changed;

/*
 * The bug: one condition for two predicates.
 *
 * A consumer empties the place, and its notification wakes the other consumer,
 * who finds nothing and waits again. The producer who could go on was not
 * woken. The place is empty, and all who are left sleep.
 */
static bool is_full; /* guarded by the lock */

static void *produce(void *unused)
{
    sync_lock_acquire(&lock);
    while (is_full)
        sync_condition_wait(&changed);
    is_full = true;
    sync_condition_notify(&changed);
    sync_lock_release(&lock);
    return unused;
}

static void *consume(void *unused)
{
    sync_lock_acquire(&lock);
    while (!is_full)
        sync_condition_wait(&changed);
    is_full = false;
    sync_condition_notify(&changed);
    sync_lock_release(&lock);
    return unused;
}

void wrong_side(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&changed, &lock);
    lesson_run(consume, consume, produce, produce);
}

/*
 * The fix: a condition for each predicate.
 *
 * Filling the place wakes a thread that waits for a full one, emptying it wakes
 * a thread that waits for an empty one. Whoever is woken has waited for just
 * this change.
 */
static sync_condition not_full, not_empty;

static void *produce_to(void *unused)
{
    sync_lock_acquire(&lock);
    while (is_full)
        sync_condition_wait(&not_full);
    is_full = true;
    sync_condition_notify(&not_empty);
    sync_lock_release(&lock);
    return unused;
}

static void *consume_from(void *unused)
{
    sync_lock_acquire(&lock);
    while (!is_full)
        sync_condition_wait(&not_empty);
    is_full = false;
    sync_condition_notify(&not_full);
    sync_lock_release(&lock);
    return unused;
}

void wrong_side_two(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&not_full, &lock);
    sync_condition_init(&not_empty, &lock);
    lesson_run(consume_from, consume_from, produce_to, produce_to);
    sync_condition_destroy(&not_empty);
    sync_condition_destroy(&not_full);
    sync_lock_destroy(&lock);
}

/*
 * The fix: notify all.
 *
 * Right as well, with one condition: everybody looks again, and whoever can go
 * on is among them. It costs the wakeups of all the others.
 */
static void *produce_all(void *unused)
{
    sync_lock_acquire(&lock);
    while (is_full)
        sync_condition_wait(&changed);
    is_full = true;
    sync_condition_notify_all(&changed);
    sync_lock_release(&lock);
    return unused;
}

static void *consume_all(void *unused)
{
    sync_lock_acquire(&lock);
    while (!is_full)
        sync_condition_wait(&changed);
    is_full = false;
    sync_condition_notify_all(&changed);
    sync_lock_release(&lock);
    return unused;
}

void wrong_side_all(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&changed, &lock);
    lesson_run(consume_all, consume_all, produce_all, produce_all);
    sync_condition_destroy(&changed);
    sync_lock_destroy(&lock);
}

/*
 * Rule: give each predicate its own condition, or wake all who share one.
 */
