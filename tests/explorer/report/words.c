/*
 * Words for what a thread does: "read balance = 0", "lock forks[2]".
 */
#include "tests/explorer/report/record.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void say(text *t, const char *format, ...)
{
    size_t used = strlen(t->s);
    va_list list;
    va_start(list, format);
    vsnprintf(t->s + used, sizeof t->s - used, format, list);
    va_end(list);
}

static const char *const verbs[] = {[OP_READ] = "read",
        [OP_WRITE] = "write",
        [OP_LOAD] = "load",
        [OP_STORE] = "store",
        [OP_UPDATE] = "update",
        [OP_COMPARE] = "compare"};

/* What a write leaves there is added by record.c when it has been done. */
static void words_of_access(text *to, const thread *t, const op *o)
{
    say(to, "%s ", verbs[o->kind]);
    name_memory(to, t, o);
    if (!is_usable(o->address, o->size))
        return;
    bool differs = o->kind == OP_COMPARE &&
                   memcmp((void *)o->address, o->text, o->size) != 0;
    if (o->kind == OP_READ || o->kind == OP_LOAD)
        say(to, " = ");
    else if (o->kind == OP_UPDATE || o->kind == OP_COMPARE)
        say(to, differs ? ": is " : ": ");
    else
        return;
    name_value(to, o->address, o->size);
}

static void words_of_rwlock(text *to, const thread *t, const op *o)
{
    static const char *const words[] = {[OP_READ_LOCK] = "read-lock ",
            [OP_TRY_READ_LOCK] = "try to read-lock ",
            [OP_WRITE_LOCK] = "write-lock ",
            [OP_TRY_WRITE_LOCK] = "try to write-lock ",
            [OP_QUEUE] = "write-lock ",
            [OP_READ_UNLOCK] = "read-unlock ",
            [OP_WRITE_UNLOCK] = "write-unlock "};
    const rwlock *rw = (const rwlock *)o->address;
    bool reads = o->kind == OP_READ_LOCK || o->kind == OP_TRY_READ_LOCK;
    bool is_free =
            rw->writer == 0 && (reads || rw->readers == 0) && !rw->is_destroyed;
    bool is_mine = rw->writer == (uint32_t)t->id + 1;
    say(to, "%s", words[o->kind]);
    name_object(to, t, o);
    if (o->kind == OP_READ_UNLOCK || o->kind == OP_WRITE_UNLOCK || is_free)
        return;
    if (is_mine)
        say(to, ": has it");
    else if (o->kind == OP_QUEUE)
        say(to, ": must wait");
    else
        say(to, is_try(o->kind) ? ": busy" : ": time is up");
}

static void words_of_spinlock(text *to, const thread *t, const op *o)
{
    op wish = *o;
    wish.kind = OP_SPIN_LOCK;
    if (o->kind == OP_TRY_SPIN_LOCK)
        say(to, "try to spin-lock ");
    else
        say(to, o->kind == OP_SPIN_LOCK ? "spin-lock " : "spin-unlock ");
    name_object(to, t, o);
    if (o->kind == OP_TRY_SPIN_LOCK && holder_of(t, &wish) >= 0)
        say(to, ": busy");
}

static void words_of_barrier(text *to, const thread *t, const op *o)
{
    const barrier *b = (const barrier *)o->address;
    say(to, o->kind == OP_LEAVE ? "leave " : "arrive at ");
    name_object(to, t, o);
    if (o->kind == OP_LEAVE) {
        say(to, o->value == LEAVES_AS_SERIAL ? " as the serial thread" : "");
        return;
    }
    say(to, " (%u of %u)", b->arrived + 1, b->count);
    if (b->arrived + 1 == b->count)
        say(to, ": all may leave");
}

static void words_of_once(text *to, const thread *t, const op *o)
{
    uint32_t state = *(const uint32_t *)o->address;
    say(to, "once ");
    name_object(to, t, o);
    if (o->kind == OP_ONCE_DONE)
        say(to, " is done");
    else
        say(to, state == ONCE_DONE ? ": was done" : ": does it");
}

static void words_of_mutex(text *to, const thread *t, const op *o)
{
    const mutex *m = (const mutex *)o->address;
    bool is_mine = m->owner == (uint32_t)t->id + 1;
    if (o->kind == OP_UNLOCK)
        say(to, "unlock ");
    else if (o->kind == OP_TRYLOCK)
        say(to, "trylock ");
    else
        say(to, o->again ? "wakes, locks " : "lock ");
    name_object(to, t, o);
    if (m->is_destroyed)
        return;
    if (o->kind == OP_UNLOCK)
        say(to, is_mine && m->depth > 1 ? " (not the last)" : "");
    else if (is_mine)
        say(to, m->kind == PTHREAD_MUTEX_RECURSIVE ? " again" : ": has it");
    else if (m->owner != 0)
        say(to, o->kind == OP_TRYLOCK ? ": busy" : ": time is up");
}

static void say_threads(text *to, set which)
{
    if (which == 0)
        say(to, ": nobody waits");
    for (const char *before = " -> "; which != 0; which &= which - 1) {
        say(to, "%s%s", before, thread_name(first_of(which)));
        before = ", ";
    }
}

static void words_of_condition(text *to, const thread *t, const op *o)
{
    const condition *c = (const condition *)o->address;
    op of_mutex = *o;
    of_mutex.address = o->mutex;
    set waiting = waiters_of(c);
    switch (o->kind) {
    case OP_WAIT:
        say(to, "wait ");
        name_object(to, t, o);
        say(to, " (releases ");
        name_object(to, t, &of_mutex);
        say(to, ")");
        break;
    case OP_WAITING:
        say(to, o->way == WAY_TIMEOUT ? "wakes: time is up"
                                      : "wakes (spurious)");
        break;
    case OP_SIGNAL:
        say(to, "signal ");
        name_object(to, t, o);
        for (int i = 0; i < o->way; i++)
            waiting &= waiting - 1;
        say_threads(to, waiting & -waiting);
        break;
    default:
        say(to, "broadcast ");
        name_object(to, t, o);
        say_threads(to, waiting);
    }
}

