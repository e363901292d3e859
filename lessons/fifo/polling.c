/*
 * A stage asks no oftener than it gets.
 *
 * One plate is washed and one is dried. To ask an empty queue brings nothing,
 * but takes the processor, and the queue's lock, from those who could fill it.
 * So count: asked, and got.
 */
#include <errno.h>
#include <sched.h>
#include <time.h>

#include "lessons/lesson.h"
#include "primitives/queue.h"

/*
 * The bug: ask until there is one.
 *
 * The dryer is early, and asks in vain. Here it happens once. If a plate took a
 * second, it would happen a million times, and keep a processor busy with it.
 */
static sync_queue plates;
static int asked, got;

static void *wash(void *unused)
{
    sync_queue_put(&plates, "plate");
    return unused;
}

static void *dry(void *unused)
{
    void *plate;
    asked++;
    while (sync_queue_try_get(&plates, &plate) == EAGAIN) {
        sched_yield(); /* a polite dryer: others first */
        asked++;
    }
    got++;
    lesson_check(asked == got);
    return unused;
}

void polling(void)
{
    sync_queue_init_fifo(&plates, 4);
    lesson_run(wash, dry);
}

/*
 * Tempting: sleep between the questions.
 *
 * It asks less often in vain, but still does, and now it is late as well: the
 * plate lies there until the sleep is over. A longer sleep trades the one cost
 * for the other.
 */
static void *doze_and_dry(void *unused)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    void *plate;
    asked++;
    while (sync_queue_try_get(&plates, &plate) == EAGAIN) {
        nanosleep(&pause, NULL);
        asked++;
    }
    got++;
    lesson_check(asked == got);
    return unused;
}

void polling_sleep(void)
{
    sync_queue_init_fifo(&plates, 4);
    lesson_run(wash, doze_and_dry);
}

/*
 * The fix: wait in get.
 *
 * A thread asleep in get takes no processor, and the put itself wakes it: at
 * once, and once.
 */
static void *wait_and_dry(void *unused)
{
    void *plate;
    asked++;
    sync_queue_get(&plates, &plate);
    got++;
    lesson_check(asked == got);
    return unused;
}

void polling_get(void)
{
    sync_queue_init_fifo(&plates, 4);
    lesson_run(wash, wait_and_dry);
    sync_queue_destroy(&plates);
}

/*
 * Rule: do not ask whether it has come; wait where it comes.
 */
