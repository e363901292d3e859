/* expect: verdict=check race=no */
/* The limit may pass though the thread is about to end. */
#define _GNU_SOURCE
#include <assert.h>
#include <pthread.h>
#include <time.h>

static void *work(void *unused)
{
    return unused;
}

int main(void)
{
    pthread_t worker;
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 60;
    pthread_create(&worker, NULL, work, NULL);
    assert(pthread_timedjoin_np(worker, NULL, &limit) == 0);
    return 0;
}
