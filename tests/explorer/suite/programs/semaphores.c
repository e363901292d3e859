/* expect: verdict=ok race=no */
/* A ring of two places between a producer and a consumer. */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>

enum { PLACES = 2, ITEMS = 3 };

static sem_t empty, full;
static int ring[PLACES];

static void *produce(void *unused)
{
    for (int i = 0; i < ITEMS; i++) {
        sem_wait(&empty);
        ring[i % PLACES] = i;
        sem_post(&full);
    }
    return unused;
}

int main(void)
{
    pthread_t a;
    sem_init(&empty, 0, PLACES);
    sem_init(&full, 0, 0);
    pthread_create(&a, NULL, produce, NULL);
    for (int i = 0; i < ITEMS; i++) {
        sem_wait(&full);
        assert(ring[i % PLACES] == i);
        sem_post(&empty);
    }
    pthread_join(a, NULL);
    return 0;
}
