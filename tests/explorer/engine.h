/*
 * What the rooms of the explorer share: the threads of the run at hand, the
 * operations they are about to do, and the doors from one room to another.
 *
 *   fiber     threads of control that take turns
 *   model     what threads, mutexes and the rest mean: when an operation can
 *             be done, and what it does (model.c, pthreads.c, hooks.c, libc.c)
 *   memory    the program's data and heap, put back for every run
 *   clocks    what happened before what: data races, and which steps depend
 *             on each other
 *   search    who goes next, in this run and in the next one
 *   report    the run that failed, for people
 *   play      a person who chooses, in place of the search
 */
#ifndef EXPLORER_ENGINE_H
#define EXPLORER_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/explorer/explorer.h"
#include "tests/explorer/fibers/fiber.h"

enum { MAX_THREADS = 128, NOBODY = 255 };

/* A set of threads. */
__extension__ typedef unsigned __int128 set;
#define ONE(thread) ((set)1 << (thread))

static inline int first_of(set s)
{
    uint64_t low = (uint64_t)s;
    return low != 0 ? __builtin_ctzll(low)
                    : 64 + __builtin_ctzll((uint64_t)(s >> 64));
}

/* --- Operations --- */

typedef enum op_kind {
    OP_READ,
    OP_WRITE,
    OP_LOAD, /* of an atomic */
    OP_STORE,
    OP_UPDATE,  /* read and write of an atomic in one step */
    OP_COMPARE, /* an update if it finds what it expects, else a load */
    OP_FREE,
    OP_LOCK,
    OP_TRYLOCK,
    OP_UNLOCK,
    OP_WAIT,    /* releases the mutex and begins to wait */
    OP_WAITING, /* until it is signalled: then it is an OP_LOCK */
    OP_SIGNAL,
    OP_BROADCAST,
    OP_READ_LOCK, /* of a read-write lock */
    OP_TRY_READ_LOCK,
    OP_WRITE_LOCK,
    OP_TRY_WRITE_LOCK,
    OP_QUEUE, /* a writer says that it waits: readers let it go first */
    OP_READ_UNLOCK,
    OP_WRITE_UNLOCK,
    OP_SPIN_LOCK,
    OP_TRY_SPIN_LOCK,
    OP_SPIN_UNLOCK,
    OP_ARRIVE, /* at a barrier */
    OP_LEAVE,
    OP_ONCE,
    OP_ONCE_DONE,
    OP_TAKE, /* of a semaphore */
    OP_TRYTAKE,
    OP_POST,
    OP_VALUE,
    OP_KEYS, /* a thread sets its value, or ends and destroys them */
    OP_INIT, /* of any object, and its destruction */
    OP_DESTROY,
    OP_CREATE,
    OP_JOIN,
    OP_TRYJOIN,
    OP_DETACH,
    OP_YIELD,
    OP_TIME,     /* reads the clock */
    OP_DEADLINE, /* a wait with a time limit begins */
    OP_SLEEPING, /* until its time has come */
    OP_CHECK,
    OP_EXIT, /* of the process */
    OP_END,  /* of a thread; never waits for its turn */
    OP_OUTPUT,
    OP_ASK,    /* is a thread blocked? */
    OP_UNTIL,  /* a thread is blocked */
    OP_RETURN, /* of a told call, for the report: no step */
    OP_BEGIN,  /* of a callback, in the same way */
} op_kind;

/* How a step touches a thing; depend() says which two do not commute. */
typedef enum touch_kind {
    READS,
    WRITES,
    LOADS,
    STORES,
    FREES,
    LOCKS,
    UNLOCKS,
    FINDS_LOCKED,
    SHARES, /* locks together with others that share */
    UNSHARES,
    FINDS_SHARED,
    FINDS_QUEUE, /* of writers, whom readers let go first */
    QUEUES,
    ARRIVES_EVEN, /* at a barrier, in its rounds 0, 2 ... */
    ARRIVES_ODD,
    COMPLETES_EVEN, /* arrives as the last of the round */
    COMPLETES_ODD,
    ENQUEUES,
    SIGNALS,
    SIGNALS_NOBODY,
    WAKES, /* without a signal */
    TAKES,
    POSTS,
    LOOKS,
    RESETS,
    READS_CLOCK,
    BEGINS_WAIT, /* with a limit: later ones cannot pass before it */
    MOVES_CLOCK,
    EXITS,
} touch_kind;

