/*
 * The search: which run comes next. What it keeps of a run is one node a step;
 * the run itself is repeated from its beginning, up to the node where it takes
 * another turn.
 */
#ifndef EXPLORER_SEARCH_H
#define EXPLORER_SEARCH_H

#include "engine.h"

/* A turn that the default order would not have taken. */
typedef struct turn {
    uint32_t step;
    uint8_t thread, way;
} turn;

typedef struct schedule {
    turn *turns;
    size_t count, room;
} schedule;

struct explorer_result {
    explorer_verdict verdict;
    char what[256];
    bool has_race, is_complete, is_weak, is_limited;
    unsigned long executions, cut;
    unsigned bound; /* of find: delays */
    char *schedule;
    char **outcomes;
    size_t outcome_count;
    uint32_t race[2]; /* the steps of the race, in the failing run */
    bool shows_race;  /* the race is in the failing run */
    char race_at[2][96];
};

/* Searches; the failing run, if there is one, has been recorded. */
explorer_result *search(void (*scenario)(void));

#endif
