/* expect: verdict=misuse race=no */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;

int main(void)
{
    pthread_cond_wait(&done, &lock);
    return 0;
}