typedef struct touch {
    uintptr_t address;
    uint32_t size;
    touch_kind kind;
} touch;

typedef struct op {
    op_kind kind;
    int order;         /* of memory, for atomics: __ATOMIC_* */
    uintptr_t address; /* of the object or memory it is about */
    size_t size;
    uintptr_t pc;    /* where the program called */
    uintptr_t frame; /* the stack pointer of the caller */
    uint64_t value;  /* what is written, expected, or asked for */
    const char *text;
    uintptr_t mutex;  /* OP_WAIT, OP_WAITING */
    int64_t deadline; /* in virtual nanoseconds; NEVER */
    bool again; /* OP_LOCK: to leave a wait; OP_WRITE_LOCK: is in the queue */
    bool is_timed;
    bool is_c11;       /* OP_CREATE: the thread's result is an int */
    bool is_weak;      /* an atomic that may be weaker than sequential */
    unsigned char way; /* which of the choices was taken */
} op;

#define NEVER 0

/* Ways to go on, for an operation that has several. */
enum { WAY_DONE, WAY_TIMEOUT, WAY_SPURIOUS };

/* --- Vector clocks --- */

typedef struct clock_vector {
    uint32_t at[MAX_THREADS];
} clock_vector;

/* --- Threads --- */

typedef enum thread_state { ABSENT, LIVE, ENDED, STOPPED } thread_state;

/* The thread was at this operation. */
typedef struct visit {
    uintptr_t pc;
    uint64_t state;   /* of its stack */
    uint64_t values;  /* that it read since the visit before */
    uint32_t stretch; /* the thread's, then */
    uint32_t reads;   /* how many it had done by then */
    uint32_t step;
} visit;

typedef struct reading {
    uintptr_t key;
    uint64_t value;
    uint32_t step;
} reading;

enum { VISITS = 64, CALLS = 64, KEYS = 128, DEEPEST_LOCKS = 8, DEEPEST = 4 };

/* A call of a library, of which the library tells. */
typedef struct told_call {
    const char *name; /* "acquire" */
    uintptr_t object;
    size_t size;
    uint32_t number; /* of the thread's told calls in this run, from 1 */
    bool has_item;   /* which it hands over */
    const void *item;
} told_call;

typedef struct thread {
    /* zero when a run begins */
    thread_state state;
    op *op; /* what it is about to do */
    void *(*body)(void *);
    void *arg;
    void *result;
    bool is_new; /* has not come to its first step */
    bool detached, joined;
    bool is_c11;                            /* its result is an int */
    bool is_uncancellable, is_asynchronous; /* as it asked for */
    void *cleanup; /* of pthread_cleanup_push, the innermost */
    bool spins;    /* waits until something that it read has changed */
    bool has_released, has_acquired;
    int number;   /* of those created in this run, main: 0 */
    int children; /* names do not depend on the order of creation */
    int error;    /* its errno */
    int spurious, timeouts, locks; /* how many it had, and holds */
    unsigned rand;
    uint32_t waits_since;
    uint32_t last; /* its last step, + 1 */
    uint32_t read_count, spin_from, stretch_from;
    uint32_t held[DEEPEST_LOCKS];    /* when it last held so many locks: step */
    uint64_t last_value;             /* that it read */
    uint32_t depth;                  /* of calls */
    uint32_t told_depth, told_count; /* of those that are told of */
    told_call told[DEEPEST]; /* the outermost first: callbacks may call, too */
    uintptr_t own_address;   /* on its stack, that it read last */
    uint32_t own_reads;      /* so many times, with nothing else between */
    /* cleared as far as they are in use */
    clock_vector now;      /* steps that happened before, by dependence */
    clock_vector seen;     /* and by C11's happens-before */
    clock_vector released; /* at its last release fence */
    clock_vector acquired; /* by relaxed loads, for an acquire fence */
    void *keys[KEYS];
    bool has_keys;
    /* kept */
    int id;
    fiber fiber;
    uint32_t stretch; /* counts its changes of what is shared */
    size_t read_room;
    reading *reads;         /* in this stretch */
    visit visits[VISITS];   /* by place in the program */
    uintptr_t calls[CALLS]; /* where each was called from */
} thread;

/* --- The run at hand --- */

