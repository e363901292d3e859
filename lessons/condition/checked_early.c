/*
 * Nobody falls asleep once the flag is set.
 *
 * Here are bare pthreads, and the flag is atomic, so that there is no data
 * race. See what can come between the last look at the flag and the falling
 * asleep.
 */
#include <stdatomic.h>

#include "lessons/lesson.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t finished = PTHREAD_COND_INITIALIZER;

/*
 * The bug: look first, then lock.
 *
 * The flag is looked at while it is clear. Before the waiter sleeps, the flag
 * is set and the signal given, to nobody. A signal is not kept: the waiter
 * sleeps for ever, though the flag is set.
 */
static atomic_bool done;

static void *await(void *unused)
{
    while (!done) {
        pthread_mutex_lock(&mutex);
        pthread_cond_wait(&finished, &mutex);
        pthread_mutex_unlock(&mutex);
    }
    return unused;
}

static void *finish(void *unused)
{
    pthread_mutex_lock(&mutex);
    done = true;
    pthread_cond_signal(&finished);
    pthread_mutex_unlock(&mutex);
    return unused;
}

void checked_early(void)
{
    lesson_run(await, finish);
}

/*
 * The fix: lock first, then look.
 *
 * From the look to the sleep the waiter holds the mutex, which the wait gives
 * up in the same step. So the flag is set before the look, or after the sleep
 * has begun.
 */
static void *await_locked(void *unused)
{
    pthread_mutex_lock(&mutex);
    while (!done)
        pthread_cond_wait(&finished, &mutex);
    pthread_mutex_unlock(&mutex);
    return unused;
}

void checked_early_locked(void)
{
    lesson_run(await_locked, finish);
}

/*
 * Rule: look and fall asleep under one hold of the lock.
 */
