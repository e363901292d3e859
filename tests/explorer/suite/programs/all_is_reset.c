/* expect: verdict=ok race=no */
/* Each run begins as if it were the first. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int zero, seven = 7;
static char large[100000];
static pthread_key_t key;
static int destroyed; /* guarded by the lock */

static int next(void)
{
    static int count = 5; /* guarded by the lock */
    return count++;
}

static void destroy(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    destroyed++;
    pthread_mutex_unlock(&lock);
}

static void *work(void *order)
{
    assert(errno == 0);
    assert(pthread_getspecific(key) == NULL);
    pthread_setspecific(key, &zero);
    errno = EINTR;
    pthread_mutex_lock(&lock);
    *(int *)order = next();
    large[*(int *)order * 10000] = 1;
    pthread_mutex_unlock(&lock);
    assert(errno == EINTR);
    return NULL;
}

int main(void)
{
    int orders[2];
    pthread_t threads[2];
    assert(errno == 0 && zero == 0 && seven == 7 && destroyed == 0);
    for (size_t i = 0; i < sizeof large; i += 10000)
        assert(large[i] == 0);
    zero = 1;
    seven = 8;
    errno = ENOENT;
    int *made = malloc(100);
    made[0] = 1;
    assert(pthread_key_create(&key, destroy) == 0);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, work, &orders[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert(orders[0] + orders[1] == 11);
    assert(large[50000] == 1 && large[60000] == 1);
    assert(errno == ENOENT && destroyed == 2);
    free(made);
    printf("said once\n");
    return 0;
}
