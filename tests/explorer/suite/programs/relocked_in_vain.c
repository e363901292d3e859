/* expect: verdict=ok race=no */
/* Who holds a normal mutex waits for itself, until its time is up. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

int main(void)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct timespec limit;
    pthread_mutex_lock(&lock);
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 1;
    assert(pthread_mutex_timedlock(&lock, &limit) == ETIMEDOUT);
    pthread_mutex_unlock(&lock);
    return 0;
}
