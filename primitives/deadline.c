/*
 * The only file that knows clocks. A condition variable keeps its clock in its
 * attributes; a mutex is told with each call, by pthread_mutex_clocklock, which
 * glibc has had since 2.30 and POSIX since 2024.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* for pthread_mutex_clocklock */
#endif

#include "primitives/deadline.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>

#include "primitives/must.h"

enum { NS_PER_SECOND = 1000000000, NS_PER_MS = 1000000, MS_PER_SECOND = 1000 };

/* The last second that a time_t holds. */
static const time_t LAST_SECOND =
        (time_t)(sizeof(time_t) > sizeof(int) ? LLONG_MAX : INT_MAX);

struct timespec sync_deadline_after_ms(long ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);

    time_t seconds = ms / MS_PER_SECOND;
    at.tv_nsec += ms % MS_PER_SECOND * NS_PER_MS;
    if (at.tv_nsec < 0) {
        at.tv_nsec += NS_PER_SECOND;
        seconds--;
    } else if (at.tv_nsec >= NS_PER_SECOND) {
        at.tv_nsec -= NS_PER_SECOND;
        seconds++;
    }

    if (seconds > LAST_SECOND - at.tv_sec)
        return (struct timespec){LAST_SECOND, NS_PER_SECOND - 1};
    if (seconds < -at.tv_sec)
        return (struct timespec){0, 0};
    at.tv_sec += seconds;
    return at;
}

int sync_deadline_check(const struct timespec *deadline)
{
    bool good = deadline == NULL ||
                (deadline->tv_nsec >= 0 && deadline->tv_nsec < NS_PER_SECOND);
    return good ? 0 : EINVAL;
}

/*
 * Neither Helgrind nor the thread sanitizers of today's compilers know
 * pthread_mutex_clocklock. They are told of it, as of a trylock: a wait that
 * ends by itself closes no cycle. The unlock that follows they know.
 */
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#define TSAN(call) call
#else
#define TSAN(call) ((void)0)
#endif

#ifdef VALGRIND_HG_MUTEX_LOCK_POST
#define HELGRIND(request) request
#else
#define HELGRIND(request) ((void)0)
#endif

int sync_mutex_lock_until(
        pthread_mutex_t *mutex, const struct timespec *deadline)
{
    if (deadline == NULL) {
        MUST(pthread_mutex_lock(mutex));
        return 0;
    }
    if (pthread_mutex_trylock(mutex) == 0)
        return 0;

    TSAN(__tsan_mutex_pre_lock(mutex, __tsan_mutex_try_lock));
    int error = pthread_mutex_clocklock(mutex, CLOCK_MONOTONIC, deadline);
    if (error == 0) {
        TSAN(__tsan_mutex_post_lock(mutex, __tsan_mutex_try_lock, 0));
        HELGRIND(VALGRIND_HG_MUTEX_LOCK_POST(mutex));
    } else {
        TSAN(__tsan_mutex_post_lock(mutex,
                __tsan_mutex_try_lock | __tsan_mutex_try_lock_failed, 0));
        MUST(error == ETIMEDOUT ? 0 : error);
    }
    return error;
}

void sync_mutex_destroy(pthread_mutex_t *mutex)
{
    TOOL_ALONE(pthread_mutex_t, mutex);
    MUST(pthread_mutex_destroy(mutex));
}

int sync_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t monotonic;
    int error = pthread_condattr_init(&monotonic);
    if (error != 0)
        return error;
    MUST(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC));
    error = pthread_cond_init(cond, &monotonic);
    MUST(pthread_condattr_destroy(&monotonic));
    return error;
}

static void destroy_conds(pthread_cond_t *const conds[], size_t n)
{
    while (n > 0)
        MUST(pthread_cond_destroy(conds[--n]));
}

int sync_monitor_init(
        pthread_mutex_t *mutex, pthread_cond_t *const conds[], size_t n)
{
    int error = 0;
    size_t made = 0;
    while (made < n && (error = sync_cond_init(conds[made])) == 0)
        made++;
    if (error == 0)
        error = pthread_mutex_init(mutex, NULL);
    if (error != 0)
        destroy_conds(conds, made);
    return error;
}

void sync_monitor_destroy(
        pthread_mutex_t *mutex, pthread_cond_t *const conds[], size_t n)
{
    destroy_conds(conds, n);
    sync_mutex_destroy(mutex);
}

/*
 * Within a wait, glibc may signal the condition variable itself, to pass on a
 * signal that was another's, and does so without the mutex. Helgrind takes that
 * for a mistake of ours, so it is told to say nothing of this thread until the
 * wait is over.
 */
int sync_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex,
        const struct timespec *deadline)
{
    HELGRIND(VALGRIND_DISABLE_ERROR_REPORTING);
    int error = deadline == NULL
                        ? pthread_cond_wait(cond, mutex)
                        : pthread_cond_timedwait(cond, mutex, deadline);
    HELGRIND(VALGRIND_ENABLE_ERROR_REPORTING);
    MUST(error == ETIMEDOUT ? 0 : error);
    return error;
}
