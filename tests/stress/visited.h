/*
 * Where a search has been, so that it goes on from each place only once.
 *
 * There is one such set, for one search at a time.
 */
#ifndef STRESS_VISITED_H
#define STRESS_VISITED_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/stress/model.h"

void visited_clear(void);

/* Adds a place, which is what has been done and the state it has led to; false
 * if it was there before. */
bool visited_add(uint64_t done, const state *s);

#endif
