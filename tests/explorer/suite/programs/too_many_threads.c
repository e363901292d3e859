/* expect: exit=2 says=threads */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *wait_for_lock(void *unused)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < 1000; i++) {
        pthread_t a;
        pthread_create(&a, NULL, wait_for_lock, NULL);
    }
    return 0;
}
