/* expect: verdict=none race=no endless says=goes on for ever */
/* It is meant to: that is no livelock. */
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t forks[2] = {
        PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static void *eat(void *name)
{
    for (;;) {
        pthread_mutex_lock(&forks[0]);
        pthread_mutex_lock(&forks[1]);
        printf("%s eats\n", (const char *)name);
        pthread_mutex_unlock(&forks[1]);
        pthread_mutex_unlock(&forks[0]);
    }
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, eat, "A");
    pthread_create(&b, NULL, eat, "B");
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
