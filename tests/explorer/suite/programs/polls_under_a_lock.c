/* expect: verdict=ok race=no */
/* It looks again and again, but gives the lock back each time. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int is_polled, is_ready;

static void *poll(void *unused)
{
    for (;;) {
        pthread_mutex_lock(&lock);
        if (!is_polled)
            is_polled = 1;
        int seen = is_ready;
        pthread_mutex_unlock(&lock);
        if (seen)
            return unused;
    }
}

int main(void)
{
    pthread_t poller;
    pthread_create(&poller, NULL, poll, NULL);
    pthread_mutex_lock(&lock);
    is_ready = 1;
    pthread_mutex_unlock(&lock);
    pthread_join(poller, NULL);
    return 0;
}
