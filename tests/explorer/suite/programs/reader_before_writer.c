/* expect: verdict=check race=no */
/* The reader fails in the order in which the writer has not run at all. */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int data; /* guarded by the lock */

static void *write_data(void *unused)
{
    pthread_mutex_lock(&lock);
    data = 42;
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *read_data(void *unused)
{
    pthread_mutex_lock(&lock);
    assert(data == 42);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, write_data, NULL);
    pthread_create(&b, NULL, read_data, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
