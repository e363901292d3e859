/*
 * What the threads of a round are going to do, chosen at random.
 */
#ifndef STRESS_PLAN_H
#define STRESS_PLAN_H

#include "tests/stress/dice.h"
#include "tests/stress/history.h"
#include "tests/stress/model.h"

typedef struct plan {
    state initial;
    int threads;
    int counts[THREADS_MAX]; /* calls of each thread */
    call calls[THREADS_MAX][CALLS_A_ROUND + 1];
} plan;

/* Chooses a plan for at most so many threads. However the threads take turns,
 * it comes to an end: none of its calls can wait for ever. */
void plan_choose(plan *p, const model *m, int threads, dice *d);

#endif
