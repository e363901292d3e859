/* expect: verdict=check race=no */
/* expect: verdict=ok race=no with --no-spurious */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t is_ready = PTHREAD_COND_INITIALIZER;
static int ready; /* guarded by the lock */

static void *make_ready(void *unused)
{
    pthread_mutex_lock(&lock);
    ready = 1;
    pthread_cond_signal(&is_ready);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, make_ready, NULL);
    pthread_mutex_lock(&lock);
    if (!ready)
        pthread_cond_wait(&is_ready, &lock);
    assert(ready);
    pthread_mutex_unlock(&lock);
    pthread_join(a, NULL);
    return 0;
}
