/* expect: verdict=race race=yes */
#include <pthread.h>

static int counter, copy;

static void *read_it(void *unused)
{
    copy = counter;
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, read_it, NULL);
    counter = 1;
    pthread_join(a, NULL);
    return 0;
}
