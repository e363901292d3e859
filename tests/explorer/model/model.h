/*
 * What the files of the model share. A function of the program's libc, renamed
 * explored_..., first waits for its turn, in step(), and then acts at once:
 * nothing else happens until the next step.
 */
#ifndef EXPLORER_MODEL_H
#define EXPLORER_MODEL_H

#include <pthread.h>
#include <stdarg.h>
#include <string.h>
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

/* Read-write locks of this kind let no reader in while a writer waits. */
bool prefers_writers(const rwlock *rw);

/* Whether the thread has read-locked it more than once. */
static inline bool reads_again(const thread *t, const rwlock *rw)
{
    return memchr(rw->again, t->id + 1, sizeof rw->again) != NULL;
}

static inline bool can_read(const rwlock *rw)
{
    return rw->writer == 0 && (rw->queue == 0 || !prefers_writers(rw));
}

static inline bool can_write(const rwlock *rw)
{
    return rw->writer == 0 && rw->readers == 0;
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

/* -1 and errno, or 0. */
int error_of(int error);

/* heap.c: for the program. NULL: ENOMEM. */
void *allocate(size_t size, size_t alignment, uintptr_t pc);
void *resize(op *o, size_t size); /* o frees what there was */

/* strings.c, format.c: what libc reads and writes is an access by its caller. */
void libc_accesses(op_kind kind, const volatile void *at, size_t size,
        uintptr_t pc, uintptr_t frame);
void read_arguments(
        const char *format, va_list list, uintptr_t pc, uintptr_t frame);

/* hidden.c: what libc keeps for all threads. */
typedef struct hidden_state {
    char *token_rest; /* of strtok */
    struct tm time;
    char time_text[26];
    int input; /* stands for the position in it */
    mutex output;
} hidden_state;

extern hidden_state hidden;

/* keys.c: the table of keys. */
bool is_of_keys(uintptr_t address);

/* semaphore.c: of one that was opened by its name; NULL: it was not. */
const char *name_of_semaphore(uintptr_t address);

/* A wait begins: from here on its deadline is one that can pass. EINVAL. */
int set_deadline(op *o, const struct timespec *limit, clockid_t clock);
bool has_nanoseconds(const struct timespec *t);
bool is_clock(clockid_t clock); /* that waits may be told by */

/* After a step: whether it was the deadline that let it go on. */
bool timed_out(const op *o);

/* libc.c: a time of that clock, in virtual nanoseconds, from 1 on. */
int64_t virtual_time(const struct timespec *t, clockid_t clock);

/* time.c: a sleep, of which `begin` is the call. EINVAL. */
int sleep_for_span(op *begin, const struct timespec *t);

/* What POSIX and C11 have in common. Each is a call, whose operation is given;
 * the results are POSIX's. */
void init_mutex(op *o, int kind);
void destroy_mutex(op *o);
int lock_mutex(op *o);
int try_lock_mutex(op *o);
int lock_mutex_until(op *o, const struct timespec *limit, clockid_t clock);
int unlock_mutex(op *o);
void init_condition(op *o, clockid_t clock);
void destroy_condition(op *o);
int wait_for_condition(
        op *begin, mutex *m, const struct timespec *limit, clockid_t clock);
void signal_condition(op *o); /* or broadcast */
thread *create_thread(
        op *o, pthread_t *handle, void *(*body)(void *), void *arg);
int join_thread(op *o, pthread_t handle, void **result);
void detach_thread(op *o, pthread_t handle);
void exit_thread(void *result) __attribute__((noreturn));

/* attributes.c: what is in a pthread_attr_t. */
typedef struct thread_attributes {
    bool is_detached;
    size_t stack_size;
} thread_attributes;

/* mutex.c: for waits for a condition. */
void take_mutex(mutex *m);
void give_mutex(mutex *m);

/* With a new run. */
void input_new_run(void);
void output_new_run(void);
void process_new_run(void);
void hidden_new_run(void);
void forget_keys(void);
void forget_named_semaphores(void);

/* spin.c: before and after a step. */
void notice_spinning(thread *t, const op *o);
void note_reading(thread *t, const touch *touches, int count);
bool has_something_changed(const thread *t);

/* crash.c: a loop without a step. */
void end_endless(uintptr_t pc, uintptr_t frame) __attribute__((noreturn));
void watch_for_crashes(void);

#endif
