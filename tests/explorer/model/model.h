/*
 * What the files of the model share. A function of the program's libc, renamed
 * explored_..., first waits for its turn, in step(), and then acts at once:
 * nothing else happens until the next step.
 */
#ifndef EXPLORER_MODEL_H
#define EXPLORER_MODEL_H

#include <time.h>

#include "tests/explorer/engine.h"

/* The operation of a call, for the function that the program called. */
#define CALL(what, object)                                                     \
    {                                                                          \
        .kind = (what), .address = (uintptr_t)(object), .pc = HERE,            \
        .frame = FRAME                                                         \
    }

static inline uint32_t me(void) /* as owners are written */
{
    return (uint32_t)run.self->id + 1;
}

/* hooks.c: an access to memory as a step, if others could notice. */
void memory_access(op *o);
void plain(op_kind kind, const volatile void *at, size_t size, uintptr_t pc,
        uintptr_t frame);

/* object.c: the object must be there, before the step and after it. */
void must_be_there(const op *o, const char *kind);
void must_not_be_freed(const op *o, const char *kind);
void use(op *o, const uint32_t *is_destroyed, const char *kind);

/* What a call gives back in the program's memory. */
void store(const op *call, const void *to, size_t size);

/* A wait begins: from here on its deadline is one that can pass. EINVAL. */
int set_deadline(op *o, const struct timespec *limit, clockid_t clock);
bool has_nanoseconds(const struct timespec *t);

/* After a step: whether it was the deadline that let it go on. */
bool timed_out(const op *o);

/* libc.c: a time of that clock, in virtual nanoseconds, from 1 on. */
int64_t virtual_time(const struct timespec *t, clockid_t clock);

/* mutex.c: for waits for a condition. */
void take_mutex(mutex *m);
void give_mutex(mutex *m);

/* input.c and thread.c: with a new run. */
void input_new_run(void);
void forget_keys(void);
/* spin.c: before and after a step. */
void notice_spinning(thread *t, const op *o);
void note_reading(thread *t, const touch *touches, int count);
bool has_something_changed(const thread *t);

/* crash.c: a loop without a step. */
void end_endless(uintptr_t pc, uintptr_t frame) __attribute__((noreturn));
void watch_for_crashes(void);

#endif
