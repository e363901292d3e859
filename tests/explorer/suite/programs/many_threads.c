/* expect: verdict=ok race=no */
/* 64 at a time, each with a stack of its own. */
#include <pthread.h>

enum { MANY = 64 };

static void *fill(void *result)
{
    char stack[20000];
    for (unsigned i = 0; i < sizeof stack; i += 1000)
        stack[i] = 1;
    *(int *)result = stack[19000];
    return result;
}

int main(void)
{
    static int results[MANY];
    pthread_t threads[MANY];
    int sum = 0;
    for (int i = 0; i < MANY; i++)
        pthread_create(&threads[i], NULL, fill, &results[i]);
    for (int i = 0; i < MANY; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < MANY; i++)
        sum += results[i];
    return sum - MANY;
}
