/* expect: verdict=race race=yes endless */
/* The threads never end; main does. */
#include <pthread.h>
#include <unistd.h>

static int counter;

static void *count(void *unused)
{
    for (;;)
        counter++;
    return unused;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, count, NULL);
    pthread_create(&b, NULL, count, NULL);
    sleep(1);
    return 0;
}
