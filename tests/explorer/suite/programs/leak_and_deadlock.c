/* expect: verdict=deadlock race=no */
/* A leak, in every run, does not hide the deadlock of some. */
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;

static void *there(void *unused)
{
    pthread_mutex_lock(&one);
    pthread_mutex_lock(&other);
    pthread_mutex_unlock(&other);
    pthread_mutex_unlock(&one);
    return unused;
}

static void *and_back(void *unused)
{
    pthread_mutex_lock(&other);
    pthread_mutex_lock(&one);
    pthread_mutex_unlock(&one);
    pthread_mutex_unlock(&other);
    return unused;
}

int main(void)
{
    int *forgotten = malloc(sizeof *forgotten);
    *forgotten = 1;
    forgotten = NULL;
    pthread_t a, b;
    pthread_create(&a, NULL, there, NULL);
    pthread_create(&b, NULL, and_back, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return forgotten != NULL;
}
