/* expect: verdict=ok race=no */
/* As wrong_waiter.c, with a broadcast. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int has_tea, has_milk;

static void *want(void *what)
{
    pthread_mutex_lock(&lock);
    while (!*(int *)what)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void bring(int *what)
{
    pthread_mutex_lock(&lock);
    *what = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, want, &has_tea);
    pthread_create(&b, NULL, want, &has_milk);
    bring(&has_tea);
    bring(&has_milk);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
