/* expect: verdict=ok race=no */
#include <assert.h>
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t careful, many;

static void make(pthread_mutex_t *m, int type)
{
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, type);
    pthread_mutex_init(m, &attr);
    pthread_mutexattr_destroy(&attr);
}

static void *use_anothers(void *unused)
{
    assert(pthread_mutex_unlock(&careful) == EPERM);
    assert(pthread_mutex_trylock(&careful) == EBUSY);
    assert(pthread_mutex_trylock(&many) == EBUSY);
    return unused;
}

int main(void)
{
    pthread_t a;
    make(&careful, PTHREAD_MUTEX_ERRORCHECK);
    make(&many, PTHREAD_MUTEX_RECURSIVE);
    assert(pthread_mutex_lock(&careful) == 0);
    assert(pthread_mutex_lock(&careful) == EDEADLK);
    assert(pthread_mutex_lock(&many) == 0);
    assert(pthread_mutex_lock(&many) == 0);
    assert(pthread_mutex_trylock(&many) == 0);
    pthread_create(&a, NULL, use_anothers, NULL);
    pthread_join(a, NULL);
    for (int i = 0; i < 3; i++)
        assert(pthread_mutex_unlock(&many) == 0);
    assert(pthread_mutex_unlock(&many) == EPERM);
    assert(pthread_mutex_unlock(&careful) == 0);
    return 0;
}
