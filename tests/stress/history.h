/*
 * What happened in a round: which thread called what, when, and what it got.
 *
 * Times are taken from one atomic counter, before and after each call. So they
 * are ranks: all different, and of two calls the one that ended before the
 * other began has the smaller times. Nothing else about time matters to a
 * linearization.
 */
#ifndef STRESS_HISTORY_H
#define STRESS_HISTORY_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct model;

enum {
    THREADS_MAX = 8,
    MAIN = THREADS_MAX + 1, /* the threads of a round are 1 to THREADS_MAX */
    CALLS_A_ROUND = 20,     /* planned; what closes the round comes on top */
    OPERATIONS_MAX = 64     /* so that a set of them is one 64-bit number */
};

/* The three forms of what can wait: verb, try_verb and verb_until. */
typedef enum form { WAIT, TRY, UNTIL } form;

/* What a thread is to do. */
typedef struct call {
    int thread;
    int verb; /* one of the model's, from 1; 0 is no call at all */
    form form;
    int argument;        /* an item or a number, if the verb takes one */
    long deadline_us;    /* UNTIL: microseconds from the call; 0: has passed */
    int pause;           /* before it: turns of a loop; negative: yields */
    bool until_it_fails; /* made again and again, each time an operation */
} call;

typedef struct result {
    int error; /* 0 or an errno number */
    int value; /* what was got or read, if the verb gives a value */
} result;

static const unsigned NEVER = UINT_MAX;

typedef struct operation {
    call call;
    result result;
    unsigned began;
    unsigned ended; /* NEVER: the thread is still in the call */
} operation;

/* In the order in which they began. */
typedef struct history {
    unsigned count;
    operation operations[OPERATIONS_MAX];
} history;

void history_sort(history *h);

/* What was known at that time: calls that began later are left out, and those
 * that ended later have not ended. */
history history_until(const history *whole, unsigned time);

/* Pairs of operations of which neither ended before the other began. */
unsigned history_overlaps(const history *h);

/* One line an operation. */
void history_print(const struct model *m, const history *h);

/* `A put(12) -> 0`, without the times, into the text. */
void operation_text(
        const struct model *m, const operation *o, char *text, size_t size);

/* The name of an errno number that the library uses, and the other way round;
 * the number of an unknown name is -1. */
const char *error_name(int error);
int error_number(const char *name);

#endif
