/*
 * Barriers. A wait is two operations: to arrive, and to leave when all have
 * come. The last to arrive lets all go; which of them is told that it is the
 * serial thread is one of the choices that POSIX leaves open.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>

static const char name[] = "barrier";

int explored_pthread_barrier_init(pthread_barrier_t *object,
        const pthread_barrierattr_t *attr, unsigned count)
{
    op o = CALL(OP_INIT, object);
    (void)attr;
    if (count == 0 || count > INT_MAX)
        return EINVAL;
    step(&o);
    must_not_be_freed(&o, name);
    memory_wrote((uintptr_t)object, sizeof *object);
    memset(object, 0, sizeof *object);
    ((barrier *)object)->count = count;
    return 0;
}

static void use_barrier(op *o)
{
    barrier *b = (barrier *)o->address;
    use(o, &b->is_destroyed, name);
    if (b->count == 0)
        fail_and_stop(EXPLORER_MISUSE,
                "%s uses a barrier that was not initialised",
                thread_name(run.self->id));
}

int explored_pthread_barrier_destroy(pthread_barrier_t *object)
{
    op o = CALL(OP_DESTROY, object);
    barrier *b = (barrier *)object;
    use_barrier(&o);
    if (b->arrived > 0)
        fail_and_stop(EXPLORER_MISUSE, "%s destroys a barrier that %s waits at",
                thread_name(run.self->id),
                thread_name(first_of(get_set(b->waiting))));
    memory_wrote((uintptr_t)object, sizeof *object);
    b->is_destroyed = 1;
    return 0;
}

/* Rounds have clocks of their own: a thread that was not in one knows nothing
 * of who was. */
static uintptr_t key_of_round(const barrier *b)
{
    return key_of_object((uintptr_t)b + (b->round % 2 == 0 ? 0 : 8));
}

/* All have come: each has seen what the others did before. */
static void let_go(barrier *b, set all, int way)
{
    thread *self = run.self;
    for (set s = all; s != 0; s &= s - 1)
        clock_join(&self->now, &threads[first_of(s)].now);
    for (set s = all; s != 0; s &= s - 1, way--) {
        int id = first_of(s);
        threads[id].op->value = way == 0 ? LEAVES_AS_SERIAL : LEAVES;
        clock_join(&threads[id].now, &self->now);
    }
    b->round++;
    b->arrived = 0;
    put_set(b->waiting, 0);
}

int explored_pthread_barrier_wait(pthread_barrier_t *object)
{
    op o = CALL(OP_ARRIVE, object);
    barrier *b = (barrier *)object;
    use_barrier(&o);
    memory_wrote((uintptr_t)b, sizeof *b);
    uintptr_t round = key_of_round(b);
    clock_release(run.self, round, b->arrived > 0);
    op leave = o;
    leave.kind = OP_LEAVE;
    leave.value = WAITS;
    leave.way = WAY_DONE;
    run.self->op = &leave;
    set all = get_set(b->waiting) | ONE(run.self->id);
    put_set(b->waiting, all);
    if (++b->arrived == b->count)
        let_go(b, all, o.way);
    step(&leave);
    clock_acquire(run.self, round);
    return leave.value == LEAVES_AS_SERIAL ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}
