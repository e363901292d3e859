/*
 * Whoever sees that the data is ready sees the data.
 *
 * One thread writes the answer and then says that it is ready; the other waits
 * for that and reads it. Line by line, it can only read 42. Look at what orders
 * the lines of one thread and those of the other.
 */
#include <stdbool.h>

#include "lessons/lesson.h"
#include "primitives/event.h"

/*
 * The bug: a plain flag.
 *
 * To the language the flag is a variable like any other. Nothing orders its
 * write and its reading, which is a data race; so nothing orders those of the
 * answer, either. The compiler and the machine may move one write past the
 * other.
 *
 * With -O2 it is worse: gcc reads the flag once only, and if it was not set by
 * then, `while (!ready)` never ends; clang leaves the loop out. Both may: C
 * lets a compiler assume that there is no data race, and that such a loop ends.
 */
static int answer;
static bool ready;

static void *compute(void *unused)
{
    answer = 42;
    ready = true;
    return unused;
}

static void *use(void *unused)
{
    while (!ready)
        ; /* look again */
    lesson_check(answer == 42);
    return unused;
}

void publication(void)
{
    lesson_run(compute, use);
}

/*
 * Tempting: volatile.
 *
 * The flag is read each time now, and the loop ends. It is still a data race:
 * volatile orders nothing between threads. On one machine it may go well for
 * years, and on the next the answer that is read is 0.
 */
static volatile bool volatile_ready;

static void *compute_volatile(void *unused)
{
    answer = 42;
    volatile_ready = true;
    return unused;
}

static void *use_volatile(void *unused)
{
    while (!volatile_ready)
        ; /* look again */
    lesson_check(answer == 42);
    return unused;
}

void publication_volatile(void)
{
    lesson_run(compute_volatile, use_volatile);
}

/*
 * The fix: an event.
 *
 * What a thread did before it set the event happens-before what another does
 * after it has waited for it. An atomic flag would do that, too; but here the
 * waiter sleeps instead of looking again and again.
 */
static sync_event is_ready;

static void *compute_and_set(void *unused)
{
    answer = 42;
    sync_event_set(&is_ready);
    return unused;
}

static void *wait_and_use(void *unused)
{
    sync_event_wait(&is_ready);
    lesson_check(answer == 42);
    return unused;
}

void publication_event(void)
{
    sync_event_init(&is_ready);
    lesson_run(compute_and_set, wait_and_use);
    sync_event_destroy(&is_ready);
}

/*
 * Rule: data goes to another thread through something that orders the two.
 */
