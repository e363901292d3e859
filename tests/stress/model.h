/*
 * A model: what an object would do if it were used by one call at a time.
 *
 * It says the same as the object's header, in a form that a program can ask. It
 * also knows the real object, which it makes and calls; so all that the rest of
 * the stress test has to know about a primitive is in one file, model_NAME.c.
 *
 * A call that waits has, in a model, no result in a state in which it would
 * wait: it takes effect in a later one. The until form may also take effect
 * there, with ETIMEDOUT. So a time-out means: at some moment within the call
 * there was nothing to be had.
 */
#ifndef STRESS_MODEL_H
#define STRESS_MODEL_H

#include <errno.h>
#include <stdbool.h>
#include <time.h>

#include "tests/stress/dice.h"
#include "tests/stress/history.h"

enum { FIFO, LIFO, PRIORITY }; /* orders of a queue */

enum { FIRST_ITEM = 10, ITEMS_END = 50 }; /* items are two-digit numbers */

/* Where it stands between two calls. States are compared byte by byte, so
 * what is not in use is 0. */
typedef union state {
    struct {
        int owner; /* a thread, or 0 */
        int depth;
    } lock;
    struct {
        int value;
        int limit;
    } semaphore;
    struct {
        int is_set;
    } event;
    struct {
        int order;
        int capacity; /* 0: as many as one likes */
        int closed;
        int unfinished;
        int count;
        unsigned char items[CALLS_A_ROUND]; /* in order of arrival */
    } queue;
} state;

enum { WEIGHT_MAX = 24 };

typedef struct verb {
    const char *name;
    unsigned weight; /* how often it is chosen, up to WEIGHT_MAX */
    enum { ONE_FORM, NO_TRY_FORM, THREE_FORMS } forms;
    enum { NOTHING, NUMBER, ITEM } takes;
    bool gives; /* its result is a value */
} verb;

typedef struct model {
    const char *name;
    int variant;       /* the model's own: which of its objects */
    const verb *verbs; /* from 1 to verb_count - 1 */
    int verb_count;
    call own_end;           /* what each thread does last */
    const call *common_end; /* what main does then: two calls, or one and 0 */

    /* Chooses a state to begin with, which is all 0 before. Tells in a few
     * words what it has chosen. Both NULL if there is nothing to choose. */
    void (*begin)(const struct model *m, state *s, dice *d);
    void (*describe)(const state *initial, char *text, size_t size);
    /* Gives the call's result in this state, and changes the state; or false,
     * if the call would wait. */
    bool (*step)(state *s, const call *c, result *r);

    /* Makes the real object, in that state: 0 or an error. */
    int (*make)(const state *initial);
    /* Makes the call. The deadline is for the until form. */
    result (*perform)(const call *c, const struct timespec *deadline);
} model;

extern const model lock_model, rlock_model;
extern const model semaphore_model, bounded_semaphore_model;
extern const model event_model;
extern const model fifo_model, lifo_model, priority_model;

/* The end of step() where what the call wants is not there. */
static inline bool unavailable(const call *c, int try_error, result *r)
{
    r->error = c->form == TRY ? try_error : ETIMEDOUT;
    return c->form != WAIT;
}

#endif
