/* expect: verdict=deadlock race=no endless says=wants forks */
/* Endless though it is, a deadlock is found. */
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t forks[2] = {
        PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static void *eat(void *name)
{
    for (int i = *(const char *)name == *"A";;) {
        pthread_mutex_lock(&forks[i]);
        pthread_mutex_lock(&forks[1 - i]);
        printf("%s eats\n", (const char *)name);
        pthread_mutex_unlock(&forks[1 - i]);
        pthread_mutex_unlock(&forks[i]);
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
