/*
 * Things that are done once: who comes first does them, and the others wait
 * until they are done.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <pthread.h>
#include <threads.h>

static void put(uint32_t *control, uint32_t value)
{
    memory_wrote((uintptr_t)control, sizeof *control);
    *control = value;
}

static void once(op *o, void (*routine)(void))
{
    uint32_t *control = (uint32_t *)o->address;
    must_be_there(o, "once object");
    step(o);
    must_not_be_freed(o, "once object");
    clock_acquire(run.self, key_of_object(o->address));
    if (*control == ONCE_DONE)
        return;
    put(control, ONCE_RUNS + (uint32_t)run.self->id);
    thread_changes(run.self);
    routine();
    op done = *o;
    done.kind = OP_ONCE_DONE;
    step(&done);
    put(control, ONCE_DONE);
    clock_release(run.self, key_of_object(o->address), false);
}

int explored_pthread_once(pthread_once_t *control, void (*routine)(void))
{
    op o = CALL(OP_ONCE, control);
    once(&o, routine);
    return 0;
}

void explored_call_once(once_flag *flag, void (*routine)(void))
{
    op o = CALL(OP_ONCE, flag);
    once(&o, routine);
}
