/*
 * What a file of scenarios says of its module, and what it may use.
 *
 * A scenario is a few threads, each of which does one operation and checks what
 * comes of it. Before them `begin` makes the object; when they have ended `end`
 * looks at what is left and destroys it. Some operations wait for what may not
 * come: then main goes to the `rescue` as soon as the others have ended.
 *
 * A scenario is small, for it is done in all orders. What a primitive orders it
 * proves by plain data, that would be in a data race if it did not.
 */
#ifndef PROVE_H
#define PROVE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "tests/explorer/explorer.h"

enum { PROVE_THREADS = 4 };

/* What one thread does. It is given its number, from 0, and what it returns is
 * a number too. */
typedef struct prove_operation {
    const char *name;
    void *(*body)(void *number);
    bool waits; /* perhaps until the rescue */
} prove_operation;

/* clang-format off */
#define OPERATION(body) {#body, body, false}
#define WAITING(body)   {#body, body, true}
/* clang-format on */

/* What is left out of the bounds, where it would take too long. */
enum { NO_SPURIOUS = 1, NO_TIMEOUTS = 2 };

typedef struct prove_scenario {
    const char *name; /* NULL: the names of its threads */
    prove_operation threads[PROVE_THREADS];
    void (*begin)(void), (*rescue)(void), (*end)(void); /* NULL: the module's */
    unsigned left_out;
} prove_scenario;

typedef struct prove_module {
    const char *name;
    const prove_operation *operations; /* tried in all pairs */
    const prove_scenario *scenarios;   /* and these; both end with no name */
    void (*begin)(void), (*rescue)(void), (*end)(void);
    bool has_triples; /* the operations are tried in all threes as well */
} prove_module;

/* clang-format off */
#define THREADS(...) .threads = {__VA_ARGS__}
#define LAST         {.name = NULL} /* a scenario of nothing ends the array */
/* clang-format on */

/* The module of the file. */
extern const prove_module scenario_module;

/* Runs the scenario that was chosen; the explorer calls it. */
void scenario_threads(void);

/* --- For scenarios ---------------------------------------------------------*/

/* What the header says must be so. */
#define PROMISE(kept) explorer_check((kept), #kept)

/* Deadlines, on the explorer's clock: long past, and some time after main's
 * `begin`. */
extern const struct timespec prove_past;
extern struct timespec prove_soon;

/* Gives the error, of a call that had prove_soon, and checks that it did not
 * give up before then. */
int prove_timely(int error);

/* What the threads returned, for `end`; and who they are, for `rescue`. */
extern int prove_returned[PROVE_THREADS];
int prove_sum(void);
pthread_t prove_thread(int number);

/* What a thread returns. */
static inline void *prove_result(int number)
{
    return (void *)(intptr_t)number; /* NOLINT(performance-no-int-to-ptr) */
}

/* --- The runner's ----------------------------------------------------------*/

/* The scenario that is to be run, with nothing left to be filled in. */
const prove_scenario *explorer_prove_chosen(void);

#endif
