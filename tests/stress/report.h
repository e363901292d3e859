/*
 * How a failure is told, so that a student can follow it.
 */
#ifndef STRESS_REPORT_H
#define STRESS_REPORT_H

#include "tests/stress/history.h"
#include "tests/stress/model.h"

/* The history is not linearizable: prints it, up to the first moment at which
 * that is certain, and the order that would have done until then. */
void report_violation(
        const model *m, const state *initial, const history *whole);

/* Some calls have not returned, though nothing else is wrong. */
void report_hang(const model *m, const state *initial, const history *h);

#endif
