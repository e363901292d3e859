/* expect: verdict=misuse race=no */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *unlock(void *unused)
{
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_mutex_lock(&lock);
    pthread_create(&a, NULL, unlock, NULL);
    pthread_join(a, NULL);
    return 0;
}
