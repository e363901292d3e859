/* expect: verdict=misuse race=no */
/* Only in the order in which the thread has the lock when main is done. */
#include <pthread.h>

static pthread_mutex_t lock;

static void *work(void *unused)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_mutex_init(&lock, NULL);
    pthread_create(&a, NULL, work, NULL);
    pthread_mutex_destroy(&lock);
    pthread_join(a, NULL);
    return 0;
}
