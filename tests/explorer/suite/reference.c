#include "tests/explorer/suite/reference.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* --- States ----------------------------------------------------------------*/

/* How a step touches an object. Steps of one kind that commute are a group, in
 * any order; all others stay in the order in which they came. */
typedef enum touch {
    NOTHING,
    /* these commute with their own kind */
    READS,
    FINDS_LOCKED,
    FINDS_EMPTY,
    POSTS,
    ENQUEUES,
    SIGNALS_NOBODY,
    SHARES,       /* a lock, or gives it back */
    ARRIVES_EVEN, /* in rounds 0, 2 ... of a barrier */
    ARRIVES_ODD,
    QUEUES, /* a writer comes or goes */
    /* these do not */
    CHANGES,
} touch;

typedef struct history {
    uint64_t before, group;
    touch kind;
} history;

enum {
    FIRST_PLAIN = ATOMS,
    FIRST_MUTEX = FIRST_PLAIN + PLAINS,
    THE_SEMAPHORE = FIRST_MUTEX + MUTEXES,
    THE_CONDITION,
    THE_RWLOCK,
    THE_QUEUE, /* of its writers */
    THE_BARRIER,
    THE_ONCE,
    OBJECTS
};

typedef enum life { ABSENT, LIVE, ENDED, STOPPED } life;

typedef struct small_thread {
    life life;
    int at, last, steps;
    bool waits, locks_again; /* inside SMALL_WAIT */
    int phase;               /* of an operation that is several steps */
    int reads;               /* how often it holds the read-write lock */
    bool is_serial;
} small_thread;

typedef struct state {
    history histories[OBJECTS];
    small_thread threads[SMALL_THREADS];
    int atoms[ATOMS], plains[PLAINS];
    int owners[MUTEXES]; /* thread + 1 */
    int permits;
    int writer, readers, queue; /* of the read-write lock */
    int round, arrived;         /* of the barrier */
    int once;                   /* 1: somebody does it; 2: done */
    bool was_early;             /* the last signal met nobody */
    bool has_exited;
    char log[SMALL_THREADS][LOG];
} state;

static const small_program *program;
static reference *result;

static uint64_t mix(uint64_t a, uint64_t b)
{
    a = (a + 1) * 0x9e3779b97f4a7c15u ^ (b + 1) * 0xd6e8feb86659fd93u;
    a = (a ^ a >> 29) * 0xbf58476d1ce4e5b9u;
    return a ^ a >> 32;
}

static void meet(state *s, int thread, int object, touch kind, int choice)
{
    history *h = &s->histories[object];
    uint64_t step = mix((uint64_t)thread, (uint64_t)s->threads[thread].steps);
    uint64_t who = mix(step, (uint64_t)choice);
    if (kind != CHANGES && kind == h->kind) {
        h->group += who;
        return;
    }
    h->before = mix(mix(h->before, h->group), (uint64_t)h->kind);
    h->group = who;
    h->kind = kind;
}

static uint64_t key_of(const state *s)
{
    uint64_t sum = s->has_exited;
    for (int i = 0; i < OBJECTS; i++) {
        const history *h = &s->histories[i];
        sum = mix(mix(mix(sum, h->before), h->group), (uint64_t)h->kind);
    }
    for (int i = 0; i < SMALL_THREADS; i++)
        sum = mix(sum, (uint64_t)s->threads[i].steps);
    return sum;
}

/* --- Steps -----------------------------------------------------------------*/

static const small_op *op_of(const state *s, int thread)
{
    return &program->ops[thread][s->threads[thread].at];
}

static void add_log(state *s, int thread, char what)
{
    size_t length = strlen(s->log[thread]);
    if (length + 1 < LOG)
        s->log[thread][length] = what;
}

/* Does what is no step, up to the next one. */
static void advance(state *s, int thread)
{
    small_thread *t = &s->threads[thread];
    for (;; t->at++) {
        const small_op *o = op_of(s, thread);
        switch (o->kind) {
        case SMALL_END:
            if (thread != 0)
                t->life = ENDED;
            return; /* of main: the exit of the process is a step */
        case SMALL_LEAVE:
            t->life = ENDED;
            return;
        case SMALL_SKIP:
            if (t->last == o->object)
                t->at += o->value;
            break;
        case SMALL_BACK:
            t->at -= o->value + 1;
            break;
        case SMALL_CHECK:
            if (t->last != o->value)
                break;
            add_log(s, thread, 'x');
            t->life = STOPPED;
            return;
        default:
            return;
        }
    }
}

static int waiting(const state *s)
{
    int n = 0;
    for (int i = 0; i < SMALL_THREADS; i++)
        n += s->threads[i].waits;
    return n;
}

