/*
 * Deadline: points in time on the monotonic clock.
 */
#include "primitives/deadline.h"

#include <errno.h>
#include <limits.h>

#include "primitives/must.h"
#include "tests/prove/prove.h"

enum { NS_PER_MS = 1000000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never;

static bool is_before(struct timespec a, struct timespec b)
{
    return a.tv_sec < b.tv_sec ||
           (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

static struct timespec now_and(long ms)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += ms / 1000;
    time.tv_nsec += ms % 1000 * NS_PER_MS;
    if (time.tv_nsec >= 1000 * NS_PER_MS) {
        time.tv_nsec -= 1000 * NS_PER_MS;
        time.tv_sec++;
    }
    return time;
}

/* As long from now as was asked for, where now is some time in the call. */
static void *after_ms(void *unused)
{
    (void)unused;
    struct timespec least = now_and(1999);
    struct timespec due = sync_deadline_after_ms(1999);
    struct timespec most = now_and(1999);
    PROMISE(!is_before(due, least) && !is_before(most, due));
    return prove_result(0);
}

/* What is past does not wait, and what does not fit is the first or the last
 * time there is. */
static void *saturates(void *unused)
{
    (void)unused;
    struct timespec past = sync_deadline_after_ms(-1);
    struct timespec now = now_and(0);
    PROMISE(sync_deadline_check(&past) == 0 && is_before(past, now));
    struct timespec least = sync_deadline_after_ms(LONG_MIN);
    struct timespec most = sync_deadline_after_ms(LONG_MAX);
    PROMISE(least.tv_sec == 0 && least.tv_nsec == 0);
    PROMISE(is_before(now, most));
    PROMISE(sync_deadline_check(NULL) == 0 && sync_deadline_check(&most) == 0);
    return prove_result(0);
}

static void *sleep_20_ms(void *unused)
{
    const struct timespec duration = {0, 20 * NS_PER_MS};
    nanosleep(&duration, NULL);
    return unused;
}

/* The wait of all modules: with the mutex before and after, and not early. */
static void *wait_until_soon(void *unused)
{
    int error = 0;
    MUST(pthread_mutex_lock(&mutex));
    while (error == 0)
        error = sync_cond_wait_until(&never, &mutex, &prove_soon);
    PROMISE(prove_timely(error) == ETIMEDOUT);
    MUST(pthread_mutex_unlock(&mutex));
    return unused;
}

static void *lock_until_soon(void *unused)
{
    int error = prove_timely(sync_mutex_lock_until(&mutex, &prove_soon));
    PROMISE(error == 0 || error == ETIMEDOUT);
    if (error == 0)
        MUST(pthread_mutex_unlock(&mutex));
    return unused;
}

static void begin(void)
{
    PROMISE(sync_cond_init(&never) == 0);
}

static void end(void)
{
    MUST(pthread_cond_destroy(&never));
}

static const prove_operation operations[] = {OPERATION(after_ms),
        OPERATION(saturates), OPERATION(sleep_20_ms),
        OPERATION(wait_until_soon), OPERATION(lock_until_soon),
        {NULL, NULL, false}};

static const prove_scenario scenarios[] = {
        {THREADS(OPERATION(wait_until_soon), OPERATION(wait_until_soon),
                OPERATION(sleep_20_ms))},
        LAST,
};

const prove_module scenario_module = {
        "deadline", operations, scenarios, begin, NULL, end, true};
