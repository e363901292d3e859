/* expect: verdict=ok race=no */
/* Bytes side by side are no race, in an array or in a struct. */
#include <assert.h>
#include <pthread.h>

static char bytes[2];
static struct {
    char one;
    short other;
} pair;

static void *write_first(void *unused)
{
    bytes[0] = 1;
    pair.one = 1;
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, write_first, NULL);
    bytes[1] = 2;
    pair.other = 2;
    pthread_join(a, NULL);
    assert(bytes[0] == 1 && bytes[1] == 2 && pair.one == 1 && pair.other == 2);
    return 0;
}
