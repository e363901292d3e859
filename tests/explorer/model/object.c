/*
 * What all calls about an object have in common, and waits with a time limit.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <errno.h>

static bool is_in_freed_block(const op *o)
{
    const block *b = memory_block(o->address);
    return b != NULL && b->freed_at != 0 && o->address < b->start + b->size;
}

void must_be_there(const op *o, const char *kind)
{
    if (o->address < 4096 && is_recording)
        record_step(run.self, o);
    if (o->address < 4096)
        fail_and_stop(EXPLORER_CRASH, "%s uses a %s that is not there",
                thread_name(run.self->id), kind);
}

void must_not_be_freed(const op *o, const char *kind)
{
    if (is_in_freed_block(o))
        fail_and_stop(EXPLORER_USE_AFTER_FREE,
                "%s uses a %s in memory that was freed",
                thread_name(run.self->id), kind);
}

/* The step of a call; the object must still be there. */
void use(op *o, const uint32_t *is_destroyed, const char *kind)
{
    must_be_there(o, kind);
    step(o);
    must_not_be_freed(o, kind);
    if (*is_destroyed)
        fail_and_stop(EXPLORER_MISUSE, "%s uses a %s after it was destroyed",
                thread_name(run.self->id), kind);
}

/* What a call gives back in the program's memory is an access like others. */
void store(const op *call, const void *to, size_t size)
{
    plain(OP_WRITE, to, size, call->pc, call->frame);
}

bool has_nanoseconds(const struct timespec *t)
{
    return t->tv_nsec >= 0 && t->tv_nsec < 1000000000;
}

bool is_clock(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
}

/* The wait begins: from here on its deadline is one that can pass. */
int set_deadline(op *o, const struct timespec *limit, clockid_t clock)
{
    if (!has_nanoseconds(limit) || !is_clock(clock))
        return EINVAL;
    op begin = {.kind = OP_DEADLINE, .pc = o->pc, .frame = o->frame};
    step(&begin);
    o->is_timed = true;
    o->deadline = virtual_time(limit, clock);
    return 0;
}

/* After a step: whether it was the deadline that let it go on. */
bool timed_out(const op *o)
{
    if (o->way != WAY_TIMEOUT)
        return false;
    run.self->timeouts++;
    if (run.now < o->deadline)
        run.now = o->deadline;
    return true;
}

/* For calls that return -1 and set errno. */
int error_of(int error)
{
    if (error == 0)
        return 0;
    run.self->error = error;
    return -1;
}