static bool can_read(const state *s)
{
    return s->writer == 0 && !(program->prefers_writers && s->queue > 0);
}

static bool can_write(const state *s)
{
    return s->writer == 0 && s->readers == 0;
}

/* In how many ways the thread can do its next step. */
static int ways(const state *s, int thread)
{
    const small_thread *t = &s->threads[thread];
    const small_op *o = op_of(s, thread);
    if (t->life != LIVE || t->waits)
        return 0;
    switch (o->kind) {
    case SMALL_LOCK:
        return s->owners[o->object] == 0;
    case SMALL_WAIT:
        return !t->locks_again || s->owners[0] == 0;
    case SMALL_TAKE:
        return s->permits > 0;
    case SMALL_READ_LOCK:
        return can_read(s);
    case SMALL_WRITE_LOCK:
        return can_write(s) || (program->prefers_writers && t->phase == 0);
    case SMALL_ARRIVE:
        if (t->phase > 0) /* it is round phase - 1 that it leaves */
            return s->round > t->phase - 1;
        return s->arrived + 1 == program->parties ? program->parties : 1;
    case SMALL_ONCE:
        return t->phase > 0 || s->once != 1;
    case SMALL_JOIN:
        return s->threads[o->object].life == ENDED;
    case SMALL_SIGNAL:
        return waiting(s) > 1 ? waiting(s) : 1;
    default:
        return 1;
    }
}

static void wake(state *s, int nth)
{
    for (int i = 0; i < SMALL_THREADS; i++)
        if (s->threads[i].waits && nth-- == 0) {
            s->threads[i].waits = false;
            s->threads[i].locks_again = true;
            return;
        }
}

static void signal_some(state *s, int thread, bool all, int way)
{
    int n = waiting(s);
    meet(s, thread, THE_CONDITION, n == 0 ? SIGNALS_NOBODY : CHANGES, way);
    s->was_early = n == 0;
    if (all)
        for (; n > 0; n--)
            wake(s, 0);
    else
        wake(s, way);
}

enum { READ_NOTHING = -1, NOT_DONE = -2 };

/* --- Read-write locks, barriers, once --------------------------------------*/

static int read_lock(state *s, int thread)
{
    bool is_free = can_read(s);
    if (s->threads[thread].reads == 0 && (is_free || s->queue == 0))
        meet(s, thread, THE_RWLOCK, is_free ? SHARES : FINDS_LOCKED, 0);
    else if (program->prefers_writers)
        meet(s, thread, THE_QUEUE, READS, 0);
    s->readers += is_free;
    s->threads[thread].reads += is_free;
    return is_free;
}

static int try_write_lock(state *s, int thread)
{
    bool is_free = can_write(s);
    meet(s, thread, THE_RWLOCK, is_free ? CHANGES : FINDS_LOCKED, 0);
    if (is_free)
        s->writer = thread + 1;
    return is_free;
}

static int write_lock(state *s, int thread)
{
    small_thread *t = &s->threads[thread];
    meet(s, thread, THE_RWLOCK, can_write(s) ? CHANGES : QUEUES, 0);
    if (!can_write(s)) {
        meet(s, thread, THE_QUEUE, QUEUES, 0);
        s->queue++;
        t->phase = 1;
        return NOT_DONE;
    }
    if (t->phase > 0) {
        meet(s, thread, THE_QUEUE, QUEUES, 0);
        s->queue--;
    }
    s->writer = thread + 1;
    return READ_NOTHING;
}

static int rw_unlock(state *s, int thread)
{
    bool writes = s->writer == thread + 1;
    if (writes || s->threads[thread].reads == 1)
        meet(s, thread, THE_RWLOCK, writes ? CHANGES : SHARES, 0);
    if (writes) {
        s->writer = 0;
    } else {
        s->readers--;
        s->threads[thread].reads--;
    }
    return READ_NOTHING;
}

static bool is_in_round(const state *s, int thread)
{
    const small_thread *t = &s->threads[thread];
    return t->life == LIVE && op_of(s, thread)->kind == SMALL_ARRIVE &&
           t->phase == s->round + 1;
}

/* Who of the round is the serial thread belongs to the round, not to who came
 * last. */
static void complete_round(state *s, int way)
{
    s->histories[THE_BARRIER].group += mix(99, (uint64_t)way);
    for (int i = 0; i < SMALL_THREADS; i++)
        if (is_in_round(s, i))
            s->threads[i].is_serial = way-- == 0;
    s->round++;
    s->arrived = 0;
}

static int arrive(state *s, int thread, int way)
{
    small_thread *t = &s->threads[thread];
    if (t->phase > 0)
        return t->is_serial;
    meet(s, thread, THE_BARRIER, s->round % 2 ? ARRIVES_ODD : ARRIVES_EVEN, 0);
    t->phase = s->round + 1;
    if (++s->arrived == program->parties)
        complete_round(s, way);
    return NOT_DONE;
}

