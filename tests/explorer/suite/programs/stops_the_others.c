/* expect: verdict=check race=no */
/* After the broken check the other thread uses what the first has destroyed.
 * That comes of the check: a replay, which ends there, does not see it. */
#include <assert.h>
#include <pthread.h>

static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int zero;

static void *destroy_and_fail(void *unused)
{
    pthread_cond_destroy(&changed);
    assert(zero == 1);
    return unused;
}

static void *signal_it(void *unused)
{
    pthread_cond_signal(&changed);
    return unused;
}

int main(void)
{
    pthread_t threads[2];
    pthread_create(&threads[0], NULL, destroy_and_fail, NULL);
    pthread_create(&threads[1], NULL, signal_it, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return 0;
}
