/* expect: verdict=check race=no */
/* Main returns, and the process does not end at once. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int is_closed;

static void *work(void *unused)
{
    assert(!is_closed);
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, work, NULL);
    pthread_detach(a);
    is_closed = 1;
    return 0;
}
