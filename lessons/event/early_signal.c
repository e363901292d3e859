/*
 * The waiter always wakes, and finds the letter.
 *
 * One thread waits for a letter, another brings it and notifies a condition;
 * nobody looks at anything else. Look at who comes first.
 */
#include <stdbool.h>

#include "lessons/lesson.h"
#include "primitives/condition.h"
#include "primitives/deadline.h"
#include "primitives/event.h"
#include "primitives/lock.h"

/*
 * The bug: notify while nobody waits yet.
 *
 * A notification reaches only those who wait at that moment. If nobody does, it
 * is forgotten, and whoever comes later waits for one that is past.
 */
static sync_lock lock;
static sync_condition arrived;
static bool has_letter;

static void *bring(void *unused)
{
    sync_lock_acquire(&lock);
    has_letter = true;
    sync_condition_notify(&arrived);
    sync_lock_release(&lock);
    return unused;
}

static void *fetch(void *unused)
{
    sync_lock_acquire(&lock);
    sync_condition_wait(&arrived);
    lesson_check(has_letter);
    sync_lock_release(&lock);
    return unused;
}

void early_signal(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&arrived, &lock);
    lesson_run(fetch, bring);
}

/*
 * Tempting: a time limit, so that nobody waits for ever.
 *
 * Now the wait ends. But it has two ways to end, and ETIMEDOUT says only that
 * time has passed. Where the letter is late, the time-out is taken for it.
 */
static void *fetch_in_time(void *unused)
{
    struct timespec limit = sync_deadline_after_ms(2);
    sync_lock_acquire(&lock);
    sync_condition_wait_until(&arrived, &limit);
    lesson_check(has_letter);
    sync_lock_release(&lock);
    return unused;
}

void early_signal_limit(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&arrived, &lock);
    lesson_run(fetch_in_time, bring);
}

/*
 * The fix: an event, which remembers.
 *
 * Once it is set it stays set, and lets through whoever waits and whoever comes
 * later. So it does not matter who is first.
 */
static sync_event has_come;

static void *bring_and_set(void *unused)
{
    has_letter = true;
    sync_event_set(&has_come);
    return unused;
}

static void *fetch_after(void *unused)
{
    sync_event_wait(&has_come);
    lesson_check(has_letter);
    return unused;
}

void early_signal_event(void)
{
    sync_event_init(&has_come);
    lesson_run(fetch_after, bring_and_set);
    sync_event_destroy(&has_come);
}

/*
 * Rule: wait for what has happened, not for the moment at which it happens.
 */
