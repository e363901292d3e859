/*
 * Runs at random by several processes, with the answer that one would give: a
 * fork has all that is known so far, and run i depends on nothing else. Process
 * k of n does every n-th run, until one of them teaches the search something: a
 * failure, a race, a longer run. What comes after the first such run counts for
 * nothing. The search does that run itself, and has the next ones done.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/explorer/model/model.h"
#include "tests/explorer/search/search.h"

bool is_worker;

/* What all of them see. */
typedef struct board {
    atomic_ulong at[EXPLORER_MOST_JOBS]; /* the run that each is doing */
    atomic_ulong last; /* of interest: the first that taught something */
} board;

/* What a run came to, if it is more than one more execution. Written in one
 * piece: it is smaller than PIPE_BUF. */
typedef struct note {
    unsigned long run;
    bool was_cut;
    char outcome[sizeof run.outcome];
} note;

typedef struct job {
    scenario_body *scenario;
    unsigned long first, end;
    board *board;
    int notes; /* the end of the pipe to write to */
} job;

/* --- A worker --------------------------------------------------------------*/

/* It goes with its parent, who alone hears of signals, and says nothing. */
static void become_worker(void)
{
    is_worker = true;
    options.shows_progress = false;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    watch_for_crashes(); /* a fork has no timer */
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0)
        dup2(nowhere, STDERR_FILENO);
}

static void send_note(const job *j, unsigned long number, bool was_cut)
{
    note n = {.run = number, .was_cut = was_cut};
    if (!was_cut)
        snprintf(n.outcome, sizeof n.outcome, "%s", run.outcome);
    while (write(j->notes, &n, sizeof n) < 0 && errno == EINTR)
        ;
}

static void lower(atomic_ulong *last, unsigned long to)
{
    unsigned long now = atomic_load(last);
    while (to < now && !atomic_compare_exchange_weak(last, &now, to))
        ;
}

static void work(const job *j, unsigned number)
{
    unsigned long i = j->first + number;
    for (; i < j->end; i += options.jobs) {
        unsigned long cut = result->cut;
        size_t outcomes = result->outcome_count;
        atomic_store(&j->board->at[number], i);
        if (i > atomic_load(&j->board->last))
            return;
        if (random_run_teaches(j->scenario, i)) {
            lower(&j->board->last, i);
            return;
        }
        if (result->cut > cut || result->outcome_count > outcomes)
            send_note(j, i, result->cut > cut);
    }
    atomic_store(&j->board->at[number], j->end);
}

static pid_t start_worker(const job *j, unsigned number, int from)
{
    atomic_store(&j->board->at[number], j->first + number);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    close(from);
    become_worker();
    work(j, number);
    _exit(0);
}

/* --- The search ------------------------------------------------------------*/

/* All runs before this one are done. */
static unsigned long done_before(const job *j)
{
    unsigned long least = j->end;
    for (unsigned k = 0; k < options.jobs; k++) {
        unsigned long at = atomic_load(&j->board->at[k]);
        if (at < least)
            least = at;
    }
    return least;
}

static note *notes;
static size_t note_count, note_room;

/* Reads until all workers have ended; for the progress to be seen, executions
 * grow meanwhile. */
static void read_notes(const job *j, int from)
{
    unsigned long before = result->executions;
    struct pollfd ready = {.fd = from, .events = POLLIN};
    ssize_t got = 1;
    for (note_count = 0; got != 0; note_count += got == sizeof *notes) {
        got = -1;
        if (note_count == note_room)
            notes = grow(notes, &note_room, sizeof *notes);
        result->executions = before + done_before(j) - j->first;
        if (must_stop(UINT16_MAX))
            lower(&j->board->last, 0);
        if (poll(&ready, 1, 100) == 1)
            got = read(from, &notes[note_count], sizeof *notes);
    }
    result->executions = before;
}

static void count_runs(const job *j, unsigned long end)
{
    unsigned long cut = 0;
    for (size_t i = 0; i < note_count; i++) {
        if (notes[i].run >= end)
            continue;
        cut += notes[i].was_cut;
        if (!notes[i].was_cut)
            add_outcome(notes[i].outcome);
    }
    result->cut += cut;
    result->executions += end - j->first - cut;
}

void jobs_run(scenario_body *scenario, unsigned long first, unsigned long end)
{
    int ends[2];
    pid_t workers[EXPLORER_MOST_JOBS] = {0};
    board *b = mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE,
            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (b == MAP_FAILED || pipe(ends) != 0)
        refuse("no memory for %u jobs", options.jobs);
    job j = {scenario, first, end, b, ends[1]};
    atomic_store(&b->last, end);
    fflush(stdout); /* it must not be written twice */
    for (unsigned k = 0; k < options.jobs; k++)
        workers[k] = start_worker(&j, k, ends[0]);
    close(ends[1]);
    read_notes(&j, ends[0]);
    close(ends[0]);
    for (unsigned k = 0; k < options.jobs; k++)
        while (workers[k] > 0 && waitpid(workers[k], NULL, 0) < 0 &&
                errno == EINTR)
            ;
    count_runs(&j, done_before(&j));
    munmap(b, sizeof *b);
}