typedef struct run_state {
    thread *self;
    uint32_t number;
    uint32_t step;        /* how many steps were done */
    int threads;          /* slots 0 .. threads - 1 may be in use */
    int64_t now;          /* virtual nanoseconds */
    bool is_first_part;   /* repeats what the run before did */
    bool is_stuck;        /* nothing but time can help */
    bool is_slice_over;   /* the thread has run for so long that others come */
    bool ends_now;        /* all has been seen that this run is for */
    uint32_t slice_began; /* at this step */
    uint32_t switches;    /* from threads that could go on, while recording */
    uint32_t last_ask;    /* step + 1: it saw all that was done before */
    set changed;     /* threads whose operation was changed by the last step */
    int created;     /* threads */
    thread *creator; /* waits until its child has come to its first step */
    explorer_verdict verdict;
    uint32_t failed_step; /* how many steps had been done */
    bool is_endless;      /* ended by the watchdog */
    bool is_ours;         /* the explorer itself is at work */
    bool is_late;         /* the watchdog has barked */
    char what[256];
    char outcome[256];
    bool has_outcome;
} run_state;

extern run_state run;
extern thread threads[MAX_THREADS];
extern explorer_options options;

enum { MUTEX_MARK = 0x10c4 };

/* The model's view of the program's objects, in their own storage. */
typedef struct mutex {
    uint32_t owner; /* thread + 1; 0: free */
    uint32_t depth;
    uint32_t is_destroyed;
    uint32_t mark; /* MUTEX_MARK, once it was locked */
    int kind;      /* where glibc has it, for its static initialisers */
} mutex;

typedef struct condition {
    uint64_t waiters[2]; /* a set */
    uint32_t early;      /* step + 1 of the last signal with nobody there */
    uint32_t is_destroyed;
    int clock;
} condition;

typedef struct semaphore {
    uint32_t value;
    uint32_t is_destroyed;
} semaphore;

enum { RECURSIVE_READERS = 16 };

typedef struct rwlock {
    uint32_t writer;  /* thread + 1; 0: none */
    uint32_t readers; /* locks that were taken to read */
    uint32_t queue;   /* writers that wait, if readers let them go first */
    uint32_t is_destroyed;
    uint64_t holders[2];              /* readers, a set */
    uint8_t again[RECURSIVE_READERS]; /* thread + 1, once for each further lock
                                         of a reader; 0: free place */
    int kind;           /* where glibc has it, for its static initialisers */
    uint32_t closed_at; /* step + 1, since when nobody could read; the last such
                           time, if somebody can now */
} rwlock;

typedef struct spinlock {
    uint32_t owner; /* SPIN_FREE + thread + 1; SPIN_FREE; else: there is none */
} spinlock;

enum { SPIN_FREE = 0x5b100000, SPIN_DESTROYED = 0x5b1fffff };

typedef struct barrier {
    uint32_t count;   /* threads of a round; 0: not initialised */
    uint32_t round;   /* goes up when all have come */
    uint32_t arrived; /* in this round */
    uint32_t is_destroyed;
    uint64_t waiting[2]; /* a set */
} barrier;

/* The value of an OP_LEAVE: until the last has come, the thread waits. */
enum { WAITS, LEAVES, LEAVES_AS_SERIAL };

/* A pthread_once_t: ONCE_NEW, ONCE_DONE, or the thread + 2 that runs it. */
enum { ONCE_NEW, ONCE_DONE, ONCE_RUNS };

/* PTHREAD_MUTEX_ADAPTIVE_NP, 3, is a normal one that spins for a while. */
static inline bool is_normal(const mutex *m)
{
    return m->kind == 0 || m->kind == 3;
}

static inline set get_set(const uint64_t half[2])
{
    return (set)half[1] << 64 | half[0];
}

static inline void put_set(uint64_t half[2], set value)
{
    half[0] = (uint64_t)value;
    half[1] = (uint64_t)(value >> 64);
}

static inline set waiters_of(const condition *c)
{
    return get_set(c->waiters);
}

int count_of(set s);

/* A bigger place for an array; `room` is how many elements it has room for. */
void *grow(void *array, size_t *room, size_t element);

/* An array for that many elements, of which memory is used only as far as it is
 * touched; the one before, `array` with *room elements, is kept if it will do. */
void *reserve(void *array, size_t *room, size_t count, size_t element);

/* calloc that ends the process if there is no memory. */
void *zeroes(size_t count, size_t size);

