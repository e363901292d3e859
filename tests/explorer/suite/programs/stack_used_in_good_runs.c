/* expect: verdict=deadlock race=no */
/* Only runs that do not fail share main's variable: steps of the failing run
 * must not be counted by what others share. */
#include <pthread.h>

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;

static void *there(void *sum)
{
    pthread_mutex_lock(&one);
    pthread_mutex_lock(&other);
    ++*(int *)sum;
    pthread_mutex_unlock(&other);
    pthread_mutex_unlock(&one);
    return NULL;
}

static void *and_back(void *sum)
{
    pthread_mutex_lock(&other);
    pthread_mutex_lock(&one);
    ++*(int *)sum;
    pthread_mutex_unlock(&one);
    pthread_mutex_unlock(&other);
    return NULL;
}

int main(void)
{
    int sum = 0;
    pthread_t a, b;
    pthread_create(&a, NULL, there, &sum);
    pthread_create(&b, NULL, and_back, &sum);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return sum - 2;
}
