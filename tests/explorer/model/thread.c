/*
 * Threads and what belongs to one: creating, joining, its keys.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
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

void model_destructors(thread *t)
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

void forget_keys(void)
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

int explored_pthread_attr_getstacksize(const pthread_attr_t *attr, size_t *size)
{
    (void)attr;
    *size = (size_t)1 << 20;
    return 0;
}

int explored_pthread_attr_setscope(pthread_attr_t *attr, int scope)
{
    (void)attr;
    return scope == PTHREAD_SCOPE_SYSTEM ? 0 : ENOTSUP;
}

int explored_pthread_setname_np(pthread_t handle, const char *name)
{
    (void)handle;
    return strlen(name) < 16 ? 0 : ERANGE;
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
    thread_changes(run.self);
    return 0;
}
