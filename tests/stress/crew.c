/*
 * The main thread lets the others go by a semaphore each, and sleeps until all
 * have ended. Those that have been woken meet before they begin, and yield
 * until the last is there: so they begin together, and their calls overlap.
 *
 * Each thread is bound to a processor, in turn. Left to itself the system may
 * put all of them on one, since they sleep so often; then they take turns, and
 * hardly any calls overlap.
 */
#define _GNU_SOURCE /* for pthread_setaffinity_np */
#include "tests/stress/crew.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>

#include "primitives/must.h"
#include "tests/stress/recorder.h"

enum { PATIENCE_S = 10 };

typedef struct worker {
    pthread_t thread;
    sem_t go;
    const call *calls; /* of this round */
    int count;
    recorder recorder;
} worker;

static worker workers[THREADS_MAX];
static int hired;

/* Main writes these before it posts the semaphores. */
static bool is_over;
static const model *played;
static unsigned players;

static atomic_uint here; /* players that have come to the start */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_ended; /* `playing` is 0 */
static unsigned playing;         /* guarded by the mutex, from the start on */

/* --- One thread --- */

static void meet(void)
{
    atomic_fetch_add(&here, 1);
    while (atomic_load(&here) < players)
        sched_yield();
}

static void play(worker *w)
{
    meet();
    for (int i = 0; i < w->count; i++)
        recorder_call(&w->recorder, played, &w->calls[i]);

    MUST(pthread_mutex_lock(&mutex));
    if (--playing == 0)
        MUST(pthread_cond_signal(&all_ended)); /* only main waits for it */
    MUST(pthread_mutex_unlock(&mutex));
}

static void wait_for_go(worker *w)
{
    while (sem_wait(&w->go) != 0)
        MUST(errno == EINTR ? 0 : errno);
}

static void *work(void *arg)
{
    worker *w = arg;
    for (wait_for_go(w); !is_over; wait_for_go(w))
        play(w);
    return NULL;
}

/* --- Hiring --- */

/* Binds the thread to the next processor, after the last one that was given
 * out, of those that the program may use. */
static void bind_to_next_cpu(pthread_t thread)
{
    static int cpu = -1;
    cpu_set_t allowed, one;
    MUST(pthread_getaffinity_np(pthread_self(), sizeof allowed, &allowed));
    do
        cpu = (cpu + 1) % CPU_SETSIZE;
    while (!CPU_ISSET(cpu, &allowed));
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    MUST(pthread_setaffinity_np(thread, sizeof one, &one));
}

void crew_start(int threads)
{
    pthread_condattr_t monotonic;
    MUST(pthread_condattr_init(&monotonic));
    MUST(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC));
    MUST(pthread_cond_init(&all_ended, &monotonic));
    MUST(pthread_condattr_destroy(&monotonic));
    TOOL_ATOMIC(here);
    for (hired = 0; hired < threads; hired++) {
        worker *w = &workers[hired];
        MUST(sem_init(&w->go, 0, 0) == 0 ? 0 : errno);
        MUST(pthread_create(&w->thread, NULL, work, w));
        bind_to_next_cpu(w->thread);
    }
}

static void let_go(worker *w)
{
    MUST(sem_post(&w->go) == 0 ? 0 : errno);
}

void crew_stop(void)
{
    is_over = true;
    for (int i = 0; i < hired; i++)
        let_go(&workers[i]);
    for (int i = 0; i < hired; i++) {
        MUST(pthread_join(workers[i].thread, NULL));
        MUST(sem_destroy(&workers[i].go) == 0 ? 0 : errno);
    }
    MUST(pthread_cond_destroy(&all_ended));
}

/* --- A round --- */

/* Whether all end. Each second is waited for by itself, so that one in which
 * the whole program was stopped does not count for more. */
static bool wait_for_all(void)
{
    MUST(pthread_mutex_lock(&mutex));
    for (int seconds = 0; playing > 0 && seconds < PATIENCE_S;) {
        struct timespec deadline = in_us(1000000);
        if (pthread_cond_timedwait(&all_ended, &mutex, &deadline) == ETIMEDOUT)
            seconds++;
    }
    bool all = playing == 0;
    MUST(pthread_mutex_unlock(&mutex));
    return all;
}

static bool play_together(const model *m, const plan *p)
{
    played = m;
    players = playing = (unsigned)p->threads;
    atomic_store(&here, 0);
    recorder_set_clock();
    for (int i = 0; i < p->threads; i++) {
        workers[i].calls = p->calls[i];
        workers[i].count = p->counts[i];
        recorder_clear(&workers[i].recorder);
    }
    for (int i = 0; i < p->threads; i++)
        let_go(&workers[i]);
    return wait_for_all();
}

bool crew_run(const model *m, const plan *p, history *h)
{
    static recorder mine;

    MUST(m->make(&p->initial));
    recorder_clear(&mine);
    bool ended = play_together(m, p);
    for (int i = 0; ended && i < 2 && m->common_end[i].verb != 0; i++) {
        call c = m->common_end[i];
        c.thread = MAIN;
        recorder_call(&mine, m, &c);
    }

    h->count = 0;
    for (int i = 0; i < p->threads; i++)
        recorder_collect(&workers[i].recorder, h);
    recorder_collect(&mine, h);
    history_sort(h);
    return ended;
}