static void words_of_semaphore(text *to, const thread *t, const op *o)
{
    uint32_t value = ((const semaphore *)o->address)->value;
    bool takes = o->kind == OP_TAKE || o->kind == OP_TRYTAKE;
    if (o->kind == OP_POST)
        say(to, "post ");
    else if (o->kind == OP_VALUE)
        say(to, "value of ");
    else
        say(to, o->kind == OP_TAKE ? "take " : "try to take ");
    name_object(to, t, o);
    if (!takes)
        say(to, " = %u", value + (o->kind == OP_POST));
    else if (value > 0)
        say(to, " = %u", value - 1);
    else
        say(to, o->kind == OP_TAKE ? ": time is up" : ": it is 0");
}

/* A check that fails, or a call whose arguments are so wrong that it touched
 * nothing: those have no text of their own. */
static void words_of_check(text *to, const thread *t, const op *o)
{
    if (o->text != NULL) {
        say(to, "%s",
                run.verdict == EXPLORER_CRASH      ? "crashes"
                : run.verdict == EXPLORER_LIVELOCK ? "loops for ever"
                                                   : o->text);
        return;
    }
    say(to, o->mutex != 0 ? "wait " : "free ");
    name_object(to, t, o);
}

static void words_of_output(text *to, const op *o)
{
    enum { SHOWN = 30 };
    size_t size = o->size;
    while (size > 0 && o->text[size - 1] == '\n')
        size--;
    say(to, "prints \"");
    for (size_t i = 0; i < size && i < SHOWN; i++)
        say(to, "%c", (unsigned char)o->text[i] < ' ' ? ' ' : o->text[i]);
    say(to, size > SHOWN ? "...\"" : "\"");
}

/* What a thread does with threads, with time and with itself. */
static void words_of_thread(text *to, const op *o)
{
    static const char *const plain[] = {[OP_CREATE] = "create",
            [OP_DETACH] = "detach",
            [OP_YIELD] = "yield",
            [OP_TIME] = "read the clock",
            [OP_DEADLINE] = "a time limit begins",
            [OP_SLEEPING] = "sleep: time is up",
            [OP_END] = "ends",
            [OP_UNTIL] = NULL};
    const char *other = thread_name((int)o->value % MAX_THREADS);
    if (o->kind == OP_JOIN)
        say(to, "join %s%s", other,
                o->way == WAY_TIMEOUT ? ": time is up" : "");
    else if (o->kind == OP_TRYJOIN)
        say(to, "try to join %s%s", other,
                threads[o->value].state == ENDED && o->way != WAY_TIMEOUT
                        ? ""
                        : ": it has not ended");
    else if (o->kind == OP_ASK)
        say(to, "is %s blocked?", other);
    else if (o->kind == OP_UNTIL)
        say(to, "wait until %s is blocked", other);
    else if (o->kind == OP_EXIT)
        say(to, "the program ends with %d", (int)o->value);
    else
        say(to, "%s", plain[o->kind]);
}

/* A mutex or the like at an address where there is nothing. */
static bool is_nowhere(const op *o)
{
    return o->kind >= OP_LOCK && o->kind <= OP_DESTROY &&
           !is_there(o->address, sizeof(mutex));
}

void words_of(text *to, const thread *t, const op *o)
{
    if (is_nowhere(o)) {
        say(to, "use ");
        name_object(to, t, o);
        return;
    }
    switch (o->kind) {
    case OP_READ:
    case OP_WRITE:
    case OP_LOAD:
    case OP_STORE:
    case OP_UPDATE:
    case OP_COMPARE:
        words_of_access(to, t, o);
        break;
    case OP_FREE:
        say(to, "free ");
        name_memory(to, t, o);
        break;
    case OP_LOCK:
    case OP_TRYLOCK:
    case OP_UNLOCK:
        words_of_mutex(to, t, o);
        break;
    case OP_WAIT:
    case OP_WAITING:
    case OP_SIGNAL:
    case OP_BROADCAST:
        words_of_condition(to, t, o);
        break;
    case OP_READ_LOCK:
    case OP_TRY_READ_LOCK:
    case OP_WRITE_LOCK:
    case OP_TRY_WRITE_LOCK:
    case OP_QUEUE:
    case OP_READ_UNLOCK:
    case OP_WRITE_UNLOCK:
        words_of_rwlock(to, t, o);
        break;
    case OP_SPIN_LOCK:
    case OP_TRY_SPIN_LOCK:
    case OP_SPIN_UNLOCK:
        words_of_spinlock(to, t, o);
        break;
    case OP_ARRIVE:
    case OP_LEAVE:
        words_of_barrier(to, t, o);
        break;
    case OP_ONCE:
    case OP_ONCE_DONE:
        words_of_once(to, t, o);
        break;
    case OP_TAKE:
    case OP_TRYTAKE:
    case OP_POST:
    case OP_VALUE:
        words_of_semaphore(to, t, o);
        break;
    case OP_INIT:
    case OP_DESTROY:
        say(to, o->kind == OP_INIT ? "init " : "destroy ");
        name_object(to, t, o);
        break;
    case OP_KEYS:
        say(to, o->value != 0 ? "sets its value of a key"
                              : "runs the destructors of its keys");
        break;
    case OP_CHECK:
        words_of_check(to, t, o);
        break;
    case OP_OUTPUT:
        words_of_output(to, o);
        break;
    default:
        words_of_thread(to, o);
    }
}
