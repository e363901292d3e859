/* expect: verdict=misuse race=no says=was not initialised */
#include <pthread.h>

static pthread_barrier_t meeting;

int main(void)
{
    pthread_barrier_wait(&meeting);
    return 0;
}
