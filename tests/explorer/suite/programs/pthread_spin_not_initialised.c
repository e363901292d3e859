/* expect: verdict=misuse race=no says=was not initialised */
#include <pthread.h>

static pthread_spinlock_t lock;

int main(void)
{
    pthread_spin_lock(&lock);
    return 0;
}
