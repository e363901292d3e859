/*
 * Never more than two requests are in flight.
 *
 * A feeder makes requests and counts them in, a worker finishes them and counts
 * them out. Look at who is the faster of the two, and at
 * what holds it back.
 */
#include <stdatomic.h>

#include "lessons/lesson.h"
#include "primitives/semaphore.h"

/*
 * The bug: nothing holds the feeder back.
 *
 * The semaphore `made` makes the worker wait for the feeder. Nothing makes the
 * feeder wait for the worker: it is as far ahead as it is fast, and each
 * request that is in flight takes memory.
 */
enum { REQUESTS = 3, AT_ONCE = 2 };
static atomic_int flying;
static sync_semaphore made;

static void *feed(void *unused)
{
    for (int i = 0; i < REQUESTS; i++) {
        flying++;
        lesson_check(flying <= AT_ONCE);
        sync_semaphore_release(&made);
    }
    return unused;
}

static void *work(void *unused)
{
    for (int i = 0; i < REQUESTS; i++) {
        sync_semaphore_acquire(&made);
        flying--;
    }
    return unused;
}

void in_flight(void)
{
    sync_semaphore_init(&made, 0);
    lesson_run(feed, work);
}

/*
 * The fix: a permit for each request.
 *
 * There are two permits. The feeder takes one before it makes a request, the
 * worker puts it back when the request is finished. With both permits in
 * flight, the feeder waits.
 */
static sync_semaphore permits;

static void *feed_permitted(void *unused)
{
    for (int i = 0; i < REQUESTS; i++) {
        sync_semaphore_acquire(&permits);
        flying++;
        lesson_check(flying <= AT_ONCE);
        sync_semaphore_release(&made);
    }
    return unused;
}

static void *work_permitted(void *unused)
{
    for (int i = 0; i < REQUESTS; i++) {
        sync_semaphore_acquire(&made);
        flying--;
        sync_semaphore_release(&permits);
    }
    return unused;
}

void in_flight_permitted(void)
{
    sync_semaphore_init(&made, 0);
    sync_semaphore_init(&permits, AT_ONCE);
    lesson_run(feed_permitted, work_permitted);
    sync_semaphore_destroy(&permits);
    sync_semaphore_destroy(&made);
}

/*
 * Rule: to have at most n of something, give out n permits.
 */
