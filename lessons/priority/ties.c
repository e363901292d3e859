/*
 * Equals keep their order of arrival.
 *
 * Ann, Bob and Cleo come in this order, and are equally urgent. A heap
 * (Williams 1964) promises that nobody is more urgent than the one at the top,
 * and nothing of the order of equals.
 */
#include "lessons/lesson.h"
#include "primitives/heap.h"

static bool before(
        const sync_heap_entry *a, const sync_heap_entry *b, const void *unused)
{
    (void)unused;
    return a->rank < b->rank;
}

static const sync_heap_kind by_rank = {before, NULL};

/*
 * The bug: a bare heap.
 *
 * When Ann at the top is taken, the last entry fills the gap: Cleo. Bob, below
 * her, is not more urgent, so she stays at the top and is next. It happens in
 * every run, with one thread.
 */
static sync_heap_entry line[3];
static char ann, bob, cleo;
static void *next;

void ties(void)
{
    sync_heap_put(&by_rank, NULL, line, 0, (sync_heap_entry){&ann, 1});
    sync_heap_put(&by_rank, NULL, line, 1, (sync_heap_entry){&bob, 1});
    sync_heap_put(&by_rank, NULL, line, 2, (sync_heap_entry){&cleo, 1});
    next = sync_heap_take(&by_rank, NULL, line, 3, 0);
    lesson_check(next == &ann);
    next = sync_heap_take(&by_rank, NULL, line, 2, 0);
    lesson_check(next == &bob);
}

/*
 * The fix: a sequence number.
 *
 * Ann gets 1000, Bob 1001, Cleo 1002. No two are equal any more, and the heap
 * has no choice. (This is enough for a thousand of them; the library's priority
 * queue keeps the two numbers apart.)
 */
static uint64_t arrivals;

static sync_heap_entry arrival(void *who, uint64_t urgency)
{
    return (sync_heap_entry){who, urgency * 1000 + arrivals++};
}

void ties_numbered(void)
{
    sync_heap_put(&by_rank, NULL, line, 0, arrival(&ann, 1));
    sync_heap_put(&by_rank, NULL, line, 1, arrival(&bob, 1));
    sync_heap_put(&by_rank, NULL, line, 2, arrival(&cleo, 1));
    next = sync_heap_take(&by_rank, NULL, line, 3, 0);
    lesson_check(next == &ann);
    next = sync_heap_take(&by_rank, NULL, line, 2, 0);
    lesson_check(next == &bob);
}

/*
 * Rule: if order matters among equals, make no two equal.
 */
