/*
 * What the test suites share: threads that tell when they are blocked, meeting
 * points, deadlines, faults made to order, and main().
 *
 * A suite is a file tests/test_NAME.c with a function test_suite().
 *
 * Threads of a test meet at gates, never at sleeps. A gate is made of a POSIX
 * semaphore, not of what is being tested.
 */
#ifndef LOCKSTEP_TESTS_SUPPORT_H
#define LOCKSTEP_TESTS_SUPPORT_H

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

/* Defined by each suite. */
Suite *test_suite(void);

/* Adds a test case of its own for a group of tests, with room for a slow
 * machine; a test that deadlocks is ended by Check and reported. */
TCase *add_case(Suite *suite, const char *name);

/* The call gives 0, or that error. */
#define ck_ok(call)           ck_assert_int_eq((call), 0)
#define ck_error(call, error) ck_assert_int_eq((call), (error))

/* --- Threads --- */

typedef struct worker {
    pthread_t thread;
    pid_t tid;
    sem_t started;
    void *(*body)(void *);
    void *arg;
} worker;

/* Starts a thread; returns when it runs. The worker is the caller's storage. */
void start(worker *w, void *(*body)(void *), void *arg);

/* Joins the thread and gives its result. */
void *finish(worker *w);

/* Starts n threads with the same body, and joins them all; thread i gets
 * args + i * size (or args itself, if size is 0). */
void run_threads(unsigned n, void *(*body)(void *), void *args, size_t size);

/* Returns when the thread sleeps in the kernel, or has ended: by then it has
 * usually come to where it blocks. It is a help to reach the interesting case; a test must be
 * right even where a thread was slower than it looked. */
void until_asleep(const worker *w);

/* --- Gates: open() lets one pass() through, whichever comes first --- */

typedef sem_t gate;

void gate_init(gate *g);
void gate_open(gate *g);
void gate_pass(gate *g);

/* --- Deadlines --- */

extern const struct timespec PAST;      /* has passed */
extern const struct timespec FAR_AWAY;  /* the last time there is */
extern const struct timespec NEGATIVE;  /* nanoseconds: -1 */
extern const struct timespec TOO_LARGE; /* nanoseconds: 1,000,000,000 */

/* A wait that must succeed may take so long: Check ends the test before. */
enum { LONG_MS = 3600 * 1000 };

struct timespec now(void);            /* CLOCK_MONOTONIC */
struct timespec in_ms(long ms);       /* reckoned without the library */
long ms_since(struct timespec begin); /* whole milliseconds, rounded down */
bool is_before(struct timespec a, struct timespec b);

/* --- Signals --- */

/* Sends the thread n signals whose handler does nothing, without SA_RESTART;
 * between them it waits until the thread sleeps again. */
void interrupt(const worker *w, unsigned n);

/* --- Faults: the nth call that takes resources, counted from 1, fails --- */

/* From here on, in the calling thread, the nth of malloc, calloc, realloc,
 * pthread_create, pthread_key_create, pthread_setspecific, pthread_mutex_init,
 * pthread_cond_init and pthread_condattr_init fails: ENOMEM, or EAGAIN for
 * threads and keys. */
void fault_arm(unsigned nth);

/* Ends that, and tells whether a call was made to fail. */
bool fault_disarm(void);

/* What the library has taken and not given back: memory blocks, threads, keys,
 * mutexes, condition variables and their attributes. */
long fault_held(void);

/* Stops the library's clock at that time; NULL: it goes on as it should. */
void fault_stop_clock(const struct timespec *at);

/* Calls `make` with a fault at each of its calls in turn: it must give an error
 * and hold nothing, until there is no call left to fail; then it must succeed,
 * and `unmake` give everything back. */
void check_faults(int (*make)(void), int (*unmake)(void));

#endif