static int do_once(state *s, int thread)
{
    small_thread *t = &s->threads[thread];
    bool is_done = s->once == 2;
    if (t->phase == 1) {
        meet(s, thread, ATOMS - 1, CHANGES, 0);
        s->atoms[ATOMS - 1]++;
        t->phase = 2;
        return NOT_DONE;
    }
    meet(s, thread, THE_ONCE, is_done ? SHARES : CHANGES, 0);
    if (t->phase == 2 || is_done) {
        s->once = 2;
        return READ_NOTHING;
    }
    s->once = 1;
    t->phase = 1;
    return NOT_DONE;
}

/* --- The others ------------------------------------------------------------*/

static int do_wait(state *s, int thread)
{
    small_thread *t = &s->threads[thread];
    meet(s, thread, FIRST_MUTEX, CHANGES, 0);
    if (t->locks_again) {
        t->locks_again = false;
        s->owners[0] = thread + 1;
        return READ_NOTHING;
    }
    meet(s, thread, THE_CONDITION, ENQUEUES, 0);
    s->owners[0] = 0;
    t->waits = true;
    return READ_NOTHING;
}

static int do_atomic(state *s, int thread, const small_op *o, int value)
{
    int *at = &s->atoms[o->object], was = *at;
    bool changes = o->kind == SMALL_STORE || o->kind == SMALL_ADD ||
                   (o->kind == SMALL_COMPARE && was == 0);
    meet(s, thread, o->object, changes ? CHANGES : READS, 0);
    if (o->kind == SMALL_ADD)
        *at += value;
    else if (changes)
        *at = value;
    return o->kind == SMALL_STORE ? READ_NOTHING : was;
}

static int do_plain(state *s, int thread, const small_op *o, int value)
{
    bool changes = o->kind == SMALL_WRITE;
    meet(s, thread, FIRST_PLAIN + o->object, changes ? CHANGES : READS, 0);
    if (!changes)
        return s->plains[o->object];
    s->plains[o->object] = value;
    return READ_NOTHING;
}

static int try_lock(state *s, int thread, int i)
{
    bool is_free = s->owners[i] == 0;
    meet(s, thread, FIRST_MUTEX + i, is_free ? CHANGES : FINDS_LOCKED, 0);
    if (is_free)
        s->owners[i] = thread + 1;
    return is_free;
}

static int try_take(state *s, int thread)
{
    bool is_there = s->permits > 0;
    meet(s, thread, THE_SEMAPHORE, is_there ? CHANGES : FINDS_EMPTY, 0);
    s->permits -= is_there;
    return is_there;
}

/* Gives what was read. */
static int act(state *s, int thread, const small_op *o, int way)
{
    int i = o->object, last = s->threads[thread].last;
    int value = o->value == READ_PLUS_1 ? last + 1 : o->value;
    switch (o->kind) {
    case SMALL_LOCK:
        try_lock(s, thread, i);
        return READ_NOTHING;
    case SMALL_UNLOCK:
        meet(s, thread, FIRST_MUTEX + i, CHANGES, 0);
        s->owners[i] = 0;
        return READ_NOTHING;
    case SMALL_TRYLOCK:
        return try_lock(s, thread, i);
    case SMALL_WAIT:
        return do_wait(s, thread);
    case SMALL_SIGNAL:
    case SMALL_BROADCAST:
        signal_some(s, thread, o->kind == SMALL_BROADCAST, way);
        return READ_NOTHING;
    case SMALL_TAKE:
        try_take(s, thread);
        return READ_NOTHING;
    case SMALL_TRYTAKE:
        return try_take(s, thread);
    case SMALL_POST:
        meet(s, thread, THE_SEMAPHORE, POSTS, 0);
        s->permits++;
        return READ_NOTHING;
    case SMALL_READ_LOCK:
        read_lock(s, thread);
        return READ_NOTHING;
    case SMALL_TRY_READ_LOCK:
        return read_lock(s, thread);
    case SMALL_WRITE_LOCK:
        return write_lock(s, thread);
    case SMALL_TRY_WRITE_LOCK:
        return try_write_lock(s, thread);
    case SMALL_RW_UNLOCK:
        return rw_unlock(s, thread);
    case SMALL_ARRIVE:
        return arrive(s, thread, way);
    case SMALL_ONCE:
        return do_once(s, thread);
    case SMALL_LOAD:
    case SMALL_STORE:
    case SMALL_ADD:
    case SMALL_COMPARE:
        return do_atomic(s, thread, o, value);
    case SMALL_READ:
    case SMALL_WRITE:
        return do_plain(s, thread, o, value);
    case SMALL_CREATE:
        s->threads[i].life = LIVE;
        advance(s, i);
        return READ_NOTHING;
    default:
        return READ_NOTHING;
    }
}

