/* expect: verdict=misuse race=no says=which it does not hold */
#include <pthread.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void *unlock(void *unused)
{
    pthread_rwlock_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t other;
    pthread_rwlock_wrlock(&lock);
    pthread_create(&other, NULL, unlock, NULL);
    pthread_join(other, NULL);
    return 0;
}
