/*
 * Never more than two requests are in flight.
 *
 * Requests come in, and each gets a thread that serves it. Look at how many are
 * in flight at the same time, and at what holds back the one that starts them.
 */
#include <stdatomic.h>

#include "lessons/lesson.h"
#include "primitives/semaphore.h"

/*
 * The bug: start them as fast as they come in.
 *
 * Whoever starts the threads can be faster than they are, and nothing holds it
 * back. Three are in flight before the first has ended; with three thousand
 * requests it can be three thousand, and the memory for as many.
 */
enum { REQUESTS = 3, AT_ONCE = 2 };
static atomic_int flying;

static void *serve(void *unused)
{
    flying--;
    return unused;
}

void in_flight(void)
{
    pthread_t threads[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
        flying++;
        lesson_check(flying <= AT_ONCE);
        pthread_create(&threads[i], NULL, serve, NULL);
    }
    for (int i = 0; i < REQUESTS; i++)
        pthread_join(threads[i], NULL);
}

/*
 * The fix: a permit for each request in flight.
 *
 * There are two permits. One is taken before a thread is started, and put back
 * when its request has been served. With both in use, the next request waits.
 */
static sync_semaphore permits;

static void *serve_permitted(void *unused)
{
    flying--;
    sync_semaphore_release(&permits);
    return unused;
}

void in_flight_permitted(void)
{
    pthread_t threads[REQUESTS];
    sync_semaphore_init(&permits, AT_ONCE);
    for (int i = 0; i < REQUESTS; i++) {
        sync_semaphore_acquire(&permits);
        flying++;
        lesson_check(flying <= AT_ONCE);
        pthread_create(&threads[i], NULL, serve_permitted, NULL);
    }
    for (int i = 0; i < REQUESTS; i++)
        pthread_join(threads[i], NULL);
    sync_semaphore_destroy(&permits);
}

/*
 * Rule: to have at most n of something, give out n permits.
 */
