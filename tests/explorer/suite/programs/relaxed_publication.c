/* expect: verdict=race race=yes */
/* The reader sees 42 in all orders of steps; in C11 it need not. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static int data;
static atomic_int is_there;

static void *publish(void *unused)
{
    data = 42;
    atomic_store_explicit(&is_there, 1, memory_order_relaxed);
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, publish, NULL);
    if (atomic_load_explicit(&is_there, memory_order_relaxed))
        assert(data == 42);
    pthread_join(a, NULL);
    return 0;
}
