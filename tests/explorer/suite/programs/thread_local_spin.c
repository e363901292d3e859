/* expect: verdict=ok race=no */
/* That a thread counts for itself shows that its loop goes on. */
#include <pthread.h>
#include <stdatomic.h>

static _Thread_local int tries;
static atomic_int never;

static void *poll(void *unused)
{
    while (!atomic_load(&never) && tries < 3)
        tries++;
    return unused;
}

int main(void)
{
    pthread_t poller;
    pthread_create(&poller, NULL, poll, NULL);
    pthread_join(poller, NULL);
    return 0;
}
