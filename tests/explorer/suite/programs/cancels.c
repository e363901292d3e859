/* expect: exit=2 says=cancellation is not modelled */
#include <pthread.h>

int main(void)
{
    pthread_cancel(pthread_self());
    return 0;
}
