/*
 * Measuring side by side.
 *
 * A comparison has contestants that do the same work, ours first and then its
 * peers. They come one after the other, round after round, so that whatever
 * slows the machine down for a while slows them all down. In each round our
 * figure is set against each peer's; what is reported is the median over the
 * rounds, and how much the rounds differ.
 *
 * How often the work is done in one go, its turns, is found out for each one
 * beforehand, and mended from round to round, so that all run equally long.
 */
#ifndef LOCKSTEP_BENCH_MEASURE_H
#define LOCKSTEP_BENCH_MEASURE_H

#include <stddef.h>

#include "tests/bench/threads.h"

enum { MAX_CONTESTANTS = 6 };

enum unit { NANOSECONDS, MICROSECONDS, MILLIONS_A_SECOND };

/* What our figure, set against a peer's, is meant to be. */
typedef struct aim {
    enum {
        WITHOUT,
        RATIO_AT_MOST,
        RATIO_AT_LEAST,
        MORE_AT_MOST,  /* our figure less the peer's */
        FIGURE_AT_MOST /* of ours alone */
    } kind;
    double limit;
} aim;

/* clang-format off */
#define NO_AIM            {WITHOUT, 0}
#define AT_MOST(ratio)    {RATIO_AT_MOST, (ratio)}
#define AT_LEAST(ratio)   {RATIO_AT_LEAST, (ratio)}
#define MORE_BY(figure)   {MORE_AT_MOST, (figure)}
#define FIGURE_TO(figure) {FIGURE_AT_MOST, (figure)}
/* clang-format on */

typedef struct contestant {
    const char *name;
    work *work;
    aim aim; /* of ours against this one */
} contestant;

/* Gives the nanoseconds of one step, whatever that is. */
typedef double measurement(const trial *trial, work *work);

/* What it usually is: a turn. Either in this thread alone, by the time that it
 * has the processor; or in the trial's threads together, by the clock. */
measurement alone, all_together;

/* Makes the comparison, and reports it. The turns of the trial are found out.
 * There are as many contestants as have a name. */
void compare(const char *what, enum unit unit, measurement *measure,
        trial trial, const contestant contestants[MAX_CONTESTANTS]);

/* The same, of two threads that wake each other: first on one core, and then on
 * two, if there are two. A step is once there and back. */
void compare_hand_over(
        const char *what, const contestant contestants[MAX_CONTESTANTS]);

/* From now on: fewer rounds, and shorter ones. */
void compare_quickly(void);

unsigned rounds_compared(void);

double median(double values[], size_t n); /* puts them in order */

#endif
