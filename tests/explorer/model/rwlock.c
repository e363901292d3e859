/*
 * Read-write locks. Whether readers pass a writer that waits is left open by
 * POSIX; here it is as in glibc: they do, unless the lock is of the kind
 * PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

static const char name[] = "read-write lock";

bool prefers_writers(const rwlock *rw)
{
    return rw->kind == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

int explored_pthread_rwlock_init(
        pthread_rwlock_t *object, const pthread_rwlockattr_t *attr)
{
    op o = CALL(OP_INIT, object);
    step(&o);
    must_not_be_freed(&o, name);
    memory_wrote((uintptr_t)object, sizeof *object);
    memset(object, 0, sizeof *object);
    ((rwlock *)object)->kind = attr == NULL ? 0 : *(const int *)attr;
    return 0;
}

int explored_pthread_rwlock_destroy(pthread_rwlock_t *object)
{
    op o = CALL(OP_DESTROY, object);
    rwlock *rw = (rwlock *)object;
    use(&o, &rw->is_destroyed, name);
    op wish = {.kind = OP_WRITE_LOCK, .address = o.address};
    if (holder_of(run.self, &wish) >= 0)
        fail_and_stop(EXPLORER_MISUSE,
                "%s destroys a read-write lock that %s holds",
                thread_name(run.self->id),
                thread_name(holder_of(run.self, &wish)));
    memory_wrote((uintptr_t)object, sizeof *object);
    rw->is_destroyed = 1;
    return 0;
}

/* --- Readers ---------------------------------------------------------------*/

/* What readers leave for writers; what writers leave is at the object. */
static uintptr_t key_of_readers(const rwlock *rw)
{
    return key_of_object((uintptr_t)&rw->holders);
}

/* The place where it is noted that the thread reads once more. */
static uint8_t *find_again(rwlock *rw, uint8_t who)
{
    return memchr(rw->again, who, sizeof rw->again);
}

static int take_share(rwlock *rw)
{
    set holders = get_set(rw->holders), mine = ONE(run.self->id);
    uint8_t *place = find_again(rw, 0);
    memory_wrote((uintptr_t)rw, sizeof *rw);
    if (holders & mine && place == NULL)
        refuse("more than %d read locks of threads that have one already",
                RECURSIVE_READERS);
    if (holders & mine)
        *place = (uint8_t)me();
    put_set(rw->holders, holders | mine);
    rw->readers++;
    run.self->locks++;
    clock_acquire(run.self, key_of_object((uintptr_t)rw));
    return 0;
}

static void give_share(rwlock *rw)
{
    uint8_t *again = find_again(rw, (uint8_t)me());
    memory_wrote((uintptr_t)rw, sizeof *rw);
    rw->readers--;
    run.self->locks--;
    clock_release(run.self, key_of_readers(rw), true);
    if (again != NULL)
        *again = 0;
    else
        put_set(rw->holders, get_set(rw->holders) & ~ONE(run.self->id));
}

static int read_lock(op *o)
{
    rwlock *rw = (rwlock *)o->address;
    use(o, &rw->is_destroyed, name);
    if (rw->writer == me())
        return is_try(o->kind) ? EBUSY : EDEADLK;
    if (can_read(rw))
        return take_share(rw);
    return timed_out(o) ? ETIMEDOUT : EBUSY;
}

/* --- Writers ---------------------------------------------------------------*/

/* From this step on no reader gets in, if one could before. */
static void close_to_readers(rwlock *rw)
{
    memory_wrote((uintptr_t)rw, sizeof *rw);
    if (can_read(rw))
        rw->closed_at = run.step;
}

static int take(rwlock *rw)
{
    close_to_readers(rw);
    rw->writer = me();
    run.self->locks++;
    clock_acquire(run.self, key_of_object((uintptr_t)rw));
    clock_acquire(run.self, key_of_readers(rw));
    return 0;
}

static void give(rwlock *rw)
{
    memory_wrote((uintptr_t)rw, sizeof *rw);
    rw->writer = 0;
    run.self->locks--;
    clock_release(run.self, key_of_object((uintptr_t)rw), false);
}

