/* expect: verdict=deadlock race=no says=is to go first */
/* Between the two locks of the reader a writer has come, and readers of this
 * kind of lock let it go first. */
#define _GNU_SOURCE
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
    pthread_rwlockattr_t writers_first;
    pthread_t reader;
    pthread_rwlockattr_init(&writers_first);
    pthread_rwlockattr_setkind_np(
            &writers_first, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&lock, &writers_first);
    pthread_create(&reader, NULL, read_twice, NULL);
    pthread_rwlock_wrlock(&lock);
    value++;
    pthread_rwlock_unlock(&lock);
    pthread_join(reader, NULL);
    return 0;
}
