/*
 * What a lesson is made of. A lesson is a folder lessons/NAME with a file
 * lesson.c, which defines `this_lesson`, and a file for each of its scenes.
 *
 * A scene makes a promise and climbs a ladder towards it: the bug, what is
 * tempting and still wrong, the fix. Each rung is a short program that is run
 * many times.
 */
#ifndef LOCKSTEP_LESSON_H
#define LOCKSTEP_LESSON_H

#include <stdbool.h>

typedef struct rung {
    const char *title;
    const char *code;  /* the function that is shown, by its name */
    bool (*run)(void); /* runs it once: whether the promise was kept */
    bool right;        /* it must be kept in every run */
} rung;

typedef struct scene {
    const char *name;
    const char *promise;
    const char *file;  /* where the code stands: __FILE__ */
    const rung *rungs; /* ends with a rung without a title */
    const char *why;
    const char *rule;
} scene;

typedef struct lesson {
    const char *name;
    const char *title;
    const scene *const *scenes; /* ends with NULL */
} lesson;

extern const lesson this_lesson;

/* Runs two threads with that body, and waits until both have ended. */
void lesson_run_two(void *(*body)(void *));

#endif
