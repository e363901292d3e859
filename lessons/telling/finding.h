/*
 * What comes of a rung: what luck shows, and what the explorer finds.
 */
#ifndef LOCKSTEP_TELLING_FINDING_H
#define LOCKSTEP_TELLING_FINDING_H

#include "lessons/telling/luck.h"
#include "lessons/lesson.h"

typedef struct finding {
    luck luck;                /* of what is broken */
    explorer_result *failing; /* the simplest run that fails; NULL: a fix */
    explorer_result *all;     /* all orders that differ, or many */
} finding;

/* How it is looked at. */
typedef struct view {
    bool tries_luck;
    bool shows_inside; /* of the primitives */
} view;

finding finding_of(const scene *scene, const rung *rung, view view);
void finding_free(finding *f);

/* Whether it is what lesson.c says it must be. */
bool is_as_stated(const rung *rung, const finding *f);

/* The options for the run that fails, or that a schedule stands for. */
explorer_options options_for(const scene *scene, view view);

#endif
