/* expect: verdict=use-after-free says=uses a _Thread_local variable of A */
/* A pointer to one's own is good only as long as one lives. */
#include <pthread.h>

static _Thread_local int own;
static int *lent;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *lend(void *unused)
{
    own = 1;
    pthread_mutex_lock(&lock);
    lent = &own;
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t lender;
    pthread_create(&lender, NULL, lend, NULL);
    pthread_mutex_lock(&lock);
    if (lent != NULL)
        *lent = 2;
    pthread_mutex_unlock(&lock);
    pthread_join(lender, NULL);
    return 0;
}
