/* expect: verdict=deadlock race=no says=for reading and wants */
/* Each wants to write, and waits for the other to stop reading. */
#include <pthread.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int cached;

static void *look_up(void *unused)
{
    pthread_rwlock_rdlock(&lock);
    if (cached == 0) {
        pthread_rwlock_wrlock(&lock);
        cached = 1;
    }
    pthread_rwlock_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, look_up, NULL);
    pthread_create(&b, NULL, look_up, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
