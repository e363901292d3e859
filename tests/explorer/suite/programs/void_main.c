/* expect: verdict=ok race=no */
/* It returns nothing, and changes its arguments. */
#include <pthread.h>

static void *work(void *unused)
{
    return unused;
}

#pragma GCC diagnostic ignored "-Wmain"
#ifdef __clang__
#pragma clang diagnostic ignored "-Wmain-return-type"
#endif

void main(int count, char **arguments)
{
    pthread_t thread;
    if (arguments[0][0] == '\0')
        __builtin_abort();
    arguments[0][0] = '\0';
    arguments[0] = "";
    pthread_create(&thread, NULL, work, NULL);
    pthread_join(thread, NULL);
    (void)count;
}
