/*
 * The lock, beside the mutexes of others. The error-checking mutex is its
 * nearest kin: it knows its owner, too.
 */

#include <glib.h>
#include <pthread.h>
#include <threads.h>

#include "primitives/lock.h"
#include "primitives/must.h"
#include "tests/bench/bench.h"
#include "tests/bench/measure.h"

static OWN_LINE sync_lock ours;
static OWN_LINE pthread_mutex_t checking;
static OWN_LINE pthread_mutex_t plain;
static OWN_LINE GMutex glib;
static OWN_LINE mtx_t c11;

static void make_all(void)
{
    pthread_mutexattr_t attr;
    MUST(pthread_mutexattr_init(&attr));
    MUST(pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK));
    MUST(pthread_mutex_init(&checking, &attr));
    MUST(pthread_mutexattr_destroy(&attr));
    MUST(pthread_mutex_init(&plain, NULL));
    MUST(sync_lock_init(&ours));
    g_mutex_init(&glib);
    if (mtx_init(&c11, mtx_plain) != thrd_success)
        give_up("there is no mtx_t to be had");
}

static void unmake_all(void)
{
    mtx_destroy(&c11);
    g_mutex_clear(&glib);
    MUST(sync_lock_destroy(&ours));
    MUST(pthread_mutex_destroy(&plain));
    MUST(pthread_mutex_destroy(&checking));
}

/* --- Nobody else wants it --- */

WORK(pair_ours, {
    sync_lock_acquire(&ours);
    sync_lock_release(&ours);
})

WORK(pair_checking, {
    pthread_mutex_lock(&checking);
    pthread_mutex_unlock(&checking);
})

WORK(pair_plain, {
    pthread_mutex_lock(&plain);
    pthread_mutex_unlock(&plain);
})

WORK(pair_glib, {
    g_mutex_lock(&glib);
    g_mutex_unlock(&glib);
})

WORK(pair_c11, {
    mtx_lock(&c11);
    mtx_unlock(&c11);
})

/* --- Several threads want it all the time --- */

static OWN_LINE size_t count; /* guarded by the lock that is being measured */

WORK(count_ours, {
    sync_lock_acquire(&ours);
    count++;
    sync_lock_release(&ours);
})

WORK(count_checking, {
    pthread_mutex_lock(&checking);
    count++;
    pthread_mutex_unlock(&checking);
})

WORK(count_plain, {
    pthread_mutex_lock(&plain);
    count++;
    pthread_mutex_unlock(&plain);
})

WORK(count_glib, {
    g_mutex_lock(&glib);
    count++;
    g_mutex_unlock(&glib);
})

/* A step is one thread's pair. */
static double contend(const trial *trial, work *work)
{
    count = 0;
    double ns = run_together(trial, work);
    if (count != trial->threads * trial->turns)
        give_up("a lock has let two threads in");
    return ns / (double)count;
}

void bench_lock(void)
{
    static const contestant uncontended[MAX_CONTESTANTS] = {
            {"sync_lock", pair_ours, NO_AIM},
            {"pthread mutex, error-checking", pair_checking, AT_MOST(1.1)},
            {"pthread mutex, default", pair_plain, NO_AIM},
            {"GMutex", pair_glib, NO_AIM},
            {"mtx_t, plain", pair_c11, NO_AIM},
    };
    static const contestant contended[MAX_CONTESTANTS] = {
            {"sync_lock", count_ours, NO_AIM},
            {"pthread mutex, error-checking", count_checking, AT_LEAST(0.8)},
            {"pthread mutex, default", count_plain, NO_AIM},
            {"GMutex", count_glib, NO_AIM},
    };
    make_all();
    compare("acquire, release; uncontended", NANOSECONDS, alone, (trial){0},
            uncontended);
    compare("acquire, count, release; 2 threads", MILLIONS_A_SECOND, contend,
            (trial){.threads = 2}, contended);
    compare("acquire, count, release; 4 threads", MILLIONS_A_SECOND, contend,
            (trial){.threads = 4}, contended);
    unmake_all();
}
