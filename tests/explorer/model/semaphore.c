/*
 * Semaphores.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int explored_sem_init(sem_t *object, int shared, unsigned value)
{
    op o = CALL(OP_INIT, object);
    (void)shared; /* there is one process */
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

/* --- With names, which are this program's alone ----------------------------*/

enum { NAMED = 32 };

static struct named {
    char name[64]; /* "": it is unlinked, but lives on for who has it open */
    semaphore semaphore;
    bool is_used;
} named[NAMED];

static bool is_any_named; /* in this run */

void forget_named_semaphores(void)
{
    if (is_any_named)
        memset(named, 0, sizeof named);
    is_any_named = false;
}

const char *name_of_semaphore(uintptr_t address)
{
    for (const struct named *n = named; n < named + NAMED; n++)
        if (n->is_used && address == (uintptr_t)&n->semaphore)
            return n->name[0] == '\0' ? "an unlinked semaphore" : n->name;
    return NULL;
}

/* "/a" and "a" are the same. */
static const char *without_slash(const char *name)
{
    return name + (*name == '/');
}

static struct named *find(const char *name)
{
    if (*name == '\0')
        return NULL;
    for (struct named *n = named; n < named + NAMED; n++)
        if (n->is_used && strcmp(n->name, name) == 0)
            return n;
    return NULL;
}

static sem_t *open_new(const char *name, unsigned value)
{
    struct named *n = named;
    while (n < named + NAMED && n->is_used)
        n++;
    if (n == named + NAMED || strlen(name) >= sizeof n->name)
        refuse("sem_open: too many names, or too long");
    is_any_named = true;
    *n = (struct named){.semaphore.value = value, .is_used = true};
    snprintf(n->name, sizeof n->name, "%s", name);
    return (sem_t *)&n->semaphore;
}

static sem_t *open_failed(int error)
{
    error_of(error);
    return SEM_FAILED;
}

sem_t *explored_sem_open(const char *name, int flags, ...)
{
    op o = CALL(OP_INIT, named);
    va_list list;
    va_start(list, flags);
    va_arg(list, unsigned); /* the mode */
    unsigned value = flags & O_CREAT ? va_arg(list, unsigned) : 0;
    va_end(list);
    step(&o);
    name = without_slash(name);
    struct named *n = find(name);
    if (n == NULL && !(flags & O_CREAT))
        return open_failed(ENOENT);
    if (n != NULL && flags & O_CREAT && flags & O_EXCL)
        return open_failed(EEXIST);
    if (n == NULL && value > SEM_VALUE_MAX)
        return open_failed(EINVAL);
    return n != NULL ? (sem_t *)&n->semaphore : open_new(name, value);
}

int explored_sem_unlink(const char *name)
{
    op o = CALL(OP_DESTROY, named);
    step(&o);
    struct named *n = find(without_slash(name));
    if (n == NULL)
        return error_of(ENOENT);
    n->name[0] = '\0';
    return 0;
}

int explored_sem_close(sem_t *object)
{
    (void)object;
    return 0;
}
