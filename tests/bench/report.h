/*
 * The tables, and the count of the aims that are met.
 */
#ifndef LOCKSTEP_BENCH_REPORT_H
#define LOCKSTEP_BENCH_REPORT_H

#include "tests/bench/measure.h"

typedef struct row {
    const char *name;
    double figure;
    double ratio;  /* ours to this one's; or, if the aim is so, ours less it */
    double spread; /* of the ratio: half of what is between its quartiles */
    aim aim;
} row;

/* Explains the columns. */
void report_legend(void);

/* The heading of what one primitive's figures come under. */
void report_heading(const char *name);

/* What is compared, and then who takes part in it. */
void report_what(const char *what, enum unit unit);
void report_row(const row *row, bool is_ours);

/* How many aims were met, and which were not. */
void report_aims(void);

#endif
