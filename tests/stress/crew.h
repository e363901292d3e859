/*
 * The threads that carry out the plans. They live from the first round to the
 * last, since to start a thread takes longer than a round.
 */
#ifndef STRESS_CREW_H
#define STRESS_CREW_H

#include <stdbool.h>

#include "tests/stress/history.h"
#include "tests/stress/model.h"
#include "tests/stress/plan.h"

void crew_start(int threads);
void crew_stop(void);

/* Carries out the plan on a fresh object, and writes down what happened. False
 * if for ten seconds nothing has: some threads are still in their calls. The
 * crew cannot be used or stopped after that. */
bool crew_run(const model *m, const plan *p, history *h);

#endif
