/*
 * The histories that the checker is tested with.
 */
#ifndef STRESS_HAND_WRITTEN_H
#define STRESS_HAND_WRITTEN_H

#include <stdbool.h>

#include "tests/stress/model.h"

typedef struct example {
    const model *model;
    const char *title;
    bool good;
    state initial;
    const char *lines[8]; /* the last is followed by NULL */
} example;

/* The last is followed by one without a title. */
extern const example examples[];

#endif
