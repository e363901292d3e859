/* expect: verdict=check race=no */
/* After pthread_exit() in main the others go on. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int is_closed;

static void *work(void *unused)
{
    if (is_closed)
        assert(!is_closed);
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, work, NULL);
    pthread_detach(a);
    is_closed = 1;
    pthread_exit(NULL);
}
