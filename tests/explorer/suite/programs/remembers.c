/* expect: exit=2 says=same in every run */
/* The environment is not put back: the first run is unlike all others. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int x;

static void *store(void *unused)
{
    x = 1;
    return unused;
}

int main(void)
{
    char *path = getenv("PATH");
    pthread_t a;
    int is_first = path[0] != 'x';
    path[0] = 'x';
    pthread_create(&a, NULL, store, NULL);
    x = 2;
    pthread_join(a, NULL);
    assert(!is_first);
    return 0;
}
