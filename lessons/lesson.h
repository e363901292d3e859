/*
 * What a lesson is made of. A lesson is a folder lessons/NAME with a file for
 * each of its scenes, and lesson.c, which lists them.
 *
 * A scene makes a promise and climbs a ladder towards it: the bug, what is
 * tempting and still wrong, the fix. Each *rung* is a function of the scene's
 * file, a small program of its own. It stands, with all that it needs and those
 * before it did not have, below a comment that says what it is: "The bug: ...",
 * "Tempting: ..." or "The fix: ...", and, in further paragraphs, why it fails
 * or is right. The comment at the head of the file gives the promise and what
 * to look for, the one at its end the rule to remember. The lesson tells all
 * this from the file itself, and quotes the code: what is read is what runs.
 * (So a line of code has at most 73 columns: its number stands before it.)
 *
 * The file is compiled twice: plainly, to see what luck shows, and for the
 * explorer, which shows the simplest run that fails, or that none does.
 */
#ifndef LOCKSTEP_LESSON_H
#define LOCKSTEP_LESSON_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "tests/explorer/explorer.h"

/* --- For scenes ------------------------------------------------------------*/

/* What the scene promises. If it is not kept, this run has failed. */
#define lesson_check(promise) lesson_promise((promise), #promise)
void lesson_promise(bool is_kept, const char *text);

/* Runs a thread for each of the functions, and waits until all have ended. */
#define lesson_run(...)                                                        \
    do {                                                                       \
        void *(*const bodies[])(void *) = {__VA_ARGS__};                       \
        enum { COUNT = sizeof bodies / sizeof *bodies };                       \
        pthread_t threads[COUNT];                                              \
        for (int at = 0; at < COUNT; at++)                                     \
            pthread_create(&threads[at], NULL, bodies[at], NULL);              \
        for (int at = 0; at < COUNT; at++)                                     \
            pthread_join(threads[at], NULL);                                   \
    } while (0)

/* --- For lesson.c ----------------------------------------------------------*/

typedef struct rung {
    const char *name; /* of its function */
    void (*plain)(void);
    void (*explored)(void);   /* NULL: built without the explorer */
    explorer_verdict verdict; /* that it must get; EXPLORER_OK: it is a fix */
    bool races;               /* and there is a data race, too */
} rung;

/* Declares the function of a rung, in its two versions. */
#define RUNG(function)                                                         \
    void function(void);                                                       \
    __attribute__((weak)) void explored_##function(void);

/* A rung by its function, with the verdict it must get: BROKEN(f, CHECK). */
#define BROKEN(function, gets)                                                 \
    {                                                                          \
#function, function, explored_##function, EXPLORER_##gets,             \
                EXPLORER_##gets == EXPLORER_RACE                               \
    }
#define BROKEN_AND_RACES(function, gets)                                       \
    {                                                                          \
#function, function, explored_##function, EXPLORER_##gets, true        \
    }
#define FIX(function) BROKEN(function, OK)

/* Lu, Park, Seo, Zhou: "Learning from mistakes" (ASPLOS 2008) sort bugs thus;
 * what needs no second thread or no unlucky order, or is a matter of cost, is
 * none of them. */
typedef enum bug_kind {
    OTHER_BUG,
    ATOMICITY, /* others come between what was meant as one step */
    ORDER,     /* something happens before what it needs */
    DEADLOCK
} bug_kind;

/* Coffman, Elphick, Shoshani: "System deadlocks" (1971): all four must hold. */
typedef enum coffman {
    NONE_OF_THEM,
    MUTUAL_EXCLUSION,
    HOLD_AND_WAIT,
    NO_PREEMPTION,
    CIRCULAR_WAIT
} coffman;

enum { MOST_RUNGS = 6 };

typedef struct scene {
    const char *name; /* of its file, too, without ".c" */
    bug_kind kind;
    coffman removes;        /* the condition that the fix takes away */
    bool is_further;        /* reading, not part of the class hour */
    bool wakes_spuriously;  /* where it is broken; proofs allow for it always */
    rung rungs[MOST_RUNGS]; /* in the order of the file */
} scene;

/* The comment at the head of lesson.c has the lesson's words, as the one of
 * lessons/lock: title, what there is to learn, questions, what to read next. */
typedef struct lesson {
    const char *name;
    const scene *scenes; /* ends with one without a name */
} lesson;

extern const lesson this_lesson;

#endif
