/* expect: verdict=ok race=no */
/* C11 5.1.2.4: a relaxed store by the thread that released goes on with it. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static int data;
static atomic_int ready;

static void *publish(void *unused)
{
    data = 1;
    atomic_store_explicit(&ready, 1, memory_order_release);
    atomic_store_explicit(&ready, 2, memory_order_relaxed);
    return unused;
}

int main(void)
{
    pthread_t publisher;
    pthread_create(&publisher, NULL, publish, NULL);
    if (atomic_load_explicit(&ready, memory_order_acquire) == 2)
        assert(data == 1);
    pthread_join(publisher, NULL);
    return 0;
}
