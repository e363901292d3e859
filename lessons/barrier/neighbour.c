/*
 * A neighbour's cell is read when it has been written.
 *
 * Two threads own a cell each. In the first phase each writes its own, in the
 * second it also reads the neighbour's. Look at what stands between the phases.
 */
#include "lessons/lesson.h"
#include "primitives/barrier.h"

/*
 * The bug: nothing between the phases.
 *
 * The left thread is in its second phase while the right one has not begun its
 * first. It reads a cell that nobody has written yet.
 */
static int cells[2], sums[2];

static void *left(void *unused)
{
    cells[0] = 3;
    sums[0] = cells[0] + cells[1];
    return unused;
}

static void *right(void *unused)
{
    cells[1] = 4;
    sums[1] = cells[0] + cells[1];
    return unused;
}

void neighbour(void)
{
    lesson_run(left, right);
    lesson_check(sums[0] == 7 && sums[1] == 7);
}

/*
 * The fix: a barrier between the phases.
 *
 * Nobody goes on before all have arrived. What each has written before it
 * arrived happens-before what any of them reads afterwards.
 */
static sync_barrier written;

static void *left_waiting(void *unused)
{
    cells[0] = 3;
    sync_barrier_wait(&written, NULL);
    sums[0] = cells[0] + cells[1];
    return unused;
}

static void *right_waiting(void *unused)
{
    cells[1] = 4;
    sync_barrier_wait(&written, NULL);
    sums[1] = cells[0] + cells[1];
    return unused;
}

void neighbour_barrier(void)
{
    sync_barrier_init(&written, 2, NULL, NULL);
    lesson_run(left_waiting, right_waiting);
    lesson_check(sums[0] == 7 && sums[1] == 7);
    sync_barrier_destroy(&written);
}

/*
 * Rule: where one phase reads what another has written, put a barrier between.
 */
