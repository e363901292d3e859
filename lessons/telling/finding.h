/*
 * What comes of a rung: what luck shows, and what the explorer finds.
 */
#ifndef LOCKSTEP_TELLING_FINDING_H
#define LOCKSTEP_TELLING_FINDING_H

#include "lessons/telling/luck.h"
#include "lessons/telling/script.h"

typedef struct finding {
    luck luck;                /* of what is broken */
    explorer_result *failing; /* the simplest run that fails; NULL: a fix */
    explorer_result *all;     /* all orders, or many; NULL: not asked for */
} finding;

/* How it is looked at. */
typedef struct view {
    bool tries_luck;
    bool shows_inside; /* of the primitives */
} view;

/* Whether it is what lesson.c says it must be. */
bool is_as_stated(const rung *rung, const finding *f);

/* A scene, with its words and what came of its rungs. */
typedef struct ladder {
    const scene *scene;
    const script *script;
    finding findings[MOST_RUNGS];
    bool is_as_stated;
} ladder;

/* Of all rungs, or of one alone, which is not NULL. */
ladder climb(const scene *scene, const rung *alone, view view);
void ladder_free(ladder *l);

/* The options for the run that fails, or that a schedule stands for. */
explorer_options options_for(const scene *scene, view view);

#endif
