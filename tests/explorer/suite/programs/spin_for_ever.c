/* expect: verdict=livelock race=no */
/* Each waits for the other to begin. */
#include <pthread.h>
#include <stdatomic.h>

static atomic_int here, there;

static void *wait_here(void *unused)
{
    while (!there)
        ;
    here = 1;
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, wait_here, NULL);
    while (!here)
        ;
    there = 1;
    pthread_join(a, NULL);
    return 0;
}
