/* expect: verdict=ok race=no */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_int turn;
static int data;

static void *second(void *unused)
{
    while (turn != 1)
        ;
    data++;
    turn = 2;
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, second, NULL);
    data++;
    turn = 1;
    while (turn != 2)
        sched_yield();
    data++;
    pthread_join(a, NULL);
    return data - 3;
}
