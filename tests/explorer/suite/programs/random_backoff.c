/* expect: verdict=ok race=no */
/* Each round is another one, though nothing but rand() knows. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int flag;

static void *wait_a_little(void *unused)
{
    while (!atomic_load(&flag))
        if (rand() % 8 == 0)
            break;
    return unused;
}

int main(void)
{
    pthread_t waiter;
    pthread_create(&waiter, NULL, wait_a_little, NULL);
    pthread_join(waiter, NULL);
    return 0;
}
