/* expect: verdict=lost-wakeup race=no */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t is_done = PTHREAD_COND_INITIALIZER;

static void *work(void *unused)
{
    pthread_cond_signal(&is_done);
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, work, NULL);
    pthread_mutex_lock(&lock);
    pthread_cond_wait(&is_done, &lock);
    pthread_mutex_unlock(&lock);
    pthread_join(a, NULL);
    return 0;
}
