/*
 * The memory of the explored program: its data as they are at the start of
 * every run, and a heap that gives the same addresses in every run. Freed
 * memory is not used again within a run, so a later use of it is seen.
 */
#ifndef EXPLORER_MEMORY_H
#define EXPLORER_MEMORY_H

#include "tests/explorer/engine.h"

typedef struct block {
    uintptr_t start;
    size_t size;
    uintptr_t made_at, freed_at; /* where in the program; 0: not freed */
    uint32_t order;              /* of allocation, in the run */
    uint32_t free_step;
    uint32_t free_epoch; /* the C11 time of who freed it */
    uint8_t made_by, freed_by;
    bool reached;
    const char *name; /* for the report, if a library gave it to a thread; */
    uintptr_t named;  /* from there on: what is before is the library's own */
} block;

/* The step just done has changed memory, though its kind does not tell. */
void memory_changed(const op *o);

void memory_save(void);    /* once, before the first run */
void memory_restore(void); /* before each run */
void memory_wrote(uintptr_t address, size_t size);
void memory_wrote_anywhere(void);

/* Whether it is data, heap or stack of the program, and not a constant. */
bool memory_is_variable(uintptr_t address);

/* Words of a stack that other threads use as well. */
void memory_share(uintptr_t address, size_t size);
bool memory_is_shared(uintptr_t address, size_t size);
uintptr_t memory_next_shared(uintptr_t word); /* from 0 on, to 0 */
bool memory_shares_more(void);                /* since this was asked last */
/* From now on only what was shared in that run or since, and before the run
 * `until`. */
void memory_share_only(uint32_t since, uint32_t until);

void *memory_allocate(
        const thread *t, size_t size, size_t alignment, uintptr_t pc);

/* The block that the address is in or just behind; NULL if none. */
block *memory_block(uintptr_t address);

/* All blocks, one after the other, from NULL to NULL. */
const block *memory_next_block(const block *b);
bool memory_is_heap(uintptr_t address);

/* A block that is still there and that nothing points to; NULL if none. */
const block *memory_leak(void);

/* A number for the state of data and heap; false if that is too much to look
 * at in every step. */
bool memory_state(uint64_t *state);
uint64_t memory_hash(const void *from, const void *to, uint64_t seed);

#endif
