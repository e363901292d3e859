/*
 * Threads: creating them, joining them, and how they end.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <string.h>

/* A pthread_t is the thread's slot + 1. */
static thread *thread_of(pthread_t handle, const char *call)
{
    if (handle == 0 || handle > (pthread_t)run.threads ||
            threads[handle - 1].state == ABSENT)
        fail_and_stop(EXPLORER_MISUSE, "%s: %s of what is not a thread",
                thread_name(run.self->id), call);
    return &threads[handle - 1];
}

thread *create_thread(
        op *o, pthread_t *handle, void *(*body)(void *), void *arg)
{
    step(o);
    thread *t = new_thread(run.self, body, arg);
    /* POSIX does not say that it is stored before the thread begins. */
    store(o, handle, sizeof *handle);
    *handle = (pthread_t)t->id + 1;
    return t;
}

int explored_pthread_create(pthread_t *handle, const pthread_attr_t *attr,
        void *(*body)(void *), void *arg)
{
    op o = CALL(OP_CREATE, body);
    bool is_detached =
            attr != NULL && ((const thread_attributes *)attr)->is_detached;
    thread *t = create_thread(&o, handle, body, arg);
    t->detached |= is_detached;
    return 0;
}

/* --- Joining ---------------------------------------------------------------*/

/* After a step: the past of the thread is the caller's past as well. */
static void learn(const thread *of)
{
    clock_join(&run.self->now, &of->now);
    clock_join(&run.self->seen, &of->seen);
}

static thread *thread_to_join(pthread_t handle)
{
    thread *target = thread_of(handle, "join");
    if (target->detached || target->joined)
        fail_and_stop(EXPLORER_MISUSE, "%s joins %s, which was %s",
                thread_name(run.self->id), thread_name(target->id),
                target->detached ? "detached" : "joined before");
    return target;
}

static int joined(const op *o, thread *target, void **result)
{
    target->joined = true;
    learn(target);
    if (result != NULL) {
        store(o, result, sizeof *result);
        *result = target->result;
    }
    return 0;
}

int join_thread(op *o, pthread_t handle, void **result)
{
    if (handle == me())
        return EDEADLK;
    thread *target = thread_to_join(handle);
    o->value = (uint64_t)target->id;
    target->joined = true;
    step(o);
    return joined(o, target, result);
}

int explored_pthread_join(pthread_t handle, void **result)
{
    op o = CALL(OP_JOIN, NULL);
    return join_thread(&o, handle, result);
}

static int try_join(op *o, pthread_t handle, void **result)
{
    if (handle == me())
        return EDEADLK;
    thread *target = thread_to_join(handle);
    o->value = (uint64_t)target->id;
    step(o);
    if (target->state != ENDED)
        return EBUSY;
    if (o->way != WAY_TIMEOUT)
        return joined(o, target, result);
    run.self->timeouts++;
    return EBUSY;
}

int explored_pthread_tryjoin_np(pthread_t handle, void **result)
{
    op o = CALL(OP_TRYJOIN, NULL);
    return try_join(&o, handle, result);
}

static int timed_join(op *o, pthread_t handle, void **result,
        const struct timespec *limit, clockid_t clock)
{
    if (limit == NULL || handle == me())
        return join_thread(o, handle, result);
    thread *target = thread_to_join(handle);
    int error = set_deadline(o, limit, clock);
    o->value = (uint64_t)target->id;
    if (error != 0) { /* it matters only to who must wait */
        o->kind = OP_TRYJOIN;
        return try_join(o, handle, result) == 0 ? 0 : error;
    }
    step(o);
    return timed_out(o) ? ETIMEDOUT : joined(o, target, result);
}

int explored_pthread_timedjoin_np(
        pthread_t handle, void **result, const struct timespec *limit)
{
    op o = CALL(OP_JOIN, NULL);
    return timed_join(&o, handle, result, limit, CLOCK_REALTIME);
}

int explored_pthread_clockjoin_np(pthread_t handle, void **result,
        clockid_t clock, const struct timespec *limit)
{
    op o = CALL(OP_JOIN, NULL);
    return timed_join(&o, handle, result, limit, clock);
}

void detach_thread(op *o, pthread_t handle)
{
    thread *target = thread_of(handle, "detach");
    step(o);
    if (target->detached || target->joined)
        fail_and_stop(EXPLORER_MISUSE, "%s detaches %s, which was %s",
                thread_name(run.self->id), thread_name(target->id),
                target->detached ? "detached before" : "joined");
    target->detached = true;
}

int explored_pthread_detach(pthread_t handle)
{
    op o = CALL(OP_DETACH, NULL);
    detach_thread(&o, handle);
    return 0;
}

/* --- The end of a thread: what pthread_cleanup_push left is done first -----*/

void explored___pthread_register_cancel(__pthread_unwind_buf_t *here)
{
    thread *t = run.self;
    here->__pad[0] = t->cleanup;
    here->__pad[1] = (void *)(uintptr_t)t->depth;
    t->cleanup = here;
}

void explored___pthread_unregister_cancel(__pthread_unwind_buf_t *here)
{
    run.self->cleanup = here->__pad[0];
}

/* Back to where the innermost handler was pushed. It runs there, and calls
 * __pthread_unwind_next(). */
static void __attribute__((noreturn)) unwind(void)
{
    jmp_buf whole = {0}; /* what was saved is only its beginning */
    thread *t = run.self;
    __pthread_unwind_buf_t *here = t->cleanup;
    if (here == NULL)
        thread_ends(t->result);
    t->cleanup = here->__pad[0];
    t->depth = (uint32_t)(uintptr_t)here->__pad[1];
    memcpy(whole, here->__cancel_jmp_buf, sizeof here->__cancel_jmp_buf);
    longjmp(whole, 1);
}

void explored___pthread_unwind_next(__pthread_unwind_buf_t *here)
{
    (void)here;
    unwind();
}

void exit_thread(void *result)
{
    run.self->result = result;
    unwind();
}

void explored_pthread_exit(void *result)
{
    exit_thread(result);
}

/* Nobody is ever cancelled: pthread_cancel is refused. */
int explored_pthread_setcancelstate(int state, int *old)
{
    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
        return EINVAL;
    if (old != NULL)
        *old = run.self->is_uncancellable ? PTHREAD_CANCEL_DISABLE
                                          : PTHREAD_CANCEL_ENABLE;
    run.self->is_uncancellable = state == PTHREAD_CANCEL_DISABLE;
    return 0;
}

int explored_pthread_setcanceltype(int type, int *old)
{
    if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
        return EINVAL;
    if (old != NULL)
        *old = run.self->is_asynchronous ? PTHREAD_CANCEL_ASYNCHRONOUS
                                         : PTHREAD_CANCEL_DEFERRED;
    run.self->is_asynchronous = type == PTHREAD_CANCEL_ASYNCHRONOUS;
    return 0;
}

void explored_pthread_testcancel(void)
{
}

/* --- The thread itself -----------------------------------------------------*/

pthread_t explored_pthread_self(void)
{
    return (pthread_t)me();
}

int explored_pthread_equal(pthread_t a, pthread_t b)
{
    return a == b;
}

int explored_sched_yield(void)
{
    op o = CALL(OP_YIELD, NULL);
    step(&o);
    return 0;
}

int explored_pthread_yield(void)
{
    op o = CALL(OP_YIELD, NULL);
    step(&o);
    return 0;
}

int explored_pthread_setname_np(pthread_t handle, const char *name)
{
    (void)handle;
    return strlen(name) < 16 ? 0 : ERANGE;
}

/* --- For scenarios: who is blocked? ----------------------------------------*/

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
