/*
 * What was asked for on the command line.
 */
#ifndef STRESS_OPTIONS_H
#define STRESS_OPTIONS_H

#include <stdbool.h>

#include "tests/stress/model.h"

enum { MODELS = 8 };

typedef struct options {
    unsigned long seed;
    int seconds; /* for all models together */
    int threads; /* at most in a round */
    bool verbose;
    bool self_test;
    const model *models[MODELS]; /* to be tested */
    int model_count;
} options;

/* Ends the program after --help, and with status 2 if there is something that
 * it does not understand. */
options options_read(int argc, char **argv);

#endif
