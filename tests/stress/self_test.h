/*
 * Whether the checker can tell good histories from bad ones.
 */
#ifndef STRESS_SELF_TEST_H
#define STRESS_SELF_TEST_H

#include <stdbool.h>

/* Judges histories written by hand, and tells whether all verdicts are right.
 * Prints those that are not or, if it is to be verbose, all. */
bool self_test(bool verbose);

#endif
