/*
 * What the functions of pthreads do to the model. The program's calls come
 * here, since its undefined names were given the prefix explored_. Every
 * function first waits for its turn, in step(), and then acts at once: nothing
 * else happens until the next step.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#define CALL(what, object)                                                     \
    {                                                                          \
        .kind = (what), .address = (uintptr_t)(object), .pc = HERE,            \
        .frame = FRAME                                                         \
    }

void memory_access(op *o);

static uint32_t me(void)
{
    return (uint32_t)run.self->id + 1;
}

static bool is_in_freed_block(const op *o)
{
    const block *b = memory_block(o->address);
    return b != NULL && b->freed_at != 0 && o->address < b->start + b->size;
}

static void must_be_there(const op *o, const char *kind)
{
    if (o->address < 4096 && is_recording)
        record_step(run.self, o);
    if (o->address < 4096)
        fail_and_stop(EXPLORER_CRASH, "%s uses a %s that is not there",
                thread_name(run.self->id), kind);
}

static void must_not_be_freed(const op *o, const char *kind)
{
    if (is_in_freed_block(o))
        fail_and_stop(EXPLORER_USE_AFTER_FREE,
                "%s uses a %s in memory that was freed",
                thread_name(run.self->id), kind);
}

/* The step of a call; the object must still be there. */
static void use(op *o, const uint32_t *is_destroyed, const char *kind)
{
    must_be_there(o, kind);
    step(o);
    must_not_be_freed(o, kind);
    if (*is_destroyed)
        fail_and_stop(EXPLORER_MISUSE, "%s uses a %s after it was destroyed",
                thread_name(run.self->id), kind);
}

/* --- Threads ---------------------------------------------------------------*/

/* A pthread_t is the thread's slot + 1. */
static thread *thread_of(pthread_t handle, const char *call)
{
    if (handle == 0 || handle > (pthread_t)run.threads ||
            threads[handle - 1].state == ABSENT)
        fail_and_stop(EXPLORER_MISUSE, "%s: %s of what is not a thread",
                thread_name(run.self->id), call);
    return &threads[handle - 1];
}

/* What a call gives back in the program's memory is an access like others. */
static void store(const op *call, const void *to, size_t size)
{
    op o = {.kind = OP_WRITE,
            .address = (uintptr_t)to,
            .size = size,
            .pc = call->pc,
            .frame = call->frame};
    memory_access(&o);
}

int explored_pthread_create(pthread_t *handle, const pthread_attr_t *attr,
        void *(*body)(void *), void *arg)
{
    op o = CALL(OP_CREATE, body);
    step(&o);
    thread *creator = run.self;
    thread *t = new_thread(creator, body, arg);
    t->detached = attr != NULL && *(const int *)attr;
    /* POSIX does not say that it is stored before the thread begins. */
    store(&o, handle, sizeof *handle);
    *handle = (pthread_t)t->id + 1;
    return 0;
}

/* After a step: the past of the thread is the caller's past as well. */
static void learn(const thread *of)
{
    clock_join(&run.self->now, &of->now);
    clock_join(&run.self->seen, &of->seen);
}

int explored_pthread_join(pthread_t handle, void **result)
{
    thread *target = thread_of(handle, "join");
    op o = CALL(OP_JOIN, NULL);
    o.value = (uint64_t)target->id;
    if (target == run.self)
        return EDEADLK;
    if (target->detached || target->joined)
        fail_and_stop(EXPLORER_MISUSE, "%s joins %s, which was %s",
                thread_name(run.self->id), thread_name(target->id),
                target->detached ? "detached" : "joined before");
    target->joined = true;
    step(&o);
    learn(target);
    if (result != NULL) {
        store(&o, result, sizeof *result);
        *result = target->result;
    }
    return 0;
}

int explored_pthread_detach(pthread_t handle)
{
    thread *target = thread_of(handle, "detach");
    op o = CALL(OP_DETACH, NULL);
    step(&o);
    if (target->detached || target->joined)
        fail_and_stop(EXPLORER_MISUSE, "%s detaches %s, which was %s",
                thread_name(run.self->id), thread_name(target->id),
                target->detached ? "detached before" : "joined");
    target->detached = true;
    return 0;
}

