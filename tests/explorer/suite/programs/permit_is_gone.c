/* expect: verdict=check race=no */
/* A may have the permit already; that main would give it back is no help. */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>

static sem_t permit;

static void *take_and_keep(void *unused)
{
    sem_wait(&permit);
    return unused;
}

int main(void)
{
    pthread_t a;
    sem_init(&permit, 0, 1);
    pthread_create(&a, NULL, take_and_keep, NULL);
    assert(sem_trywait(&permit) == 0);
    sem_post(&permit);
    pthread_join(a, NULL);
    return 0;
}
