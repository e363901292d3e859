/* expect: verdict=check race=no */
/* Whether the destructor still runs is a matter of order. */
#include <assert.h>
#include <pthread.h>

static pthread_key_t key;
static int destroyed;

static void destroy(void *value)
{
    *(int *)value += 1;
}

static void *use(void *unused)
{
    pthread_setspecific(key, &destroyed);
    return unused;
}

int main(void)
{
    pthread_t user;
    pthread_key_create(&key, destroy);
    pthread_create(&user, NULL, use, NULL);
    pthread_key_delete(key);
    pthread_join(user, NULL);
    assert(destroyed == 0);
    return 0;
}
