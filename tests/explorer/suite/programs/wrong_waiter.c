/* expect: verdict=deadlock race=no */
/* One signal for two waiters that wait for different things: if it wakes the
 * wrong one, that one sleeps again. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int has_tea, has_milk, waiting;

static void *want(void *what)
{
    pthread_mutex_lock(&lock);
    waiting++;
    while (!*(int *)what)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void bring(int *what)
{
    pthread_mutex_lock(&lock);
    *what = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, want, &has_tea);
    pthread_create(&b, NULL, want, &has_milk);
    bring(&has_tea);
    pthread_join(a, NULL);
    bring(&has_milk);
    pthread_join(b, NULL);
    return 0;
}