typedef struct key {
    void (*destructor)(void *);
    bool is_used;
} key;

static key keys[KEYS];

static void run_destructors(thread *t)
{
    if (!t->has_keys)
        return;
    for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS; round++) {
        bool again = false;
        for (int k = 0; k < KEYS; k++) {
            void *value = t->keys[k];
            if (value == NULL || !keys[k].is_used || keys[k].destructor == NULL)
                continue;
            t->keys[k] = NULL;
            keys[k].destructor(value);
            again = true;
        }
        if (!again)
            return;
    }
}

void explored_pthread_exit(void *result)
{
    thread_ends(result);
}

void model_destructors(thread *t)
{
    run_destructors(t);
}

void model_new_keys(void)
{
    memset(keys, 0, sizeof keys);
}

pthread_t explored_pthread_self(void)
{
    return (pthread_t)me();
}

int explored_pthread_equal(pthread_t a, pthread_t b)
{
    return a == b;
}

int explored_pthread_attr_init(pthread_attr_t *attr)
{
    memset(attr, 0, sizeof *attr);
    return 0;
}

int explored_pthread_attr_destroy(pthread_attr_t *attr)
{
    (void)attr;
    return 0;
}

int explored_pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
    if (state != PTHREAD_CREATE_DETACHED && state != PTHREAD_CREATE_JOINABLE)
        return EINVAL;
    *(int *)attr = state == PTHREAD_CREATE_DETACHED;
    return 0;
}

int explored_pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state)
{
    *state = *(const int *)attr ? PTHREAD_CREATE_DETACHED
                                : PTHREAD_CREATE_JOINABLE;
    return 0;
}

int explored_pthread_attr_setstacksize(pthread_attr_t *attr, size_t size)
{
    (void)attr;
    return size < (size_t)PTHREAD_STACK_MIN ? EINVAL : 0;
}

/* --- For scenarios: who is blocked? ---------------------------------------*/

static op ask(op_kind kind, pthread_t handle, uintptr_t pc, uintptr_t frame)
{
    thread *target = thread_of(handle, "a question");
    op o = {.kind = kind,
            .value = (uint64_t)target->id,
            .pc = pc,
            .frame = frame};
    step(&o);
    return o;
}

bool explorer_is_blocked(unsigned long thread)
{
    op o = ask(OP_ASK, thread, HERE, FRAME);
    return is_blocked(&threads[o.value]);
}

void explorer_until_blocked(unsigned long thread)
{
    ask(OP_UNTIL, thread, HERE, FRAME);
}

int explored_sched_yield(void)
{
    op o = CALL(OP_YIELD, NULL);
    step(&o);
    return 0;
}

int explored_pthread_key_create(pthread_key_t *made, void (*destructor)(void *))
{
    for (int k = 0; k < KEYS; k++)
        if (!keys[k].is_used) {
            keys[k] = (key){destructor, true};
            *made = (pthread_key_t)k;
            for (int i = 0; i < MAX_THREADS; i++)
                threads[i].keys[k] = NULL;
            return 0;
        }
    return EAGAIN;
}

int explored_pthread_key_delete(pthread_key_t k)
{
    if (k >= KEYS || !keys[k].is_used)
        return EINVAL;
    keys[k].is_used = false;
    return 0;
}

void *explored_pthread_getspecific(pthread_key_t k)
{
    return k < KEYS ? run.self->keys[k] : NULL;
}

int explored_pthread_setspecific(pthread_key_t k, const void *value)
{
    if (k >= KEYS || !keys[k].is_used)
        return EINVAL;
    run.self->keys[k] = (void *)value;
    run.self->has_keys = true;
    return 0;
}

/* --- Time limits -----------------------------------------------------------*/

int64_t virtual_time(const struct timespec *t, clockid_t clock);

static bool is_valid(const struct timespec *t)
{
    return t->tv_nsec >= 0 && t->tv_nsec < 1000000000;
}

