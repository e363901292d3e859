/* expect: verdict=ok race=no */
#include <pthread.h>
#include <stdatomic.h>

static atomic_flag is_taken = ATOMIC_FLAG_INIT;
static int counter;

static void *add(void *unused)
{
    while (atomic_flag_test_and_set(&is_taken))
        ;
    counter++;
    atomic_flag_clear(&is_taken);
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, add, NULL);
    add(NULL);
    pthread_join(a, NULL);
    return counter - 2;
}
