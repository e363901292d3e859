/*
 * The explorer's reference: what a small program may do, told once more,
 * without threads, stacks, compilers or cleverness. It goes through all states
 * of the program, as graphs: two prefixes of runs are the same if what each
 * object met came in the same order, up to neighbours that commute. So it
 * counts at once
 *
 *   - the classes of runs that differ (Mazurkiewicz traces): one end a graph;
 *   - all runs: paths through the states, what brute force goes through;
 *   - the outcomes, and the gravest verdict but for data races.
 */
#ifndef EXPLORER_REFERENCE_H
#define EXPLORER_REFERENCE_H

#include "tests/explorer/explorer.h"
#include "tests/explorer/suite/scenarios.h"

enum { LOG = 64, OUTCOME = 256 };

typedef struct small_program {
    small_op ops[SMALL_THREADS][SMALL_OPS];
    int permits, parties;
    bool prefers_writers;
} small_program;

typedef struct reference {
    unsigned long classes, runs;
    explorer_verdict verdict;
    size_t outcomes;
    char (*outcome)[OUTCOME]; /* sorted */
    bool is_too_large;        /* it gave up */
} reference;

/* Gives up after so many states. To be given to reference_free(). */
reference *reference_of(const small_program *p, size_t most_states);
void reference_free(reference *r);

/* An outcome as text: what each thread logged, and the variables. */
void outcome_text(char text[OUTCOME], char log[SMALL_THREADS][LOG],
        const int *atoms, const int *plains);

#endif
