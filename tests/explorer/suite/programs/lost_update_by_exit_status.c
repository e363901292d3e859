/* expect: verdict=check race=no */
#include <pthread.h>
#include <stdatomic.h>

static atomic_int balance;

static void *deposit(void *unused)
{
    balance = balance + 1; /* each is atomic, but not both together */
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, deposit, NULL);
    deposit(NULL);
    pthread_join(a, NULL);
    return balance == 2 ? 0 : 3;
}
