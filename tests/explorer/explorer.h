/*
 * The explorer: runs a plain pthreads program under a scheduler of its own,
 * one thread at a time, and goes through its interleavings systematically.
 *
 * `make explore FILE=program.c` does it for a program with a main. This header
 * does it for a function of a C program, a *scenario*, which must have been
 * compiled for exploring (see docs/explorer.md):
 *
 *     explorer_result *r = explorer_run(scenario, NULL);
 *     ck_assert_int_eq(explorer_verdict_of(r), EXPLORER_OK);
 *     explorer_free(r);
 *
 * The source of the ideas: Musuvathi et al., "Finding and reproducing
 * Heisenbugs in concurrent programs" (OSDI 2008), for running the program
 * itself; Emmi, Qadeer, Rakamaric, "Delay-bounded scheduling" (POPL 2011), for
 * find; Abdulla et al., "Optimal dynamic partial order reduction" (POPL 2014),
 * for prove; Burckhardt et al., "A randomized scheduler with probabilistic
 * guarantees of finding bugs" (ASPLOS 2010), for random with a depth.
 */
#ifndef EXPLORER_H
#define EXPLORER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** What was found, from the least grave to the gravest. */
typedef enum explorer_verdict {
    EXPLORER_NONE, /**< a limit ended the search before it could tell */
    EXPLORER_OK,
    EXPLORER_RACE, /**< a data race, and nothing worse */
    EXPLORER_LEAK, /**< memory that nothing points to any more */
    EXPLORER_LIVELOCK,
    EXPLORER_LOST_WAKEUP,
    EXPLORER_DEADLOCK,
    EXPLORER_CHECK, /**< assert, abort, exit status, explorer_check */
    EXPLORER_MISUSE,
    EXPLORER_USE_AFTER_FREE,
    EXPLORER_CRASH,
} explorer_verdict;

/** How to go through the interleavings. */
typedef enum explorer_mode {
    EXPLORER_FIND,   /**< the simplest failing run first; stops there */
    EXPLORER_PROVE,  /**< one run of each class of equivalent runs */
    EXPLORER_BRUTE,  /**< every run; for tests of prove */
    EXPLORER_REPLAY, /**< one run, given by its schedule */
    EXPLORER_RANDOM  /**< runs at random; stops at the first failure */
} explorer_mode;

enum { EXPLORER_MOST_DEPTH = 32, EXPLORER_MOST_JOBS = 64 };

typedef struct explorer_options {
    explorer_mode mode;
    const char *schedule; /**< for EXPLORER_REPLAY */
    unsigned spurious;    /**< spurious wakeups a thread, 0 for none */
    unsigned timeouts;    /**< early time-outs a thread */
    unsigned long seed;   /**< for EXPLORER_RANDOM: which runs they are */
    unsigned
            depth; /**< for it: of the bug, up to EXPLORER_MOST_DEPTH, by random
                     priorities (PCT); 0: any switch is as likely */
    unsigned jobs; /**< EXPLORER_RANDOM: so many processes; 0: one */
    unsigned long max_executions; /**< 0: the mode's own limit */
    double max_seconds;           /**< 0: no limit */
    unsigned max_steps;           /**< in one run; 0: 100,000 */
    bool stop_at_first;           /**< prove and brute: at the first failure */
    bool shows_progress; /**< in a line on stderr, if that is a terminal */
    bool shows_inside;   /**< all steps of calls that libraries tell of */
} explorer_options;

/** find, one spurious wakeup and one early time-out a thread, no limits. */
explorer_options explorer_defaults(void);

typedef struct explorer_result explorer_result;

/**
 * Explores the function.
 * @param given NULL for explorer_defaults().
 * @returns what was found, to be given to explorer_free(). Ends the process
 *     with status 2 and one line when the scenario cannot be explored.
 */
explorer_result *explorer_run(
        void (*scenario)(void), const explorer_options *given);

/**
 * Lets a person at the standard input choose, step by step, which thread goes
 * next, until the run fails or ends well; after a search for the simplest run
 * that fails, from which hints are taken.
 * @param given as for explorer_run(); its mode and max_executions do not count.
 * @returns whether the bug was reached. Ends the process as explorer_run() does
 *     when the scenario cannot be explored, and when it reads its input, which
 *     is where the choices come from.
 */
bool explorer_play(void (*scenario)(void), const explorer_options *given);

/** Ends the search at hand, with what it knows. A signal handler may call it. */
void explorer_stop(void);

void explorer_free(explorer_result *result);

/** The gravest that was found in any run. */
explorer_verdict explorer_verdict_of(const explorer_result *result);

/** "ok", "race", "deadlock" and so on. */
const char *explorer_verdict_name(explorer_verdict verdict);

/** Whether some run had a data race, whatever else was found. */
bool explorer_has_race(const explorer_result *result);

/** Complete runs, deadlocked ones included. */
unsigned long explorer_executions(const explorer_result *result);

