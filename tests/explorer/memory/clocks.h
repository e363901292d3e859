/*
 * What happened before what. Two orders are kept for every step of a run:
 *
 * - by *dependence*: steps that do not commute keep their order in every
 *   equivalent run (Mazurkiewicz 1977). The search needs it.
 * - by C11's *happens-before*, which mutexes, semaphores, atomics, creation
 *   and join make. Two conflicting accesses that it leaves unordered are a
 *   data race.
 *
 * Both as vector clocks (Mattern 1988), with per location only the accesses
 * that a later one can still meet first (Flanagan, Freund: FastTrack, 2009).
 */
#ifndef EXPLORER_CLOCKS_H
#define EXPLORER_CLOCKS_H

#include "tests/explorer/engine.h"

/* A step that was done in this run. */
typedef struct past_step {
    uintptr_t pc;
    uintptr_t address;
    size_t size;
    uint64_t value; /* of a semaphore, before the step */
    uint8_t kind;
    uint8_t thread, way;
    uint8_t touch_count;
    touch touches[4];
} past_step;

extern past_step *past;
extern clock_vector *past_clock;
extern int width; /* clocks have this many components in use */

/* Room for runs of that many steps. */
void clocks_reserve(uint32_t steps);
void clocks_new_run(void);

bool depends(touch a, touch b);

/* Accounts for the step that thread t now does, number run.step. */
void clocks_step(thread *t, const op *o, const touch *touches, int count);

/* Tells the search which steps a blocked operation competes with. */
void clocks_blocked(thread *t, const touch *touches, int count);

/* Whether another thread than t has changed the location since that step. */
void search_diverged(const thread *t) __attribute__((noreturn));
bool clocks_changed_since(uintptr_t key, const thread *t, uint32_t step);
/* The step just done has changed the memory: for those whose kind of step does
 * not tell. */
void clocks_changed(const thread *t, uintptr_t address, size_t size);
uintptr_t key_of_memory(uintptr_t address);
uintptr_t key_of_object(uintptr_t address);

/* b's past becomes part of a's. */
void clock_clear(clock_vector *c);
void clock_join(clock_vector *a, const clock_vector *b);

/* C11: what a release leaves at an object, an acquire takes from it. */
void clock_release(thread *t, uintptr_t object, bool adds);
void clock_acquire(thread *t, uintptr_t object);
void clock_atomic(thread *t, const op *o, bool reads, bool writes);
void clock_fence(thread *t, int order);
void clock_tick(thread *t);

/* Where it is told: search.c */
extern bool search_analyses; /* whether the search asks for dependences */
void search_weak(void);
void search_found_race(uint32_t earlier, uint32_t later);
void search_reversible(
        uint32_t earlier, const thread *t, const clock_vector *before);

#endif
