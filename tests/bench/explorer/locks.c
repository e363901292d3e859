/* What the explorer's speed is measured on: threads that lock, add, unlock. */
#include <pthread.h>

void scenario_2_threads(void);
void scenario_3_threads(void);

static int sum;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *add(void *unused)
{
    pthread_mutex_lock(&lock);
    sum += 1;
    pthread_mutex_unlock(&lock);
    return unused;
}

static void run(int count)
{
    pthread_t threads[3];
    for (int i = 0; i < count; i++)
        pthread_create(&threads[i], NULL, add, NULL);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

void scenario_2_threads(void)
{
    run(2);
}

void scenario_3_threads(void)
{
    run(3);
}
