/*
 * Spin locks: to the explorer, mutexes that know no attributes. Who waits for
 * one does not go round and round.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <pthread.h>

static const char name[] = "spin lock";

static spinlock *lock_of(const op *o)
{
    return (spinlock *)o->address;
}

/* Its one word tells all: whether it is one, and who holds it. */
static void use_spinlock(op *o)
{
    must_be_there(o, name);
    step(o);
    must_not_be_freed(o, name);
    uint32_t word = lock_of(o)->owner;
    if (word == SPIN_DESTROYED)
        fail_and_stop(EXPLORER_MISUSE,
                "%s uses a spin lock after it was destroyed",
                thread_name(run.self->id));
    if (word - SPIN_FREE > MAX_THREADS)
        fail_and_stop(EXPLORER_MISUSE,
                "%s uses a spin lock that was not initialised",
                thread_name(run.self->id));
}

static int holder(const op *o)
{
    return (int)(lock_of(o)->owner - SPIN_FREE) - 1;
}

static void put(const op *o, uint32_t owner)
{
    memory_wrote(o->address, sizeof(spinlock));
    lock_of(o)->owner = owner;
}

int explored_pthread_spin_init(pthread_spinlock_t *object, int shared)
{
    op o = CALL(OP_INIT, object);
    (void)shared; /* there is one process */
    step(&o);
    must_not_be_freed(&o, name);
    put(&o, SPIN_FREE);
    return 0;
}

int explored_pthread_spin_destroy(pthread_spinlock_t *object)
{
    op o = CALL(OP_DESTROY, object);
    use_spinlock(&o);
    if (holder(&o) >= 0)
        fail_and_stop(EXPLORER_MISUSE, "%s destroys a spin lock that %s holds",
                thread_name(run.self->id), thread_name(holder(&o)));
    put(&o, SPIN_DESTROYED);
    return 0;
}

static void take(const op *o)
{
    put(o, SPIN_FREE + me());
    run.self->locks++;
    clock_acquire(run.self, key_of_object(o->address));
}

int explored_pthread_spin_lock(pthread_spinlock_t *object)
{
    op o = CALL(OP_SPIN_LOCK, object);
    use_spinlock(&o);
    take(&o);
    return 0;
}

int explored_pthread_spin_trylock(pthread_spinlock_t *object)
{
    op o = CALL(OP_TRY_SPIN_LOCK, object);
    use_spinlock(&o);
    if (holder(&o) >= 0)
        return EBUSY;
    take(&o);
    return 0;
}

int explored_pthread_spin_unlock(pthread_spinlock_t *object)
{
    op o = CALL(OP_SPIN_UNLOCK, object);
    use_spinlock(&o);
    if (holder(&o) != run.self->id)
        fail_and_stop(EXPLORER_MISUSE,
                "%s unlocks a spin lock that it does not hold",
                thread_name(run.self->id));
    put(&o, SPIN_FREE);
    run.self->locks--;
    clock_release(run.self, key_of_object(o.address), false);
    return 0;
}