static int try_write_lock(op *o)
{
    rwlock *rw = (rwlock *)o->address;
    use(o, &rw->is_destroyed, name);
    return can_write(rw) ? take(rw) : EBUSY;
}

static int wait_to_write(op *o)
{
    rwlock *rw = (rwlock *)o->address;
    use(o, &rw->is_destroyed, name);
    if (rw->writer == me())
        return EDEADLK;
    int error = can_write(rw) ? take(rw) : timed_out(o) ? ETIMEDOUT : EBUSY;
    if (o->again)
        rw->queue--;
    return error;
}

/* Where readers let writers go first, who cannot write at once says so. */
static int write_lock(op *o)
{
    rwlock *rw = (rwlock *)o->address;
    if (!prefers_writers(rw) || rw->writer == me())
        return wait_to_write(o);
    op queue = *o;
    queue.kind = OP_QUEUE;
    queue.is_timed = false;
    queue.deadline = NEVER;
    int error = try_write_lock(&queue);
    if (error == 0)
        return 0;
    close_to_readers(rw);
    rw->queue++;
    o->again = true;
    return wait_to_write(o);
}

/* --- Calls -----------------------------------------------------------------*/

int explored_pthread_rwlock_rdlock(pthread_rwlock_t *object)
{
    op o = CALL(OP_READ_LOCK, object);
    return read_lock(&o);
}

int explored_pthread_rwlock_tryrdlock(pthread_rwlock_t *object)
{
    op o = CALL(OP_TRY_READ_LOCK, object);
    return read_lock(&o);
}

int explored_pthread_rwlock_wrlock(pthread_rwlock_t *object)
{
    op o = CALL(OP_WRITE_LOCK, object);
    must_be_there(&o, name);
    return write_lock(&o);
}

int explored_pthread_rwlock_trywrlock(pthread_rwlock_t *object)
{
    op o = CALL(OP_TRY_WRITE_LOCK, object);
    return try_write_lock(&o);
}

/* A lock that can be had is had; only who must wait has a limit. */
static int lock_until(op *o, const struct timespec *limit, clockid_t clock)
{
    const rwlock *rw = (const rwlock *)o->address;
    bool reads = o->kind == OP_READ_LOCK;
    op first = *o;
    first.kind = reads ? OP_TRY_READ_LOCK : OP_TRY_WRITE_LOCK;
    int error = reads ? read_lock(&first) : try_write_lock(&first);
    if (error != EBUSY)
        return error;
    error = rw->writer == me() ? EDEADLK : set_deadline(o, limit, clock);
    if (error != 0)
        return error;
    return reads ? read_lock(o) : write_lock(o);
}

int explored_pthread_rwlock_timedrdlock(
        pthread_rwlock_t *object, const struct timespec *limit)
{
    op o = CALL(OP_READ_LOCK, object);
    return lock_until(&o, limit, CLOCK_REALTIME);
}

int explored_pthread_rwlock_clockrdlock(
        pthread_rwlock_t *object, clockid_t clock, const struct timespec *limit)
{
    op o = CALL(OP_READ_LOCK, object);
    return lock_until(&o, limit, clock);
}

int explored_pthread_rwlock_timedwrlock(
        pthread_rwlock_t *object, const struct timespec *limit)
{
    op o = CALL(OP_WRITE_LOCK, object);
    return lock_until(&o, limit, CLOCK_REALTIME);
}

int explored_pthread_rwlock_clockwrlock(
        pthread_rwlock_t *object, clockid_t clock, const struct timespec *limit)
{
    op o = CALL(OP_WRITE_LOCK, object);
    return lock_until(&o, limit, clock);
}

int explored_pthread_rwlock_unlock(pthread_rwlock_t *object)
{
    op o = CALL(OP_READ_UNLOCK, object);
    rwlock *rw = (rwlock *)object;
    must_be_there(&o, name);
    bool writes = rw->writer == me();
    if (writes)
        o.kind = OP_WRITE_UNLOCK;
    use(&o, &rw->is_destroyed, name);
    if (writes)
        give(rw);
    else if (get_set(rw->holders) & ONE(run.self->id))
        give_share(rw);
    else
        fail_and_stop(EXPLORER_MISUSE,
                "%s unlocks a read-write lock that it does not hold",
                thread_name(run.self->id));
    return 0;
}