/** In how many of them something worse than a data race happened. */
unsigned long explorer_failures(const explorer_result *result);

/** Runs that were left off, since an equivalent one is counted. */
unsigned long explorer_cut(const explorer_result *result);

/** After how many runs, itself and those left off included, the first was found
 *  that ends as explorer_verdict_of() says; 0: none. Making it simpler takes
 *  more runs, which are not counted anywhere. */
unsigned long explorer_found_after(const explorer_result *result);

/** How many times the failing run goes from a thread to another although the
 *  first could have gone on. Waiting and ending are no such switches. */
unsigned explorer_switches(const explorer_result *result);

/** Whether every class of runs was seen, within the bounds. */
bool explorer_is_complete(const explorer_result *result);

/** Whether weak atomics were in a race, so that C11 allows more runs. */
bool explorer_is_sc_only(const explorer_result *result);

/** The failing run as a short string for EXPLORER_REPLAY; "" if none. */
const char *explorer_schedule(const explorer_result *result);

/** What went wrong, in a sentence; "" if nothing did. */
const char *explorer_what(const explorer_result *result);

/** One step of the failing run. */
typedef struct explorer_step {
    const char *thread;   /**< "main", "A", "B" ... */
    const char *function; /**< in which function of the program */
    const char *file;
    int line;
    const char *text; /**< "read balance = 0", "lock a" */
} explorer_step;

/** How many steps the failing run has; 0 if none failed. */
size_t explorer_steps(const explorer_result *result);
explorer_step explorer_step_at(const explorer_result *result, size_t index);

/** Distinct outcomes that were reported, sorted. With prove: all there are. */
size_t explorer_outcomes(const explorer_result *result);
const char *explorer_outcome_at(const explorer_result *result, size_t index);

/** Whether what is printed is in colour: standard output is a terminal that has
 *  it, and NO_COLOR is not set (no-color.org). */
bool explorer_has_colour(void);

/** Prints the failing run: what went wrong, the code, one column a thread and one
 *  row a step, how it ends, and how to see it again. In colour on a terminal,
 *  unless TERM is "dumb" or NO_COLOR is set. */
void explorer_print(const explorer_result *result);

/** Prints only the table, and what is said after it. */
void explorer_print_timeline(const explorer_result *result);

/**
 * Writes the failing run, or the one that was replayed, as a picture: SVG. If
 * there is none, the picture says so. The same run gives the same bytes.
 * @returns whether all could be written.
 */
bool explorer_write_svg(const explorer_result *result, FILE *to);

/**
 * Writes the answer and the run for other tools, as JSON:
 * docs/explorer-json.md.
 * @returns whether all could be written.
 */
bool explorer_write_json(const explorer_result *result, FILE *to);

/** Prints the answer in one line, for machines. */
void explorer_print_answer(const explorer_result *result);

/* --- For scenarios ---------------------------------------------------------*/

/** A promise: if it is not kept, the calling thread fails and stops. */
void explorer_check(bool ok, const char *what);

/** Calls a program's main and ends the process with its status; the arguments
 *  are as given in every run, whatever the program did to them. */
void explorer_call_main(int (*body)(int count, char **arguments, char **more),
        int count, char **arguments);

/** Reports the outcome of this run; the last report counts. It is copied. */
void explorer_outcome(const char *text);

/** Whether the thread (in the order of creation by this thread's creator;
 *  a pthread_t) waits for something that has not come yet. Asking is a step
 *  that sees all that the thread did. */
bool explorer_is_blocked(unsigned long thread);

/** Waits until the thread is blocked or has ended. */
void explorer_until_blocked(unsigned long thread);

/* --- For libraries ---------------------------------------------------------*/
/* A library may tell of its calls: then a report has one row for each in place
 * of what the call does inside. These are notes, and no steps. told.sh makes
 * functions that give them. */

/** What a call returns. */
typedef enum explorer_returns {
    EXPLORER_NOTHING, /**< or what says nothing to people */
    EXPLORER_ERROR,   /**< 0 or an errno number */
    EXPLORER_TRUTH,   /**< a bool */
    EXPLORER_NUMBER,
    EXPLORER_POINTER /**< to memory for the calling thread alone, or NULL */
} explorer_returns;

/**
 * The thread enters the library, and is inside until explorer_return(); but
 * what the program does in a callback is its own. Such calls may be nested.
 * @param name the verb alone, as a constant: "acquire"
 * @param object what it is done to; it is called by the program's name for it
 * @param size of the object, in bytes
 */
void explorer_call(const char *name, const void *object, size_t size);

/** What the innermost call of explorer_call() hands over: a pointer. It is told
 *  right after that if the caller gives it, and before explorer_return() if the
 *  caller gets it. */
void explorer_item(const void *item);

/** The innermost call of explorer_call() comes back. */
void explorer_return(long result, explorer_returns what);

#endif
