/* expect: verdict=check race=yes */
/* A race for a variable on main's stack. */
#include <assert.h>
#include <pthread.h>

static void *increment(void *count)
{
    ++*(int *)count;
    return NULL;
}

int main(void)
{
    int count = 0;
    pthread_t a, b;
    pthread_create(&a, NULL, increment, &count);
    pthread_create(&b, NULL, increment, &count);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(count == 2);
    return 0;
}
