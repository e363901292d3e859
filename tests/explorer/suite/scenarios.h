/*
 * What the explorer's suite explores: scenarios in scenarios.c and needles.c,
 * which are compiled for exploring, and the language of the small programs that the
 * suite makes up (see reference.h).
 *
 * The explorer puts the scenarios' data back before each run, so what they are
 * asked to do comes from the suite through functions, explorer_test_*().
 */
#ifndef EXPLORER_SCENARIOS_H
#define EXPLORER_SCENARIOS_H

/* The suite's answers. Calling them is no step. */
int explorer_test_parameter(void);
void explorer_test_run_begins(void);

/* --- Yardsticks: explorer_test_parameter() says how many threads -----------*/

void scenario_lock_add_unlock(void);
void scenario_one_writer(void);
void scenario_naive_philosophers(void);
void scenario_ordered_philosophers(void);
void scenario_store_buffering(void);
void scenario_message_passing(void);
void scenario_read_twice(void);
void scenario_load_then_store(void);
void scenario_load_store_twice(void);
void scenario_setters(void);
void scenario_trylock(void);
void scenario_fetch_add(void);
void scenario_writers_and_reader(void);
void scenario_last_zero(void);
void scenario_indexer(void);
void scenario_filesystem(void);

/* --- What a scenario may do ------------------------------------------------*/

void scenario_heap(void);
void scenario_wait_until_blocked(void);
void scenario_lost_update(void);
void scenario_counted(void);

/* --- Bugs of two among many threads: needles.c -----------------------------*/

void scenario_needle_of_depth_1(void);
void scenario_needle_of_depth_2(void);
void scenario_needle_of_depth_3(void);
void scenario_needle_deadlock(void);
void scenario_needle_lost_update(void);

/* --- Small programs --------------------------------------------------------*/

enum {
    SMALL_THREADS = 8, /* main is thread 0 */
    SMALL_OPS = 48,
    ATOMS = 6,
    PLAINS = 2,
    MUTEXES = 2,
    SEMAPHORES = 1
};

/* The value read last decides SMALL_SKIP and SMALL_CHECK, which are no steps
 * themselves, nor is SMALL_BACK. All others are one; SMALL_WAIT and SMALL_ARRIVE
 * are two, SMALL_ONCE up to three, and SMALL_WRITE_LOCK two if it must wait and
 * readers let writers go first. */
typedef enum small_kind {
    SMALL_END,
    SMALL_LOCK,
    SMALL_UNLOCK,
    SMALL_TRYLOCK, /* reads 1 if it was taken */
    SMALL_WAIT,    /* with mutex 0; there is one condition */
    SMALL_SIGNAL,
    SMALL_BROADCAST,
    SMALL_TAKE,
    SMALL_TRYTAKE, /* reads 1 if it was taken */
    SMALL_POST,
    SMALL_READ_LOCK, /* there is one read-write lock */
    SMALL_WRITE_LOCK,
    SMALL_TRY_READ_LOCK, /* reads 1 if it was taken */
    SMALL_TRY_WRITE_LOCK,
    SMALL_RW_UNLOCK,
    SMALL_ARRIVE, /* at the barrier; reads 1 if it is the serial thread */
    SMALL_ONCE,   /* adds 1 to the last atomic */
    SMALL_LOAD,
    SMALL_STORE,
    SMALL_ADD,
    SMALL_COMPARE, /* from 0; reads what was there */
    SMALL_READ,
    SMALL_WRITE,
    SMALL_YIELD,
    SMALL_CREATE, /* the thread `object` */
    SMALL_JOIN,
    SMALL_DETACH,
    SMALL_LEAVE, /* pthread_exit; no step */
    SMALL_SKIP,  /* `value` operations, if what was read is `object` */
    SMALL_BACK,  /* by `value` operations */
    SMALL_CHECK, /* what was read is not `value` */
    /* With a limit of `value` seconds; they read 1, or 0 if it has passed. Of
     * these the reference knows nothing. */
    SMALL_LOCK_UNTIL,
    SMALL_TAKE_UNTIL,
    SMALL_WAIT_UNTIL,
    SMALL_READ_LOCK_UNTIL,
    SMALL_WRITE_LOCK_UNTIL,
    SMALL_JOIN_UNTIL,
    SMALL_TRYJOIN,
    SMALL_SLEEP,
} small_kind;

/* To store what was read, plus 1. */
enum { READ_PLUS_1 = -1 };

typedef struct small_op {
    small_kind kind;
    int object, value;
} small_op;

/* Goes through the small program that the suite has at hand. */
void scenario_small_program(void);

const small_op *explorer_test_op(int thread, int index);
int explorer_test_permits(void); /* of the semaphore, at first */
int explorer_test_parties(void); /* of the barrier */
int explorer_test_prefers_writers(void);

/* The thread did a step, or read this; what the variables are now. */
void explorer_test_begin(void);
void explorer_test_log(int thread, char what);
void explorer_test_report(const int *atoms, const int *plains);

#endif