/* The wait begins: from here on its deadline is one that can pass. */
static int set_deadline(op *o, const struct timespec *limit, clockid_t clock)
{
    if (!is_valid(limit))
        return EINVAL;
    op begin = {.kind = OP_DEADLINE, .pc = o->pc, .frame = o->frame};
    step(&begin);
    o->is_timed = true;
    o->deadline = virtual_time(limit, clock);
    return 0;
}

/* After a step: whether it was the deadline that let it go on. */
static bool timed_out(const op *o)
{
    if (o->way != WAY_TIMEOUT)
        return false;
    run.self->timeouts++;
    if (run.now < o->deadline)
        run.now = o->deadline;
    return true;
}

/* --- Mutexes ---------------------------------------------------------------*/

int explored_pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
    memset(attr, 0, sizeof *attr);
    return 0;
}

int explored_pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
    (void)attr;
    return 0;
}

int explored_pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type)
{
    if (type != PTHREAD_MUTEX_NORMAL && type != PTHREAD_MUTEX_RECURSIVE &&
            type != PTHREAD_MUTEX_ERRORCHECK)
        return EINVAL;
    *(int *)attr = type;
    return 0;
}

int explored_pthread_mutexattr_gettype(
        const pthread_mutexattr_t *attr, int *type)
{
    *type = *(const int *)attr;
    return 0;
}

int explored_pthread_mutex_init(
        pthread_mutex_t *object, const pthread_mutexattr_t *attr)
{
    op o = CALL(OP_INIT, object);
    step(&o);
    must_not_be_freed(&o, "mutex");
    mutex *m = (mutex *)object;
    if (m->owner != 0 && !m->is_destroyed && m->owner <= MAX_THREADS &&
            m->depth != 0 && m->depth < 1000 && m->unused == 0x10c4)
        fail_and_stop(EXPLORER_MISUSE, "%s initialises a mutex that %s holds",
                thread_name(run.self->id), thread_name((int)m->owner - 1));
    memory_wrote((uintptr_t)object, sizeof *object);
    memset(object, 0, sizeof *object);
    m->kind = attr == NULL ? PTHREAD_MUTEX_DEFAULT : *(const int *)attr;
    return 0;
}

int explored_pthread_mutex_destroy(pthread_mutex_t *object)
{
    op o = CALL(OP_DESTROY, object);
    mutex *m = (mutex *)object;
    use(&o, &m->is_destroyed, "mutex");
    if (m->owner != 0)
        fail_and_stop(EXPLORER_MISUSE, "%s destroys a mutex that %s holds",
                thread_name(run.self->id), thread_name((int)m->owner - 1));
    memory_wrote((uintptr_t)object, sizeof *object);
    m->is_destroyed = 1;
    return 0;
}

static void take_mutex(mutex *m)
{
    memory_wrote((uintptr_t)m, sizeof *m);
    m->owner = me();
    m->depth = 1;
    m->unused = 0x10c4;
    run.self->locks++;
    clock_acquire(run.self, key_of_object((uintptr_t)m));
}

static int take_again(mutex *m, int error)
{
    if (m->kind != PTHREAD_MUTEX_RECURSIVE)
        return error;
    if (m->depth == UINT32_MAX)
        return EAGAIN;
    m->depth++;
    return 0;
}

static int lock_mutex(op *o)
{
    mutex *m = (mutex *)o->address;
    use(o, &m->is_destroyed, "mutex");
    if (m->owner == me())
        return o->result = take_again(m, EDEADLK);
    if (timed_out(o))
        return o->result = ETIMEDOUT;
    take_mutex(m);
    return 0;
}

int explored_pthread_mutex_lock(pthread_mutex_t *object)
{
    op o = CALL(OP_LOCK, object);
    return lock_mutex(&o);
}

int explored_pthread_mutex_trylock(pthread_mutex_t *object)
{
    op o = CALL(OP_TRYLOCK, object);
    mutex *m = (mutex *)object;
    use(&o, &m->is_destroyed, "mutex");
    if (m->owner == 0) {
        take_mutex(m);
        return 0;
    }
    return o.result = m->owner == me() ? take_again(m, EBUSY) : EBUSY;
}

