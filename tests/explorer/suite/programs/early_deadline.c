/* expect: verdict=check race=no */
/* expect: verdict=ok race=no with --timeouts 0 */
/* A minute is enough, says the programmer; and it usually is. */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static sem_t done;

static void *work(void *unused)
{
    sem_post(&done);
    return unused;
}

int main(void)
{
    pthread_t a;
    struct timespec minute;
    sem_init(&done, 0, 0);
    pthread_create(&a, NULL, work, NULL);
    clock_gettime(CLOCK_REALTIME, &minute);
    minute.tv_sec += 60;
    assert(sem_timedwait(&done, &minute) == 0);
    pthread_join(a, NULL);
    return 0;
}
