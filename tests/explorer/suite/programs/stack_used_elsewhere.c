/* expect: verdict=check race=no */
/* The first run fails, and main's variable is used by others in other runs only:
 * who plays finds out in the middle of a game. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int went;

static void *go(void *unused)
{
    atomic_fetch_add(&went, 1);
    return unused;
}

static void *go_first(void *seen)
{
    if (atomic_fetch_add(&went, 1) == 0)
        ++*(int *)seen;
    return NULL;
}

int main(void)
{
    int seen = 0;
    pthread_t a, b;
    ++seen;
    pthread_create(&a, NULL, go, NULL);
    pthread_create(&b, NULL, go_first, &seen);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(went == 3);
    return 0;
}