static int timed_lock(op *o, const struct timespec *limit, clockid_t clock)
{
    mutex *m = (mutex *)o->address;
    /* A mutex that can be taken is taken; only who must wait has a limit. */
    op first = *o;
    first.kind = OP_TRYLOCK;
    use(&first, &m->is_destroyed, "mutex");
    if (m->owner == me() && m->kind != PTHREAD_MUTEX_NORMAL)
        return take_again(m, EDEADLK);
    if (m->owner == 0) {
        take_mutex(m);
        return 0;
    }
    int error = set_deadline(o, limit, clock);
    return error != 0 ? error : lock_mutex(o);
}

int explored_pthread_mutex_timedlock(
        pthread_mutex_t *object, const struct timespec *limit)
{
    op o = CALL(OP_LOCK, object);
    must_be_there(&o, "mutex");
    return timed_lock(&o, limit, CLOCK_REALTIME);
}

int explored_pthread_mutex_clocklock(
        pthread_mutex_t *object, clockid_t clock, const struct timespec *limit)
{
    op o = CALL(OP_LOCK, object);
    must_be_there(&o, "mutex");
    return timed_lock(&o, limit, clock);
}

static void give_mutex(mutex *m)
{
    memory_wrote((uintptr_t)m, sizeof *m);
    m->owner = 0;
    m->depth = 0;
    run.self->locks--;
    clock_release(run.self, key_of_object((uintptr_t)m), false);
}

int explored_pthread_mutex_unlock(pthread_mutex_t *object)
{
    op o = CALL(OP_UNLOCK, object);
    mutex *m = (mutex *)object;
    use(&o, &m->is_destroyed, "mutex");
    if (m->owner != me()) {
        if (m->kind != PTHREAD_MUTEX_NORMAL)
            return o.result = EPERM;
        if (m->owner == 0)
            fail_and_stop(EXPLORER_MISUSE,
                    "%s unlocks a mutex that is not locked",
                    thread_name(run.self->id));
        fail_and_stop(EXPLORER_MISUSE, "%s unlocks a mutex that %s holds",
                thread_name(run.self->id), thread_name((int)m->owner - 1));
    }
    if (m->depth > 1)
        m->depth--;
    else
        give_mutex(m);
    return 0;
}

/* --- Condition variables ---------------------------------------------------*/

int explored_pthread_condattr_init(pthread_condattr_t *attr)
{
    memset(attr, 0, sizeof *attr);
    return 0;
}

int explored_pthread_condattr_destroy(pthread_condattr_t *attr)
{
    (void)attr;
    return 0;
}

int explored_pthread_condattr_setclock(
        pthread_condattr_t *attr, clockid_t clock)
{
    if (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME)
        return EINVAL;
    *(int *)attr = clock;
    return 0;
}

int explored_pthread_cond_init(
        pthread_cond_t *object, const pthread_condattr_t *attr)
{
    op o = CALL(OP_INIT, object);
    step(&o);
    must_not_be_freed(&o, "condition variable");
    memory_wrote((uintptr_t)object, sizeof *object);
    memset(object, 0, sizeof *object);
    ((condition *)object)->clock = attr == NULL ? 0 : *(const int *)attr;
    return 0;
}

int explored_pthread_cond_destroy(pthread_cond_t *object)
{
    op o = CALL(OP_DESTROY, object);
    condition *c = (condition *)object;
    use(&o, &c->is_destroyed, "condition variable");
    if (waiters_of(c) != 0)
        fail_and_stop(EXPLORER_MISUSE,
                "%s destroys a condition variable that %s waits for",
                thread_name(run.self->id),
                thread_name(first_of(waiters_of(c))));
    memory_wrote((uintptr_t)object, sizeof *object);
    c->is_destroyed = 1;
    return 0;
}

