/* expect: verdict=check race=no */
/* POSIX does not say which thread is the serial one. */
#include <assert.h>
#include <pthread.h>

static pthread_barrier_t meeting;

static void *come_first(void *unused)
{
    assert(pthread_barrier_wait(&meeting) == 0);
    return unused;
}

static void *come_last(void *first)
{
    (void)first;
    assert(pthread_barrier_wait(&meeting) == PTHREAD_BARRIER_SERIAL_THREAD);
    return NULL;
}

int main(void)
{
    pthread_t first;
    pthread_barrier_init(&meeting, NULL, 2);
    pthread_create(&first, NULL, come_first, NULL);
    come_last(NULL);
    pthread_join(first, NULL);
    return 0;
}
