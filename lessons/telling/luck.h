/*
 * What luck shows: the plain rung, run natively, as often as there is time for.
 */
#ifndef LOCKSTEP_TELLING_LUCK_H
#define LOCKSTEP_TELLING_LUCK_H

typedef struct luck {
    unsigned runs, failures;
    unsigned hangs; /* of the failures */
} luck;

/* For 0.2 s and at most 1,000 runs, or up to three that hang. */
luck luck_try(void (*rung)(void));

/* One run: whether it ended, and well. */
typedef enum ending { ENDED_WELL, FAILED, HUNG } ending;
ending luck_run(void (*rung)(void));

#endif
