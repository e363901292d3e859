/*
 * Once the flag is set, the waiter goes on.
 *
 * Now the waiter does all as it should, and the other side saves itself the
 * lock: the flag is atomic, so why lock? See where the other side comes in
 * between.
 */
#include <stdatomic.h>

#include "lessons/lesson.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t finished = PTHREAD_COND_INITIALIZER;

/*
 * The bug: set and signal without the lock.
 *
 * The waiter holds the lock from its look to its sleep, but that keeps out only
 * those who ask for the lock. The flag is set and the signal given right in
 * between, and the waiter sleeps for ever.
 */
static atomic_bool done;

static void *await(void *unused)
{
    pthread_mutex_lock(&mutex);
    while (!done)
        pthread_cond_wait(&finished, &mutex);
    pthread_mutex_unlock(&mutex);
    return unused;
}

static void *finish(void *unused)
{
    done = true;
    pthread_cond_signal(&finished);
    return unused;
}

void set_outside(void)
{
    lesson_run(await, finish);
}

/*
 * Tempting: signal twice, to be sure.
 *
 * Both signals come too early, in the same gap. So would any number of them.
 */
static void *finish_twice(void *unused)
{
    done = true;
    pthread_cond_signal(&finished);
    pthread_cond_signal(&finished);
    return unused;
}

void set_outside_twice(void)
{
    lesson_run(await, finish_twice);
}

/*
 * The fix: set under the lock.
 *
 * The waiter gives the lock up only by falling asleep. So the flag is set
 * before the look, or while the waiter sleeps, and then the signal wakes it. It
 * is the change that needs the lock: POSIX allows the signal after the unlock.
 * (Our conditions want the lock for it, too, or answer EPERM.)
 */
static void *finish_locked(void *unused)
{
    pthread_mutex_lock(&mutex);
    done = true;
    pthread_cond_signal(&finished);
    pthread_mutex_unlock(&mutex);
    return unused;
}

void set_outside_locked(void)
{
    lesson_run(await, finish_locked);
}

/*
 * Rule: change what others wait for only under their lock, be it atomic or not.
 */
