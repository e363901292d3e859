/* expect: verdict=check race=yes */
/* Every thread gets the address of the same counter. */
#include <assert.h>
#include <pthread.h>

static int seen[2];

static void *mark(void *number)
{
    int i = *(int *)number;
    if (i < 2)
        seen[i] = 1;
    return NULL;
}

int main(void)
{
    pthread_t threads[2];
    int i;
    for (i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, mark, &i);
    for (int k = 0; k < 2; k++)
        pthread_join(threads[k], NULL);
    assert(seen[0] && seen[1]);
    return 0;
}
