/* expect: verdict=check race=no */
/* Two threads create one each, in either order: a replay must mean the same
 * threads by the same names. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int ticks, sum, is_late;

static void *load_then_store(void *unused)
{
    int seen = atomic_load(&sum);
    atomic_store(&sum, seen + 1);
    return unused;
}

static void *parent(void *number)
{
    pthread_t child;
    if (atomic_fetch_add(&ticks, 1) == 0 && *(int *)number == 1)
        atomic_store(&is_late, 1);
    pthread_create(&child, NULL, load_then_store, NULL);
    pthread_join(child, NULL);
    return NULL;
}

int main(void)
{
    static int numbers[2] = {0, 1};
    pthread_t a, b;
    pthread_create(&a, NULL, parent, &numbers[0]);
    pthread_create(&b, NULL, parent, &numbers[1]);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(sum == 2 || !is_late);
    return 0;
}