static int wait_for(
        op *begin, mutex *m, const struct timespec *limit, clockid_t clock)
{
    thread *t = run.self;
    condition *c = (condition *)begin->address;
    must_be_there(begin, "condition variable");
    if (limit != NULL && !is_valid(limit))
        return EINVAL;
    begin->mutex = (uintptr_t)m;
    begin->is_timed = limit != NULL;
    if (m->owner != me())
        begin->kind = OP_CHECK; /* touches nothing: see below */
    use(begin, &c->is_destroyed, "condition variable");
    if (m->owner != me()) {
        if (m->kind == PTHREAD_MUTEX_ERRORCHECK)
            return EPERM;
        fail_and_stop(EXPLORER_MISUSE,
                "%s waits for a condition without holding its mutex",
                thread_name(t->id));
    }
    uint32_t depth = m->depth;
    give_mutex(m);
    memory_wrote((uintptr_t)c, sizeof *c);
    set_waiters(c, waiters_of(c) | ONE(t->id));
    t->waits_on = begin->address;
    t->waits_since = run.step;

    op wait = *begin;
    wait.kind = OP_WAITING;
    wait.deadline = limit == NULL ? NEVER : virtual_time(limit, clock);
    step(&wait); /* a signal makes an OP_LOCK of it */
    int result = 0;
    if (wait.kind == OP_WAITING) {
        set_waiters(c, waiters_of(c) & ~ONE(t->id));
        if (timed_out(&wait))
            result = ETIMEDOUT;
        else
            t->spurious++;
        op again = wait;
        again.kind = OP_LOCK;
        again.address = (uintptr_t)m;
        again.again = true;
        again.is_timed = false;
        again.deadline = NEVER;
        again.way = WAY_DONE;
        use(&again, &m->is_destroyed, "mutex");
    } else if (m->is_destroyed) {
        fail_and_stop(EXPLORER_MISUSE, "%s uses a mutex after it was destroyed",
                thread_name(t->id));
    }
    t->waits_on = 0;
    take_mutex(m);
    m->depth = depth;
    return result;
}

int explored_pthread_cond_wait(pthread_cond_t *object, pthread_mutex_t *m)
{
    op o = CALL(OP_WAIT, object);
    return wait_for(&o, (mutex *)m, NULL, 0);
}

int explored_pthread_cond_timedwait(pthread_cond_t *object, pthread_mutex_t *m,
        const struct timespec *limit)
{
    op o = CALL(OP_WAIT, object);
    return wait_for(&o, (mutex *)m, limit, ((condition *)object)->clock);
}

int explored_pthread_cond_clockwait(pthread_cond_t *object, pthread_mutex_t *m,
        clockid_t clock, const struct timespec *limit)
{
    op o = CALL(OP_WAIT, object);
    return wait_for(&o, (mutex *)m, limit, clock);
}

/* Its wait becomes the wish to have the mutex again. */
static void wake(int id)
{
    thread *t = &threads[id];
    op *o = t->op;
    o->kind = OP_LOCK;
    o->address = o->mutex;
    o->again = true;
    o->is_timed = false;
    o->deadline = NEVER;
    clock_join(&t->now, &run.self->now);
    run.changed |= ONE(id);
}

static void signal_some(condition *c, set chosen)
{
    memory_wrote((uintptr_t)c, sizeof *c);
    if (chosen == 0)
        c->early = run.step;
    else
        c->early = 0;
    set_waiters(c, waiters_of(c) & ~chosen);
    for (; chosen != 0; chosen &= chosen - 1)
        wake(first_of(chosen));
}

int explored_pthread_cond_signal(pthread_cond_t *object)
{
    op o = CALL(OP_SIGNAL, object);
    condition *c = (condition *)object;
    use(&o, &c->is_destroyed, "condition variable");
    set waiting = waiters_of(c);
    for (int i = 0; i < o.way; i++)
        waiting &= waiting - 1;
    signal_some(c, waiting & -waiting);
    return 0;
}

int explored_pthread_cond_broadcast(pthread_cond_t *object)
{
    op o = CALL(OP_BROADCAST, object);
    condition *c = (condition *)object;
    use(&o, &c->is_destroyed, "condition variable");
    signal_some(c, waiters_of(c));
    return 0;
}

/* --- Semaphores ------------------------------------------------------------*/

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
        return error_of(o->result = ETIMEDOUT);
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
