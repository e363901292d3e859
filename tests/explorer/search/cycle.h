/*
 * Runs that go round: when the whole state of the program is as it was some
 * steps ago, and all who could go on in between did, it can go on like this
 * for ever. (A round in which somebody was passed over all the time is none:
 * no scheduler does that for ever.)
 */
#ifndef EXPLORER_CYCLE_H
#define EXPLORER_CYCLE_H

#include "tests/explorer/engine.h"

/* Some thread came back to where it was, having changed nothing: only then
 * can there be a round. */
extern bool cycle_is_possible;

typedef enum round_kind { NO_ROUND, UNFAIR_ROUND, FAIR_ROUND } round_kind;

void cycle_reserve(uint32_t steps);

/* Notes the state before step run.step, in which these could go on. */
round_kind cycle_look(set enabled);

/* The first step of the last fair round, and who moved in it. */
extern uint32_t cycle_begins;
extern set cycle_moves;

/* Whether the state noted last was noted before this way, in any run. */
bool cycle_was_seen(void);
void cycle_forget(void);

#endif
