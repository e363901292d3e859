/*
 * _Thread_local variables: each fiber has its own, because it runs with a thread
 * pointer of its own. That pointer, and the memory at it, belong to a thread of
 * the system that was made for this, and that never runs.
 */
#ifndef EXPLORER_LOCAL_H
#define EXPLORER_LOCAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many bytes of them the program has; 0: none. */
extern size_t local_size;

/* Where some fiber may have them. */
extern uintptr_t local_least, local_most;

typedef struct locals {
    uintptr_t thread_pointer;
    char *from; /* local_size bytes */
} locals;

/* Looks whether the program has any, and if so, makes room for `count` fibers.
 * The first has those of the thread that calls. The array is kept for good. */
const locals *local_reserve(size_t count);

/* They get their first values. */
void local_start(const locals *l);

/* From here on these are the thread's own. */
void local_enter(const locals *l);

static inline bool local_has(const locals *l, uintptr_t address)
{
    return address >= (uintptr_t)l->from &&
           address < (uintptr_t)l->from + local_size;
}

/* Whether it is perhaps in one of them. */
static inline bool local_is_near(uintptr_t address)
{
    return address >= local_least && address < local_most;
}

#endif
