/*
 * Whether a history is linearizable: whether each operation may be thought of
 * as a single moment between its begin and its end, such that one after the
 * other they do what the model does.
 *
 * Source of the idea: Herlihy & Wing, "Linearizability: a correctness condition
 * for concurrent objects", 1990.
 */
#ifndef STRESS_LINEARIZE_H
#define STRESS_LINEARIZE_H

#include <stdbool.h>

#include "tests/stress/history.h"
#include "tests/stress/model.h"

/* Operations of a history, by their places in it, in the order of those
 * moments. */
typedef struct order {
    unsigned count;
    unsigned places[OPERATIONS_MAX];
} order;

/* Tells whether there is such an order, and gives one if `found` is not NULL.
 * An operation that has not ended may have had its effect already, or not. */
bool linearize(
        const model *m, const state *initial, const history *h, order *found);

#endif
