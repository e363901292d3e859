/*
 * The work that is measured, and the threads that do it.
 */
#ifndef LOCKSTEP_BENCH_THREADS_H
#define LOCKSTEP_BENCH_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where threads run. Left to themselves, two threads that wake each other are
 * now on one core and now on two, and the figures are ten times apart. */
enum placement { ANYWHERE, ON_ONE_CORE, ON_TWO_CORES };

typedef struct trial {
    size_t turns;
    unsigned threads;
    enum placement placement;
    size_t items; /* that a queue has room for, or is filled with */
} trial;

/* The work of one thread, `me`, counted from 0: all turns of the trial. */
typedef void work(const trial *trial, unsigned me);

/*
 * Defines work by what is done in one turn. This is a macro in order that the
 * calls stand in the loop as they would in a program: to reach them by a
 * function pointer would cost nearly as much as some of them take.
 */
#define WORK(name, ...)                                                        \
    static void name(const trial *trial, unsigned me)                          \
    {                                                                          \
        (void)me;                                                              \
        for (size_t turn = 0; turn < trial->turns; turn++)                     \
            __VA_ARGS__                                                        \
    }

/* What threads write is kept on cache lines of its own: otherwise the figures
 * would depend on what happens to lie beside it. */
#define OWN_LINE _Alignas(128)

/* Does the work in the trial's threads, which begin together. Gives the
 * nanoseconds from the first one's begin to the last one's end. */
double run_together(const trial *trial, work *work);

int64_t now_ns(void);       /* CLOCK_MONOTONIC */
int64_t processor_ns(void); /* that this thread has had of the processor */

bool has_two_cores(void);

/* A thread that sleeps until it is dismissed. While there is only one thread,
 * libc leaves out the atomic instructions, and everything looks faster than it
 * is where it is needed. */
void park_a_thread(void);
void dismiss_it(void);

/* Says what went wrong, and aborts: figures of broken things are worthless. */
_Noreturn void give_up(const char *what);

#endif
