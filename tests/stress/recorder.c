/*
 * The clock is one atomic counter. Its steps are sequentially consistent, so if
 * one call ends before another begins, as either thread sees it, its time is
 * the smaller one.
 */
#include "tests/stress/recorder.h"

#include <errno.h>
#include <sched.h>
#include <time.h>

#include "primitives/must.h"

enum { NS_PER_SECOND = 1000000000, NS_PER_US = 1000 };

static atomic_uint clock_rank;

void recorder_set_clock(void)
{
    TOOL_ATOMIC(clock_rank);
    atomic_store(&clock_rank, 0);
}

void recorder_clear(recorder *r)
{
    TOOL_ATOMIC(r->steps);
    atomic_store(&r->steps, 0);
}

static unsigned now(void)
{
    return atomic_fetch_add(&clock_rank, 1) + 1;
}

struct timespec in_us(long us)
{
    struct timespec at;
    MUST(clock_gettime(CLOCK_MONOTONIC, &at) == 0 ? 0 : errno);
    at.tv_nsec += us % 1000000 * NS_PER_US;
    at.tv_sec += us / 1000000 + at.tv_nsec / NS_PER_SECOND;
    at.tv_nsec %= NS_PER_SECOND;
    return at;
}

static void pause_before(const call *c)
{
    for (int i = 0; i > c->pause; i--)
        sched_yield();
    for (int i = 0; i < c->pause; i++)
        atomic_signal_fence(memory_order_seq_cst); /* keeps the loop */
}

static void call_once(recorder *r, operation *o, const model *m)
{
    struct timespec deadline = {0, 1}; /* has passed */
    pause_before(&o->call);
    if (o->call.deadline_us > 0)
        deadline = in_us(o->call.deadline_us);
    o->began = now();
    atomic_fetch_add(&r->steps, 1);
    o->result = m->perform(&o->call, &deadline);
    o->ended = now();
    atomic_fetch_add(&r->steps, 1);
}

void recorder_call(recorder *r, const model *m, const call *c)
{
    operation *o;
    do {
        o = &r->operations[atomic_load(&r->steps) / 2];
        o->call = *c;
        call_once(r, o, m);
    } while (c->until_it_fails && o->result.error == 0 &&
             o + 2 < r->operations + RECORDS); /* one is for what follows */
}

void recorder_collect(recorder *r, history *h)
{
    unsigned steps = atomic_load(&r->steps);
    for (unsigned i = 0; 2 * i < steps && h->count < OPERATIONS_MAX; i++) {
        const operation *from = &r->operations[i];
        operation *to = &h->operations[h->count++];
        *to = (operation){
                .call = from->call, .began = from->began, .ended = NEVER};
        if (2 * i + 2 <= steps) {
            to->result = from->result;
            to->ended = from->ended;
        }
    }
}
