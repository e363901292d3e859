/* expect: verdict=race race=yes endless says=counter while */
/* The run is too long to be followed to its end; the race shows at once. */
#include <pthread.h>

static int counter;

static void *count(void *unused)
{
    for (int i = 0; i < 1000000; i++)
        counter++;
    return unused;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, count, NULL);
    pthread_create(&b, NULL, count, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
