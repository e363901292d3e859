/*
 * Once the timer has been stopped, nothing runs any more.
 *
 * A timer writes to a log, and the log is closed as soon as the timer has been
 * stopped. The timer's callback runs on a thread of its own. Look at where the
 * callback is when the timer is cancelled.
 */
#include <stdatomic.h>
#include <stdbool.h>

#include "lessons/lesson.h"
#include "primitives/timer.h"

/*
 * The bug: cancel, and go on.
 *
 * Cancel makes sure that the callback will not begin. Here it had begun before
 * that: so says EALREADY, which nobody looks at. The callback goes on, and
 * writes to a closed log.
 */
static sync_timer timer;
static atomic_bool is_open = true;

static void write_log(void *unused)
{
    (void)unused;
    lesson_check(is_open); /* and writes a line */
}

void stopped(void)
{
    sync_timer_init(&timer, write_log, NULL);
    sync_timer_start(&timer, 1);
    sync_timer_cancel(&timer);
    is_open = false; /* closes the log */
    sync_timer_join(&timer);
    sync_timer_destroy(&timer);
}

/*
 * Tempting: a flag, which the callback looks at first.
 *
 * The callback looks, finds that nobody has stopped it, and is about to write.
 * Then it is stopped. To look and to write are two steps.
 */
static atomic_bool is_stopped;

static void write_unless(void *unused)
{
    if (!is_stopped)
        write_log(unused);
}

void stopped_flag(void)
{
    sync_timer_init(&timer, write_unless, NULL);
    sync_timer_start(&timer, 1);
    is_stopped = true;
    sync_timer_cancel(&timer);
    is_open = false; /* closes the log */
    sync_timer_join(&timer);
    sync_timer_destroy(&timer);
}

/*
 * The fix: cancel, then join.
 *
 * Cancel: it will not begin. Join: if it had begun, it is over. After both, and
 * not before, what the callback uses may go.
 */
void stopped_joined(void)
{
    sync_timer_init(&timer, write_log, NULL);
    sync_timer_start(&timer, 1);
    sync_timer_cancel(&timer);
    sync_timer_join(&timer);
    is_open = false; /* closes the log */
    sync_timer_destroy(&timer);
}

/*
 * Rule: to stop has two halves: it will not begin, and it is over.
 */
