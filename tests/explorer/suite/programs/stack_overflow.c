/* expect: exit=2 says=stack */
#include <pthread.h>

static int deeper(int n)
{
    volatile char room[1000];
    room[0] = (char)n;
    return deeper(n + 1) + room[0];
}

static void *dive(void *unused)
{
    deeper(0);
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, dive, NULL);
    pthread_join(a, NULL);
    return 0;
}
