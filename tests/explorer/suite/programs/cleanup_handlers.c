/* expect: verdict=ok race=no */
/* They run when the thread exits in their midst, innermost first, and when they
 * are popped with a number that is not 0. */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int order;

static void unlock(void *mutex)
{
    pthread_mutex_unlock(mutex);
}

static void note(void *number)
{
    order = order * 10 + *(int *)number;
}

static void leave(void)
{
    pthread_exit(&order);
}

static void *work(void *leaves)
{
    int one = 1, two = 2, three = 3;
    pthread_mutex_lock(&lock);
    pthread_cleanup_push(unlock, &lock);
    order = 0;
    pthread_cleanup_push(note, &one);
    pthread_cleanup_push(note, &two);
    pthread_cleanup_push(note, &three);
    pthread_cleanup_pop(0);
    if (leaves != NULL)
        leave();
    pthread_cleanup_pop(1);
    pthread_cleanup_pop(1);
    assert(order == 21);
    pthread_cleanup_pop(1);
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    void *result;
    pthread_create(&a, NULL, work, NULL);
    pthread_create(&b, NULL, work, &b);
    pthread_join(a, &result);
    assert(result == NULL);
    pthread_join(b, &result);
    assert(result == &order && order == 21);
    return 0;
}
