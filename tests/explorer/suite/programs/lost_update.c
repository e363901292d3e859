/* expect: verdict=check race=yes */
#include <assert.h>
#include <pthread.h>

static int balance;

static void *deposit(void *unused)
{
    balance += 1;
    return unused;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, deposit, NULL);
    pthread_create(&b, NULL, deposit, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(balance == 2);
    return 0;
}
