/* expect: verdict=check race=no */
/* A sleep of a second may end after one of two seconds: it began later. */
#include <assert.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

static long ends[2];

static void *nap(void *number)
{
    struct timespec now;
    int me = number != NULL;
    sleep(me ? 2 : 1);
    clock_gettime(CLOCK_REALTIME, &now);
    ends[me] = now.tv_sec;
    return NULL;
}

int main(void)
{
    pthread_t shorter, longer;
    struct timespec begin;
    clock_gettime(CLOCK_REALTIME, &begin);
    pthread_create(&shorter, NULL, nap, NULL);
    pthread_create(&longer, NULL, nap, &longer);
    pthread_join(shorter, NULL);
    pthread_join(longer, NULL);
    assert(ends[0] != begin.tv_sec + 3 || ends[1] != begin.tv_sec + 2);
    return 0;
}