static void do_step(state *s, int thread, int way)
{
    small_thread *t = &s->threads[thread];
    const small_op *o = op_of(s, thread);
    if (o->kind == SMALL_END) {
        s->has_exited = true;
        return;
    }
    int got = act(s, thread, o, way);
    t->steps++;
    if (t->waits || got == NOT_DONE)
        return;
    t->phase = 0;
    add_log(s, thread, (char)(got < 0 ? '.' : '0' + got));
    if (got >= 0)
        t->last = got;
    t->at++;
    advance(s, thread);
}

/* --- Ends ------------------------------------------------------------------*/

void outcome_text(char text[OUTCOME], char log[SMALL_THREADS][LOG],
        const int *atoms, const int *plains)
{
    char *to = text;
    for (int i = 0; i < SMALL_THREADS; i++) {
        for (const char *from = log[i]; *from != '\0'; from++)
            *to++ = *from;
        *to++ = ' ';
    }
    for (int i = 0; i < ATOMS; i++)
        *to++ = (char)('0' + atoms[i]);
    for (int i = 0; i < PLAINS; i++)
        *to++ = (char)('0' + plains[i]);
    *to = '\0';
}

static void add_outcome(const state *s)
{
    char text[OUTCOME];
    outcome_text(text, (char(*)[LOG])s->log, s->atoms, s->plains);
    size_t at = 0, n = result->outcomes;
    while (at < n && strcmp(result->outcome[at], text) < 0)
        at++;
    if (at < n && strcmp(result->outcome[at], text) == 0)
        return;
    result->outcome = realloc(result->outcome, (n + 1) * OUTCOME);
    if (result->outcome == NULL)
        abort();
    memmove(result->outcome[at + 1], result->outcome[at], (n - at) * OUTCOME);
    memcpy(result->outcome[at], text, OUTCOME);
    result->outcomes++;
}

/* A run in which a check failed is told so, whatever else came of it. */
static explorer_verdict verdict_of(const state *s)
{
    bool is_blocked = false, is_lost = false;
    for (int i = 0; i < SMALL_THREADS; i++) {
        const small_thread *t = &s->threads[i];
        if (t->life == STOPPED)
            return EXPLORER_CHECK;
        is_blocked |= t->life == LIVE;
        is_lost |= t->waits && s->was_early;
    }
    if (s->has_exited || !is_blocked)
        return EXPLORER_OK;
    return is_lost ? EXPLORER_LOST_WAKEUP : EXPLORER_DEADLOCK;
}

static void end(const state *s)
{
    result->classes++;
    add_outcome(s);
    explorer_verdict verdict = verdict_of(s);
    if (result->verdict < verdict)
        result->verdict = verdict;
}

/* --- All states ------------------------------------------------------------*/

typedef struct known {
    uint64_t key;
    unsigned long runs; /* 0: a free place */
} known;

static known *states;
static size_t states_size, states_used;

static known *place_of(uint64_t key)
{
    size_t i = key & (states_size - 1);
    while (states[i].runs != 0 && states[i].key != key)
        i = (i + 1) & (states_size - 1);
    return &states[i];
}

enum { MANY = 1 << 30 };

/* How many runs go on from this state. */
static unsigned long runs_from(const state *s)
{
    uint64_t key = key_of(s);
    unsigned long runs = place_of(key)->runs;
    if (runs != 0 || result->is_too_large)
        return runs;
    for (int i = 0; i < SMALL_THREADS && !s->has_exited; i++) {
        for (int way = 0, n = ways(s, i); way < n; way++) {
            state next = *s;
            do_step(&next, i, way);
            runs += runs_from(&next);
        }
    }
    if (runs == 0) {
        end(s);
        runs = 1;
    }
    if (2 * ++states_used >= states_size)
        result->is_too_large = true;
    *place_of(key) = (known){key, runs < MANY ? runs : MANY};
    return runs;
}

reference *reference_of(const small_program *p, size_t most_states)
{
    program = p;
    result = calloc(1, sizeof *result);
    if (result == NULL)
        abort();
    result->verdict = EXPLORER_OK;
    for (states_size = 1; states_size < 2 * most_states;)
        states_size *= 2;
    states = calloc(states_size, sizeof *states);
    if (states == NULL)
        abort();
    states_used = 0;
    state s = {.permits = p->permits};
    s.threads[0].life = LIVE;
    advance(&s, 0);
    result->runs = runs_from(&s);
    free(states);
    return result;
}

void reference_free(reference *r)
{
    free(r->outcome);
    free(r);
}
