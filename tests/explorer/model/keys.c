/*
 * Keys: values that each thread has of its own, with destructors. The values
 * of _Thread_local variables are in fibers/local.c.
 */
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <threads.h>

typedef struct key {
    void (*destructor)(void *);
    bool is_used;
} key;

static key keys[KEYS];
static bool is_any_used; /* in this run */

bool is_of_keys(uintptr_t address)
{
    return address >= (uintptr_t)keys && address < (uintptr_t)(keys + KEYS);
}

void forget_keys(void)
{
    if (is_any_used)
        memset(keys, 0, sizeof keys);
    is_any_used = false;
}

/* One round over all values; whether there was something to do. */
static bool destroy_values(thread *t)
{
    bool is_any = false;
    for (int k = 0; k < KEYS; k++) {
        void *value = t->keys[k];
        if (value == NULL || !keys[k].is_used || keys[k].destructor == NULL)
            continue;
        t->keys[k] = NULL;
        keys[k].destructor(value);
        is_any = true;
    }
    return is_any;
}

static bool has_values(const thread *t)
{
    for (int k = 0; t->has_keys && k < KEYS; k++)
        if (t->keys[k] != NULL)
            return true;
    return false;
}

/* Which keys are there then is a matter of order. */
void model_destructors(thread *t)
{
    int round = 0;
    if (!has_values(t))
        return;
    op o = CALL(OP_KEYS, keys);
    o.pc = (uintptr_t)t->body + 1;
    step(&o);
    while (t->has_keys && round < PTHREAD_DESTRUCTOR_ITERATIONS)
        if (destroy_values(t))
            round++;
        else
            return;
}

/* Who comes first gets the first key. */
static int create_key(op *o, unsigned *made, void (*destructor)(void *))
{
    step(o);
    for (int k = 0; k < KEYS; k++) {
        if (keys[k].is_used)
            continue;
        keys[k] = (key){destructor, true};
        is_any_used = true;
        store(o, made, sizeof *made);
        *made = (unsigned)k;
        for (int i = 0; i < MAX_THREADS; i++)
            threads[i].keys[k] = NULL;
        return 0;
    }
    return EAGAIN;
}

static int delete_key(op *o, unsigned k)
{
    if (k >= KEYS || !keys[k].is_used)
        return EINVAL;
    step(o);
    keys[k].is_used = false;
    return 0;
}

static int set_value(op *o, unsigned k, const void *value)
{
    o->value = 1;
    step(o);
    if (k >= KEYS || !keys[k].is_used)
        return EINVAL;
    run.self->keys[k] = (void *)value;
    run.self->has_keys = true;
    thread_changes(run.self);
    return 0;
}

static void *value_of(unsigned k)
{
    return k < KEYS ? run.self->keys[k] : NULL;
}

int explored_pthread_key_create(pthread_key_t *made, void (*destructor)(void *))
{
    op o = CALL(OP_INIT, keys);
    return create_key(&o, made, destructor);
}

int explored_pthread_key_delete(pthread_key_t k)
{
    op o = CALL(OP_DESTROY, keys);
    return delete_key(&o, k);
}

void *explored_pthread_getspecific(pthread_key_t k)
{
    return value_of(k);
}

int explored_pthread_setspecific(pthread_key_t k, const void *value)
{
    op o = CALL(OP_KEYS, keys);
    return set_value(&o, k, value);
}

int explored_tss_create(tss_t *made, tss_dtor_t destructor)
{
    op o = CALL(OP_INIT, keys);
    return create_key(&o, made, destructor) == 0 ? thrd_success : thrd_error;
}

void explored_tss_delete(tss_t k)
{
    op o = CALL(OP_DESTROY, keys);
    delete_key(&o, k);
}

void *explored_tss_get(tss_t k)
{
    return value_of(k);
}

int explored_tss_set(tss_t k, void *value)
{
    op o = CALL(OP_KEYS, keys);
    return set_value(&o, k, value) == 0 ? thrd_success : thrd_error;
}
