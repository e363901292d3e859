/*
 * Fibers: threads of control that take turns because they say so. Each has a
 * stack of its own, with a guard page below it, at the same address in every
 * run of the explored program.
 */
#ifndef EXPLORER_FIBER_H
#define EXPLORER_FIBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/explorer/fibers/local.h"

typedef struct fiber {
    void *sp;      /* while it is not running: the saved registers */
    char *bottom;  /* lowest usable byte of the stack */
    char *top;     /* just above the highest */
    char *deepest; /* how far down the stack may have been used */
    locals locals;
} fiber;

/* Reserves the stacks of all fibers that will ever be, `count` of them. The
 * first shares its _Thread_local variables with the thread that calls, which is
 * no fiber yet: that is `caller`. */
void fiber_reserve(fiber *fibers, size_t count, fiber *caller);

/* Lets the fiber begin anew: its first switch calls body(), on a stack that
 * reads as zeroes. body must not return. */
void fiber_start(fiber *f, void (*body)(void));

/* Goes on with `to`, from where it left off; returns when somebody switches
 * back to `from`. */
void fiber_switch(fiber *from, fiber *to);

/* Where stacks are. */
extern uintptr_t fiber_stacks_begin, fiber_stacks_end;

static inline bool fiber_is_stack(uintptr_t address)
{
    return address >= fiber_stacks_begin && address < fiber_stacks_end;
}

/* Whether the address is on the fiber's stack. */
static inline bool fiber_has(const fiber *f, uintptr_t address)
{
    return address >= (uintptr_t)f->bottom && address < (uintptr_t)f->top;
}

/* Whether the address is in the fiber's guard page. */
bool fiber_is_guard(const fiber *f, uintptr_t address);

#endif
