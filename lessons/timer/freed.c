/*
 * The callback finds its data.
 *
 * A timer's callback counts in a block of memory, which is freed when the timer
 * has been cancelled. Look at what the callback is doing at that time.
 */
#include <stdlib.h>

#include "lessons/lesson.h"
#include "primitives/timer.h"

/*
 * The bug: cancel, then free.
 *
 * The callback has begun and is cancelled, which it does not notice. Then its
 * block is freed, and it goes on to count in memory that is no longer its own.
 */
static sync_timer timer;

static void count(void *ticks)
{
    *(int *)ticks += 1;
}

void freed(void)
{
    int *ticks = calloc(1, sizeof *ticks);
    sync_timer_init(&timer, count, ticks);
    sync_timer_start(&timer, 1);
    sync_timer_cancel(&timer);
    free(ticks);
    sync_timer_join(&timer);
    sync_timer_destroy(&timer);
}

/*
 * The fix: cancel, join, then free.
 *
 * When join has returned, the callback is over and will not begin again. Nobody
 * else uses the block any more.
 */
void freed_joined(void)
{
    int *ticks = calloc(1, sizeof *ticks);
    sync_timer_init(&timer, count, ticks);
    sync_timer_start(&timer, 1);
    sync_timer_cancel(&timer);
    sync_timer_join(&timer);
    free(ticks);
    sync_timer_destroy(&timer);
}

/*
 * Rule: free what another thread uses only when that thread is done with it.
 */
