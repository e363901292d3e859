/* expect: verdict=ok race=no */
/* Who comes late finds it done, and sees what was written. */
#include <assert.h>
#include <pthread.h>

static pthread_once_t is_begun = PTHREAD_ONCE_INIT;
static int table;

static void begin(void)
{
    table += 1;
}

static void *use(void *unused)
{
    pthread_once(&is_begun, begin);
    assert(table == 1);
    return unused;
}

int main(void)
{
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, use, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
