/* expect: verdict=ok race=no */
/* Atomics side by side: each orders for itself. */
#include <pthread.h>
#include <stdatomic.h>

static atomic_int wants[2], turn;
static int counter;

static void *enter(void *number)
{
    int me = *(int *)number, other = 1 - me;
    atomic_store(&wants[me], 1);
    atomic_store(&turn, other);
    while (atomic_load(&wants[other]) && atomic_load(&turn) == other)
        ;
    counter++;
    atomic_store(&wants[me], 0);
    return NULL;
}

int main(void)
{
    static int numbers[2] = {0, 1};
    pthread_t a, b;
    pthread_create(&a, NULL, enter, &numbers[0]);
    pthread_create(&b, NULL, enter, &numbers[1]);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return counter - 2;
}
