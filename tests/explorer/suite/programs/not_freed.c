/* expect: verdict=leak race=no */
/* Two threads each see that there is nothing yet. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static _Atomic(int *) instance;

static void *get(void *unused)
{
    if (instance == NULL)
        instance = calloc(1, sizeof(int));
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, get, NULL);
    get(NULL);
    pthread_join(a, NULL);
    free(instance);
    return 0;
}
