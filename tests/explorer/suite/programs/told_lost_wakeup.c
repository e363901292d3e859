/* expect: verdict=lost-wakeup says=ready.notify: nobody waits   <- too early */
/* expect: verdict=lost-wakeup says=ready.wait: waits   <- misses step */
#include <pthread.h>

#include "primitives/condition.h"

static sync_lock lock;
static sync_condition ready;

static void *waiter(void *unused)
{
    sync_lock_acquire(&lock);
    sync_condition_wait(&ready);
    sync_lock_release(&lock);
    return unused;
}

int main(void)
{
    pthread_t a;
    sync_lock_init(&lock);
    sync_condition_init(&ready, &lock);
    pthread_create(&a, NULL, waiter, NULL);
    sync_lock_acquire(&lock);
    sync_condition_notify(&ready);
    sync_lock_release(&lock);
    pthread_join(a, NULL);
    return 0;
}
