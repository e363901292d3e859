/*
 * The condition with its lock, beside the condition variables of others: two
 * threads that take turns, and each waits until it is its own.
 */
#include <glib.h>
#include <pthread.h>
#include <threads.h>

#include "primitives/condition.h"
#include "primitives/must.h"
#include "tests/bench/bench.h"
#include "tests/bench/measure.h"

static OWN_LINE sync_lock our_lock;
static OWN_LINE pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static OWN_LINE GMutex glib_mutex; /* zeroes will do, says GLib */
static OWN_LINE mtx_t c11_mutex;

/* `whose_turn` has become the thread's of that number. */
static OWN_LINE sync_condition our_turn[2];
static OWN_LINE pthread_cond_t posix_turn[2] = {
        PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER};
static OWN_LINE GCond glib_turn[2];
static OWN_LINE cnd_t c11_turn[2];

static OWN_LINE unsigned whose_turn; /* guarded by whichever is measured; in the
                                        end it is the first thread's again */

static void make_all(void)
{
    MUST(sync_lock_init(&our_lock));
    if (mtx_init(&c11_mutex, mtx_plain) != thrd_success)
        give_up("there is no mtx_t to be had");
    for (int i = 0; i < 2; i++) {
        MUST(sync_condition_init(&our_turn[i], &our_lock));
        if (cnd_init(&c11_turn[i]) != thrd_success)
            give_up("there is no cnd_t to be had");
    }
}

static void unmake_all(void)
{
    for (int i = 0; i < 2; i++) {
        cnd_destroy(&c11_turn[i]);
        MUST(sync_condition_destroy(&our_turn[i]));
    }
    mtx_destroy(&c11_mutex);
    MUST(sync_lock_destroy(&our_lock));
}

WORK(take_turns_ours, {
    sync_lock_acquire(&our_lock);
    while (whose_turn != me)
        sync_condition_wait(&our_turn[me]);
    whose_turn = !me;
    sync_condition_notify(&our_turn[!me]);
    sync_lock_release(&our_lock);
})

WORK(take_turns_posix, {
    pthread_mutex_lock(&mutex);
    while (whose_turn != me)
        pthread_cond_wait(&posix_turn[me], &mutex);
    whose_turn = !me;
    pthread_cond_signal(&posix_turn[!me]);
    pthread_mutex_unlock(&mutex);
})

WORK(take_turns_glib, {
    g_mutex_lock(&glib_mutex);
    while (whose_turn != me)
        g_cond_wait(&glib_turn[me], &glib_mutex);
    whose_turn = !me;
    g_cond_signal(&glib_turn[!me]);
    g_mutex_unlock(&glib_mutex);
})

WORK(take_turns_c11, {
    mtx_lock(&c11_mutex);
    while (whose_turn != me)
        cnd_wait(&c11_turn[me], &c11_mutex);
    whose_turn = !me;
    cnd_signal(&c11_turn[!me]);
    mtx_unlock(&c11_mutex);
})

void bench_condition(void)
{
    static const contestant turns[MAX_CONTESTANTS] = {
            {"sync_lock and sync_condition", take_turns_ours, NO_AIM},
            {"bare pthreads", take_turns_posix, AT_MOST(1)},
            {"GMutex and GCond", take_turns_glib, NO_AIM},
            {"mtx_t and cnd_t", take_turns_c11, NO_AIM},
    };
    make_all();
    compare_hand_over("take turns", turns);
    unmake_all();
}
