/* expect: verdict=ok race=no */
/* main spins on a variable of its own, which nobody else has touched yet. */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

typedef struct request {
    int value;
    atomic_int is_done;
} request;

static _Atomic(request *) box;

static void *serve(void *unused)
{
    request *r;
    while ((r = atomic_load(&box)) == NULL)
        ;
    r->value *= 2;
    atomic_store(&r->is_done, 1);
    return unused;
}

int main(void)
{
    request r = {21, 0};
    pthread_t server;
    pthread_create(&server, NULL, serve, NULL);
    atomic_store(&box, &r);
    while (!atomic_load(&r.is_done))
        ;
    pthread_join(server, NULL);
    return r.value != 42;
}
