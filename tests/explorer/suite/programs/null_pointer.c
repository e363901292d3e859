/* expect: verdict=crash race=no */
/* In the order in which the reader comes first. */
#include <pthread.h>
#include <stdatomic.h>

static int value = 1;
static _Atomic(int *) pointer;

static void *set_pointer(void *unused)
{
    pointer = &value;
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, set_pointer, NULL);
    int got = *pointer;
    pthread_join(a, NULL);
    return got - 1;
}
