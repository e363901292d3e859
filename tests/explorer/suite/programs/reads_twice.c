/* expect: verdict=ok race=no */
/* As reads_twice_writers_first.c, with a lock of the usual kind: readers pass a
 * writer that waits. */
#include <pthread.h>

static pthread_rwlock_t lock;
static int value;

static void *read_twice(void *unused)
{
    pthread_rwlock_rdlock(&lock);
    pthread_rwlock_rdlock(&lock);
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t reader;
    pthread_rwlock_init(&lock, NULL);
    pthread_create(&reader, NULL, read_twice, NULL);
    pthread_rwlock_wrlock(&lock);
    value++;
    pthread_rwlock_unlock(&lock);
    pthread_join(reader, NULL);
    return 0;
}
