/*
 * Whoever waits for a party that has failed is told of it.
 *
 * Each of two threads takes a part of the data, loads it, and waits until both
 * are loaded. The second part cannot be read. See what the thread that takes it
 * does.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "lessons/lesson.h"
#include "primitives/barrier.h"

/*
 * The bug: a party that fails goes away silently.
 *
 * The barrier waits for two, and only one is left. It counts arrivals, and
 * cannot know that the other will never come.
 */
static const bool is_readable[] = {true, false};
static atomic_int next_part;
static sync_barrier loaded;

static void *load(void *unused)
{
    int part = next_part++;
    if (!is_readable[part])
        return unused; /* there is nothing to load */
    sync_barrier_wait(&loaded, NULL);
    return unused;
}

void silent(void)
{
    sync_barrier_init(&loaded, 2, NULL, NULL);
    lesson_run(load, load);
}

/*
 * The fix: a party that fails aborts the barrier.
 *
 * Whoever waits, and whoever comes later, gets ECANCELED instead of waiting for
 * ever, and can clean up and say what is wrong.
 */
static void *load_or_abort(void *unused)
{
    int part = next_part++;
    if (!is_readable[part]) {
        sync_barrier_abort(&loaded);
        return unused;
    }
    int error = sync_barrier_wait(&loaded, NULL);
    lesson_check(error == ECANCELED);
    return unused;
}

void silent_abort(void)
{
    sync_barrier_init(&loaded, 2, NULL, NULL);
    lesson_run(load_or_abort, load_or_abort);
    sync_barrier_destroy(&loaded);
}

/*
 * Rule: on every path a party arrives, or aborts.
 */
