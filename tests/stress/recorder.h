/*
 * One thread's part in a round: it makes its calls and writes down what they
 * gave, and when they began and ended.
 *
 * Each thread has a record of its own, so that writing it down disturbs the
 * others as little as can be. The only thing they share is the clock.
 */
#ifndef STRESS_RECORDER_H
#define STRESS_RECORDER_H

#include <stdatomic.h>

#include "tests/stress/history.h"
#include "tests/stress/model.h"

/* A thread acquires at most as often as it has calls, and releases, at the end,
 * no more often than that; likewise main, which empties a queue. */
enum { RECORDS = 2 * CALLS_A_ROUND + 2 };

typedef struct recorder {
    operation operations[RECORDS];
    atomic_uint steps; /* begins and ends that have been written down */
} recorder;

/* Before a round. */
void recorder_set_clock(void);
void recorder_clear(recorder *r);

/* Makes the call, or with until_it_fails as many as there is room for. */
void recorder_call(recorder *r, const model *m, const call *c);

/* Adds the operations to the history. The thread may still be in a call: that
 * one is added without its end. */
void recorder_collect(recorder *r, history *h);

/* The time so many microseconds from now. */
struct timespec in_us(long us);

#endif
