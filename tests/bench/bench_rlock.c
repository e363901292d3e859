/*
 * The reentrant lock, beside the recursive mutexes of others: taken once, and
 * taken again by who has it already.
 */
#include <glib.h>
#include <pthread.h>
#include <threads.h>

#include "primitives/must.h"
#include "primitives/rlock.h"
#include "tests/bench/bench.h"
#include "tests/bench/measure.h"

static OWN_LINE sync_rlock ours;
static OWN_LINE pthread_mutex_t recursive;
static OWN_LINE GRecMutex glib;
static OWN_LINE mtx_t c11;

static void make_all(void)
{
    pthread_mutexattr_t attr;
    MUST(pthread_mutexattr_init(&attr));
    MUST(pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE));
    MUST(pthread_mutex_init(&recursive, &attr));
    MUST(pthread_mutexattr_destroy(&attr));
    MUST(sync_rlock_init(&ours));
    g_rec_mutex_init(&glib);
    if (mtx_init(&c11, mtx_plain | mtx_recursive) != thrd_success)
        give_up("there is no mtx_t to be had");
}

static void unmake_all(void)
{
    mtx_destroy(&c11);
    g_rec_mutex_clear(&glib);
    MUST(sync_rlock_destroy(&ours));
    MUST(pthread_mutex_destroy(&recursive));
}

WORK(pair_ours, {
    sync_rlock_acquire(&ours);
    sync_rlock_release(&ours);
})

WORK(pair_recursive, {
    pthread_mutex_lock(&recursive);
    pthread_mutex_unlock(&recursive);
})

WORK(pair_glib, {
    g_rec_mutex_lock(&glib);
    g_rec_mutex_unlock(&glib);
})

WORK(pair_c11, {
    mtx_lock(&c11);
    mtx_unlock(&c11);
})

/* The same, while this thread holds every one of them. */
static double nested(const trial *trial, work *work)
{
    sync_rlock_acquire(&ours);
    pthread_mutex_lock(&recursive);
    g_rec_mutex_lock(&glib);
    mtx_lock(&c11);
    double ns = alone(trial, work);
    mtx_unlock(&c11);
    g_rec_mutex_unlock(&glib);
    pthread_mutex_unlock(&recursive);
    sync_rlock_release(&ours);
    return ns;
}

void bench_rlock(void)
{
    static const contestant outermost[MAX_CONTESTANTS] = {
            {"sync_rlock", pair_ours, NO_AIM},
            {"pthread mutex, recursive", pair_recursive, AT_MOST(1.1)},
            {"GRecMutex", pair_glib, NO_AIM},
            {"mtx_t, recursive", pair_c11, NO_AIM},
    };
    static const contestant again[MAX_CONTESTANTS] = {
            {"sync_rlock", pair_ours, NO_AIM},
            {"pthread mutex, recursive", pair_recursive, AT_MOST(1)},
            {"GRecMutex", pair_glib, NO_AIM},
            {"mtx_t, recursive", pair_c11, NO_AIM},
    };
    make_all();
    compare("acquire, release; uncontended", NANOSECONDS, alone, (trial){0},
            outermost);
    compare("acquire, release; nested", NANOSECONDS, nested, (trial){0}, again);
    unmake_all();
}
