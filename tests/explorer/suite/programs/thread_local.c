/* expect: verdict=ok race=no */
/* Each thread has its own, which begins anew. */
#include <assert.h>
#include <pthread.h>

static _Thread_local int calls = 7;
static __thread struct {
    int table[3];
    char name[5];
} own;

static void *count(void *unused)
{
    calls++;
    own.table[1] += 2;
    own.name[0] = 'x';
    assert(calls == 8 && own.table[1] == 2 && own.name[1] == '\0');
    return unused;
}

int main(void)
{
    pthread_t a, b;
    assert(calls == 7);
    calls = 100;
    pthread_create(&a, NULL, count, NULL);
    pthread_create(&b, NULL, count, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(calls == 100 && own.table[1] == 0);
    return 0;
}
