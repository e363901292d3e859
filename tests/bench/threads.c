#define _GNU_SOURCE /* for processor affinities */
#include "tests/bench/threads.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "primitives/must.h"

enum { NS_PER_SECOND = 1000000000, MAX_THREADS = 64 };

static int64_t read_clock(clockid_t clock)
{
    struct timespec at;
    clock_gettime(clock, &at);
    return (int64_t)at.tv_sec * NS_PER_SECOND + at.tv_nsec;
}

int64_t now_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t processor_ns(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

void give_up(const char *what)
{
    fflush(stdout);
    fprintf(stderr, "bench: %s\n", what);
    abort();
}

/* --- Cores --- */

/* The processors that this program may use: gives how many, at most two. */
static int find_cores(int cores[2])
{
    cpu_set_t allowed;
    int found = 0;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return 0;
    for (int cpu = 0; cpu < CPU_SETSIZE && found < 2; cpu++) {
        if (CPU_ISSET(cpu, &allowed))
            cores[found++] = cpu;
    }
    return found;
}

bool has_two_cores(void)
{
    int cores[2];
    return find_cores(cores) == 2;
}

static void place(pthread_attr_t *attr, enum placement placement, unsigned me)
{
    int cores[2];
    if (placement == ANYWHERE || find_cores(cores) == 0)
        return;
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET(cores[placement == ON_TWO_CORES ? me % 2 : 0], &own);
    MUST(pthread_attr_setaffinity_np(attr, sizeof own, &own));
}

/* --- Threads that begin together --- */

typedef struct participant {
    pthread_t thread;
    const trial *trial;
    work *work;
    pthread_barrier_t *start;
    unsigned me;
    int64_t begin, end;
} participant;

static void *participate(void *arg)
{
    participant *p = arg;
    pthread_barrier_wait(p->start);
    p->begin = now_ns();
    p->work(p->trial, p->me);
    p->end = now_ns();
    return NULL;
}

static void launch(participant *p)
{
    pthread_attr_t attr;
    MUST(pthread_attr_init(&attr));
    place(&attr, p->trial->placement, p->me);
    MUST(pthread_create(&p->thread, &attr, participate, p));
    MUST(pthread_attr_destroy(&attr));
}

double run_together(const trial *trial, work *work)
{
    participant all[MAX_THREADS];
    pthread_barrier_t start;
    if (trial->threads == 0 || trial->threads > MAX_THREADS)
        give_up("a trial has 1 to 64 threads");

    MUST(pthread_barrier_init(&start, NULL, trial->threads));
    for (unsigned i = 0; i < trial->threads; i++) {
        all[i] = (participant){
                .trial = trial, .work = work, .start = &start, .me = i};
        launch(&all[i]);
    }
    int64_t begin = INT64_MAX, end = INT64_MIN;
    for (unsigned i = 0; i < trial->threads; i++) {
        MUST(pthread_join(all[i].thread, NULL));
        begin = all[i].begin < begin ? all[i].begin : begin;
        end = all[i].end > end ? all[i].end : end;
    }
    MUST(pthread_barrier_destroy(&start));
    return (double)(end - begin);
}

/* --- The thread that is parked --- */

static pthread_t parked;
static sem_t dismissed;

static void *park(void *unused)
{
    (void)unused;
    while (sem_wait(&dismissed) != 0)
        continue; /* a signal came */
    return NULL;
}

void park_a_thread(void)
{
    if (sem_init(&dismissed, 0, 0) != 0)
        give_up("there is no semaphore to be had");
    MUST(pthread_create(&parked, NULL, park, NULL));
}

void dismiss_it(void)
{
    sem_post(&dismissed);
    MUST(pthread_join(parked, NULL));
    sem_destroy(&dismissed);
}
