/*
 * The local, beside the thread-specific values of others: finding one's own.
 */
#include <glib.h>
#include <pthread.h>
#include <threads.h>

#include "primitives/local.h"
#include "primitives/must.h"
#include "tests/bench/bench.h"
#include "tests/bench/measure.h"

static sync_local ours;
static pthread_key_t key;
static GPrivate glib = G_PRIVATE_INIT(NULL);
static tss_t c11;

static void check(const void *copy)
{
    if (copy == NULL)
        give_up("a thread has lost its own copy");
}

WORK(get_ours, check(sync_local_get(&ours));)
WORK(get_posix, check(pthread_getspecific(key));)
WORK(get_glib, check(g_private_get(&glib));)
WORK(get_c11, check(tss_get(c11));)

void bench_local(void)
{
    static const contestant getting[MAX_CONTESTANTS] = {
            {"sync_local_get", get_ours, NO_AIM},
            {"pthread_getspecific", get_posix, AT_MOST(2)},
            {"g_private_get", get_glib, NO_AIM},
            {"tss_get", get_c11, NO_AIM},
    };
    static int value;
    MUST(sync_local_init(&ours, sizeof value, NULL));
    MUST(pthread_key_create(&key, NULL));
    MUST(pthread_setspecific(key, &value));
    g_private_set(&glib, &value);
    if (tss_create(&c11, NULL) != thrd_success ||
            tss_set(c11, &value) != thrd_success)
        give_up("there is no tss_t to be had");
    check(sync_local_get(&ours)); /* makes the copy */

    compare("get; not for the first time", NANOSECONDS, alone, (trial){0},
            getting);

    tss_delete(c11);
    MUST(pthread_key_delete(key));
    MUST(sync_local_destroy(&ours));
}
