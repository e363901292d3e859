/* expect: verdict=ok race=no */
/* expect: verdict=leak race=no with -- forget */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t buffer;
static int freed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void destroy(void *at)
{
    free(at);
    pthread_mutex_lock(&lock);
    freed++;
    pthread_mutex_unlock(&lock);
}

static void *use(void *unused)
{
    assert(pthread_getspecific(buffer) == NULL);
    pthread_setspecific(buffer, malloc(8));
    return unused;
}

int main(int count, char **arguments)
{
    pthread_t a, b;
    (void)arguments;
    pthread_key_create(&buffer, count > 1 ? NULL : destroy);
    pthread_create(&a, NULL, use, NULL);
    pthread_create(&b, NULL, use, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(freed == (count > 1 ? 0 : 2));
    pthread_key_delete(buffer);
    return 0;
}