/* These wait for nothing and have only one way to go on, and most steps are
 * such: that is seen without a call. */
static inline bool is_never_asked(op_kind kind)
{
    return kind <= OP_FREE || kind == OP_UNLOCK || kind == OP_TRYLOCK;
}

/* model.c */
void model_start(void);

/* Threads get new slots, in the order in which the next run creates them. */
void model_forget_slots(void);
void model_run(void (*scenario)(void));
void thread_changes(thread *t); /* what is shared: it does not spin */
void step(op *o);               /* waits for its turn, and accounts for it */
int ways(thread *t); /* in how many ways it can go on; 0: it is blocked */
int way_of(const thread *t, int choice);
bool is_blocked(const thread *t); /* waits for others, or for time */
bool is_lock(op_kind kind); /* waits until somebody gives something back */
bool is_try(op_kind kind);  /* the same, without waiting */
/* Who has the lock that the thread's operation wants, or goes first; -1. */
int holder_of(const thread *t, const op *o);
bool is_reluctant(const thread *t); /* only a time-out or less lets it go on */
bool is_only_spurious(const thread *t);
int touches_of(const thread *t, touch *out);
thread *new_thread(thread *creator, void *(*body)(void *), void *arg);
void thread_ends(void *result) __attribute__((noreturn));
void thread_stops(void) __attribute__((noreturn));
void run_ends(void) __attribute__((noreturn));
const char *thread_name(int id);

/* Whose own it is, on the stack or _Thread_local; NULL: nobody's. Asked at each
 * access, most of which are to what is nobody's. */
thread *look_for_owner(uintptr_t address);
static inline thread *owner_of(uintptr_t address)
{
    bool is_perhaps = fiber_is_stack(address) || local_is_near(address);
    return is_perhaps ? look_for_owner(address) : NULL;
}

/* A number for what is the thread's own. */
uint64_t own_state(const thread *t, uint64_t seed);

/* A failure of this run, at the step that is being done. */
void fail(explorer_verdict verdict, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
void fail_and_stop(explorer_verdict verdict, const char *format, ...)
        __attribute__((format(printf, 2, 3), noreturn));
extern bool is_worker; /* of another process, which will say what is wrong */
/* The program cannot be explored: says so and ends the process. */
void refuse(const char *format, ...)
        __attribute__((format(printf, 1, 2), noreturn));

/* calls.c: the told call in which the thread is about to do that; NULL: it does
 * it on its own, or in a callback of the program's, or the insides of calls are
 * to be shown. Asked for people only: it takes microseconds. */
const told_call *told_call_of(const thread *t, const op *o);

/* keys.c, process.c, output.c, hidden.c */
void model_destructors(thread *t);
void process_exits(int status, uintptr_t pc, uintptr_t frame);
const char *run_output(void);
extern bool input_is_taken;                 /* by the explorer, for a game */
const char *name_hidden(uintptr_t address); /* NULL: it is not hidden */

/* search.c: who does the next step. Sets its op->way. */
thread *search_choose(void);
/* Whether a failure ends the run, or only the thread: then the conflicts of the
 * others are still seen. */
bool search_stops_at_failure(void);
/* While classes are gone through: a step that was chosen begins. */
void search_stepped(const thread *t, const touch *touches, int count);

/* record.c: notes the step for the report, if this run is being recorded. */
extern bool is_recording;
void record_step(const thread *t, const op *o);
void record_end(const thread *t);
void record_wait(const thread *t, const op *o); /* if it must, in a told call */
void record_return(
        const thread *t, const op *o, long result, explorer_returns what);
/* A function begins, which was called from there. */
void record_begin(const thread *t, uintptr_t called_from, const op *o);
/* The recorded run is over, and still at hand: how does it end? */
void record_ending(explorer_result *result);

/* arrows.c: in the run that is being recorded, the last step of the thread
 * leaves something at the object, beside what is there or in place of it; or
 * takes what is there, or will have done so when a fence has followed. */
void record_release(const thread *t, uintptr_t object, bool adds);
void record_forget(uintptr_t object); /* what is there */
void record_acquire(const thread *t, uintptr_t object, bool is_done);
void record_fence(const thread *t);
/* The thread that is running lets that one go on. */
void record_wake(const thread *t);

#define HERE  ((uintptr_t)__builtin_return_address(0))
#define FRAME ((uintptr_t)__builtin_dwarf_cfa())

#endif
