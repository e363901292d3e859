/* expect: verdict=deadlock race=no says=which it does itself */
#include <pthread.h>

static pthread_once_t is_begun = PTHREAD_ONCE_INIT;

static void begin(void)
{
    pthread_once(&is_begun, begin);
}

int main(void)
{
    pthread_once(&is_begun, begin);
    return 0;
}
