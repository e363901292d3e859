/* expect: verdict=misuse race=no */
#include <pthread.h>

static pthread_barrier_t meeting;

static void *meet(void *unused)
{
    pthread_barrier_wait(&meeting);
    return unused;
}

int main(void)
{
    pthread_t thread;
    pthread_barrier_init(&meeting, NULL, 2);
    pthread_create(&thread, NULL, meet, NULL);
    pthread_barrier_destroy(&meeting);
    return 0;
}
