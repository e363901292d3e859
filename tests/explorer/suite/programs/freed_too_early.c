/* expect: verdict=use-after-free */
#include <pthread.h>
#include <stdlib.h>

static int *shared;

static void *use(void *unused)
{
    *shared = 1;
    return unused;
}

int main(void)
{
    pthread_t a;
    shared = malloc(sizeof *shared);
    pthread_create(&a, NULL, use, NULL);
    free(shared);
    pthread_join(a, NULL);
    return 0;
}
