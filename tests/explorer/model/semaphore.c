/*
 * Semaphores.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <limits.h>
#include <semaphore.h>
#include <string.h>

static int error_of(int error)
{
    if (error == 0)
        return 0;
    run.self->error = error;
    return -1;
}

int explored_sem_init(sem_t *object, int shared, unsigned value)
{
    op o = CALL(OP_INIT, object);
    if (shared)
        refuse("sem_init: semaphores between processes are not modelled");
    step(&o);
    must_not_be_freed(&o, "semaphore");
    if (value > SEM_VALUE_MAX)
        return error_of(EINVAL);
    memory_wrote((uintptr_t)object, sizeof *object);
    memset(object, 0, sizeof *object);
    ((semaphore *)object)->value = value;
    return 0;
}

int explored_sem_destroy(sem_t *object)
{
    op o = CALL(OP_DESTROY, object);
    semaphore *s = (semaphore *)object;
    use(&o, &s->is_destroyed, "semaphore");
    for (int i = 0; i < run.threads; i++)
        if (threads[i].state == LIVE && threads[i].op->kind == OP_TAKE &&
                threads[i].op->address == o.address)
            fail_and_stop(EXPLORER_MISUSE,
                    "%s destroys a semaphore that %s waits for",
                    thread_name(run.self->id), thread_name(i));
    memory_wrote((uintptr_t)object, sizeof *object);
    s->is_destroyed = 1;
    return 0;
}

static void take_permit(semaphore *s)
{
    memory_wrote((uintptr_t)s, sizeof *s);
    s->value--;
    thread_changes(run.self);
    clock_acquire(run.self, key_of_object((uintptr_t)s));
}

static int take_semaphore(op *o)
{
    semaphore *s = (semaphore *)o->address;
    use(o, &s->is_destroyed, "semaphore");
    if (timed_out(o))
        return error_of(ETIMEDOUT);
    take_permit(s);
    return 0;
}

int explored_sem_wait(sem_t *object)
{
    op o = CALL(OP_TAKE, object);
    return take_semaphore(&o);
}

static bool try_take(const op *like)
{
    op o = *like;
    o.kind = OP_TRYTAKE;
    semaphore *s = (semaphore *)o.address;
    use(&o, &s->is_destroyed, "semaphore");
    if (s->value == 0)
        return false;
    take_permit(s);
    return true;
}

int explored_sem_trywait(sem_t *object)
{
    op o = CALL(OP_TRYTAKE, object);
    return error_of(try_take(&o) ? 0 : EAGAIN);
}

static int timed_take(op *o, const struct timespec *limit, clockid_t clock)
{
    if (try_take(o))
        return 0;
    int error = set_deadline(o, limit, clock);
    return error != 0 ? error_of(error) : take_semaphore(o);
}

int explored_sem_timedwait(sem_t *object, const struct timespec *limit)
{
    op o = CALL(OP_TAKE, object);
    return timed_take(&o, limit, CLOCK_REALTIME);
}

int explored_sem_clockwait(
        sem_t *object, clockid_t clock, const struct timespec *limit)
{
    op o = CALL(OP_TAKE, object);
    return timed_take(&o, limit, clock);
}

int explored_sem_post(sem_t *object)
{
    op o = CALL(OP_POST, object);
    semaphore *s = (semaphore *)object;
    use(&o, &s->is_destroyed, "semaphore");
    if (s->value == SEM_VALUE_MAX)
        return error_of(EOVERFLOW);
    memory_wrote((uintptr_t)object, sizeof *object);
    s->value++;
    clock_release(run.self, key_of_object((uintptr_t)s), true);
    return 0;
}

int explored_sem_getvalue(sem_t *object, int *value)
{
    op o = CALL(OP_VALUE, object);
    semaphore *s = (semaphore *)object;
    use(&o, &s->is_destroyed, "semaphore");
    int now = (int)s->value;
    store(&o, value, sizeof *value);
    *value = now;
    return 0;
}
