/* expect: verdict=deadlock race=no says=1 of 2 came */
#include <pthread.h>

static pthread_barrier_t meeting;

static void *meet(void *unused)
{
    pthread_barrier_wait(&meeting);
    return unused;
}

int main(void)
{
    pthread_t threads[3];
    pthread_barrier_init(&meeting, NULL, 2);
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, meet, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
