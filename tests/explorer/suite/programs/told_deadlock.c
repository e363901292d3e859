/* expect: verdict=deadlock says=A holds mine.lock and wants yours.lock; B holds */
/* expect: verdict=deadlock says=yours.lock.acquire   <- waits for B for ever */
/* expect: verdict=deadlock says=B holds yours.lock since step [0-9]*, line 17 */
#include <pthread.h>

#include "primitives/lock.h"

typedef struct account {
    int balance;
    sync_lock lock;
} account;

static account mine, yours;

static void move(account *from, account *to)
{
    sync_lock_acquire(&from->lock);
    sync_lock_acquire(&to->lock);
    from->balance--;
    to->balance++;
    sync_lock_release(&to->lock);
    sync_lock_release(&from->lock);
}

static void *give(void *unused)
{
    move(&mine, &yours);
    return unused;
}

static void *take(void *unused)
{
    move(&yours, &mine);
    return unused;
}

int main(void)
{
    pthread_t a, b;
    sync_lock_init(&mine.lock);
    sync_lock_init(&yours.lock);
    pthread_create(&a, NULL, give, NULL);
    pthread_create(&b, NULL, take, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
