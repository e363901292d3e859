/* expect: verdict=check race=no */
/* A sleep is no synchronisation: others may be slower still. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int done;

static void *work(void *unused)
{
    done = 1;
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, work, NULL);
    sleep(1);
    assert(done);
    pthread_join(a, NULL);
    return 0;
}
