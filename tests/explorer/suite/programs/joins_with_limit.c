/* expect: verdict=ok race=no */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

static void *work(void *result)
{
    sched_yield();
    return result;
}

int main(void)
{
    pthread_t worker;
    struct timespec limit, wrong = {.tv_nsec = 1000000000};
    void *result = NULL;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 1;
    pthread_create(&worker, NULL, work, &limit);
    int error = pthread_tryjoin_np(worker, &result);
    assert(error == 0 || error == EBUSY);
    if (error == EBUSY)
        error = pthread_timedjoin_np(worker, &result, &limit);
    if (error == ETIMEDOUT)
        error = pthread_clockjoin_np(worker, &result, CLOCK_MONOTONIC, &wrong);
    if (error == EINVAL)
        error = pthread_join(worker, &result);
    assert(error == 0 && result == &limit);
    assert(pthread_timedjoin_np(pthread_self(), NULL, &limit) == EDEADLK);
    return 0;
}
