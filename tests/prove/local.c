/*
 * Local: a variable of which every thread has its own copy.
 */
#include "primitives/local.h"

#include <errno.h>
#include <stdlib.h>

#include "primitives/event.h"
#include "tests/prove/prove.h"

static sync_local local;
static int cleaned[PROVE_THREADS + 1]; /* by whose number was in the copy */
static sync_event got, destroyed;

/* A copy holds the number of its thread, plus 1. */
static void clean(void *copy)
{
    cleaned[*(int *)copy]++;
}

static int *mine(void)
{
    int *copy = sync_local_get(&local);
    PROMISE(copy != NULL);
    return copy;
}

/* Zeroes at first; then it is where it was, and what it was. */
static void *get(void *self)
{
    int *copy = mine();
    PROMISE(*copy == 0);
    *copy = (int)(intptr_t)self + 1;
    PROMISE(mine() == copy);
    PROMISE(*copy == (int)(intptr_t)self + 1);
    return prove_result(1);
}

static void *get_reset_get(void *self)
{
    int *copy = mine();
    get(self);
    PROMISE(sync_local_reset(&local) == 0);
    PROMISE(cleaned[(intptr_t)self + 1] == 1);
    PROMISE(mine() == copy);
    get(self);
    return prove_result(2);
}

static void *reset_without(void *self)
{
    (void)self;
    PROMISE(sync_local_reset(&local) == 0);
    return prove_result(0);
}

static void begin(void)
{
    PROMISE(sync_local_init(&local, sizeof(int), clean) == 0);
}

/* The threads have ended: all that they had was cleaned, and once. */
static void end(void)
{
    for (int i = 0; i < PROVE_THREADS; i++)
        PROMISE(cleaned[i + 1] == prove_returned[i]);
    PROMISE(sync_local_destroy(&local) == 0);
}

static const prove_operation operations[] = {OPERATION(get),
        OPERATION(get_reset_get), OPERATION(reset_without),
        {NULL, NULL, false}};

/* --- Main has a copy, too --------------------------------------------------*/

static void begin_with_copy(void)
{
    begin();
    *mine() = PROVE_THREADS;
}

static void end_with_copy(void)
{
    PROMISE(*mine() == PROVE_THREADS);
    PROMISE(cleaned[PROVE_THREADS] == 0);
    for (int i = 0; i < PROVE_THREADS - 1; i++)
        PROMISE(cleaned[i + 1] == prove_returned[i]);
    PROMISE(sync_local_destroy(&local) == 0);
    PROMISE(cleaned[PROVE_THREADS] == 1);
}

/* --- Destroyed while a thread that has a copy lives on ---------------------*/

static void begin_living(void)
{
    begin();
    PROMISE(sync_event_init(&got) == 0);
    PROMISE(sync_event_init(&destroyed) == 0);
}

static void *get_and_live_on(void *self)
{
    get(self);
    PROMISE(sync_event_set(&got) == 0);
    PROMISE(sync_event_wait(&destroyed) == 0);
    return prove_result(0);
}

static void destroy_and_tell(void)
{
    PROMISE(sync_event_wait(&got) == 0);
    PROMISE(sync_local_destroy(&local) == 0);
    PROMISE(cleaned[1] == 1);
    PROMISE(sync_event_set(&destroyed) == 0);
}

static void end_living(void)
{
    PROMISE(cleaned[1] == 1);
    PROMISE(sync_event_destroy(&got) == 0);
    PROMISE(sync_event_destroy(&destroyed) == 0);
}

/* The cleanup asks for a copy itself, once: it is cleaned up as well. */
static int asked;

static void clean_and_get(void *copy)
{
    clean(copy);
    if (asked++ == 0)
        *mine() = 2;
}

static void begin_asking(void)
{
    PROMISE(sync_local_init(&local, sizeof(int), clean_and_get) == 0);
}

static void end_asking(void)
{
    PROMISE(cleaned[1] == 1 && cleaned[2] == 1);
    PROMISE(sync_local_destroy(&local) == 0);
}

static void begin_without_cleanup(void)
{
    PROMISE(sync_local_init(&local, sizeof(int), NULL) == 0);
}

static void end_without_cleanup(void)
{
    PROMISE(cleaned[1] + cleaned[2] == 0);
    PROMISE(sync_local_destroy(&local) == 0);
}

static void *get_without_cleanup(void *self)
{
    get(self);
    PROMISE(sync_local_reset(&local) == 0);
    return get(self);
}

/* Larger than the memory: no copy, and it can be asked again. */
static void begin_too_large(void)
{
    PROMISE(sync_local_init(&local, SIZE_MAX, clean) == 0);
    PROMISE(sync_local_get(&local) == NULL);
    PROMISE(sync_local_get(&local) == NULL);
}

static const prove_scenario scenarios[] = {
        {THREADS(OPERATION(get), OPERATION(get), OPERATION(get))},
        {THREADS(OPERATION(get), OPERATION(get), OPERATION(get_reset_get))},
        {.name = "main has one: get",
                THREADS(OPERATION(get)),
                .begin = begin_with_copy,
                .end = end_with_copy},
        {.name = "main has one: get | get_reset_get",
                THREADS(OPERATION(get), OPERATION(get_reset_get)),
                .begin = begin_with_copy,
                .end = end_with_copy},
        {.name = "destroyed while a thread lives on",
                THREADS(WAITING(get_and_live_on)),
                .begin = begin_living,
                .rescue = destroy_and_tell,
                .end = end_living},
        {.name = "the cleanup gets a copy",
                THREADS(OPERATION(get)),
                .begin = begin_asking,
                .end = end_asking},
        {.name = "no cleanup",
                THREADS(OPERATION(get_without_cleanup),
                        OPERATION(get_without_cleanup)),
                .begin = begin_without_cleanup,
                .end = end_without_cleanup},
        {.name = "too large", .begin = begin_too_large},
        LAST,
};

const prove_module scenario_module = {
        "local", operations, scenarios, begin, NULL, end, true};
