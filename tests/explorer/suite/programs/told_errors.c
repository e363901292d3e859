/* expect: verdict=check says=17 lock.acquire = EDEADLK */
/* expect: verdict=check says=19 lock.release = EPERM */
/* expect: verdict=check says=27 lock.release = EPERM */
/* expect: verdict=check says=35 lock.release = EPERM */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

#include "primitives/lock.h"

static sync_lock lock;
static int total;

static void *add(void *unused)
{
    sync_lock_acquire(&lock);
    sync_lock_acquire(&lock);
    sync_lock_release(&lock);
    sync_lock_release(&lock);
    return unused;
}

int main(void)
{
    pthread_t a, b;
    sync_lock_init(&lock);
    sync_lock_release(&lock);
    pthread_create(&a, NULL, add, NULL);
    pthread_create(&b, NULL, add, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    total++;
    sync_lock_acquire(&lock);
    sync_lock_release(&lock);
    sync_lock_release(&lock);
    assert(total == 0);
    return 0;
}
