/*
 * The search: which run comes next. What it keeps of a run is one node a step;
 * the run itself is repeated from its beginning, up to the node where it takes
 * another turn.
 *
 *   search.c     runs, counts, and keeps the run that failed
 *   choose.c     who does the next step
 *   order.c      the default order of threads, and schedules as text
 *   find.c       few delays first
 *   prove.c      one run of every class
 *   random.c     runs at random
 *   jobs.c       the same, by several processes
 *   simplify.c   runs that follow a schedule; the failing run made simpler
 *   progress.c   how far it is, and whether it is to stop
 *   cycle.c      runs that come back to where they were
 */
#ifndef EXPLORER_SEARCH_H
#define EXPLORER_SEARCH_H

#include "tests/explorer/engine.h"

typedef struct node {
    uint8_t thread;    /* who did the step; NOBODY: all were blocked */
    uint8_t way, ways; /* the number of its choice, of how many */
    bool is_stuck;
    uint32_t run;         /* in which it came to be */
    uint16_t pick, picks; /* find: which of the turns that could be taken */
    set enabled, todo, done, asleep, spins; /* prove */
} node;

extern node *nodes;

/* A turn that the default order would not have taken. */
typedef struct turn {
    uint32_t step;
    uint8_t thread, way;
    uint8_t from;  /* the thread that ran before, */
    uint32_t done; /* after so many steps of its own: not in a text */
} turn;

typedef struct schedule {
    turn *turns;
    size_t count, room;
    /* Words that are one thread's own, of which the run must know from its
     * beginning that others use them: then steps are counted alike. */
    uintptr_t *words;
    size_t word_count, word_room;
} schedule;

/* The search at hand. */
typedef struct search_state {
    uint32_t depth;  /* nodes of the last run */
    uint32_t prefix; /* nodes of this run that are given */
    /* this run */
    set next_asleep;   /* for the node that comes */
    unsigned delays;   /* so far */
    bool was_cut;      /* all who could go on are asleep */
    bool was_too_long; /* more than max_steps */
    bool was_endless;  /* it is meant to go on for ever */
    bool is_round;     /* it came back to a state it had been in */
    bool has_race;
    uint32_t race[2]; /* the steps of its first race */
    /* all runs */
    unsigned bound; /* of find: delays in a run */
    bool could_delay_more;
    bool is_forced;    /* runs follow a schedule, then the default order */
    bool is_played;    /* or what a player chooses: play/ */
    bool proves;       /* one run of a class */
    bool seeks_cycles; /* goes through all states, not all runs */
    bool shares_more;  /* than the run before knew */
    bool was_any_too_long, was_any_round, was_any_endless, is_out_of_time;
    explorer_verdict best;           /* of the runs so far: the gravest */
    uint32_t best_steps;             /* until it failed */
    bool ends_at_race;               /* it never ended, or would not in time */
    uint64_t steps, steps_past_race; /* of all runs */
    unsigned long race_found_at;     /* or a leak: how many runs; 0: none yet */
    const schedule *given; /* the steps with which all runs begin; NULL: none */
} search_state;

extern search_state seek;
extern explorer_result *result;

typedef void scenario_body(void);

/* --- search.c --- */

explorer_result *search(scenario_body *scenario);
void one_run(scenario_body *scenario);
void count_run(void);
enum { PAST_RACE = 2000 }; /* runs, for find and random */
unsigned long runs_so_far(void);
bool has_seen_enough(void);
bool is_over_limit(unsigned long executions);
void begin_again(void);
bool search_classes(scenario_body *scenario, bool (*is_over)(void));
bool search_is_proving(void);
void add_outcome(const char *text);
void copy_run(schedule *to); /* all steps of the run just done */

/* Finds a run that begins with these steps and fails, without making it any
 * simpler. Gives the gravest verdict; seek.shares_more: the steps count for
 * nothing. */
explorer_verdict search_from(
        scenario_body *scenario, const schedule *given, schedule *failing);

/* --- progress.c --- */

void progress_begins(void);
void progress_ends(void);
bool must_stop(uint32_t steps); /* so many since it was asked last */

/* --- jobs.c --- */

/* Does and counts runs first ... end - 1, up to the first that teaches
 * something, which is left to be done. */
void jobs_run(scenario_body *scenario, unsigned long first, unsigned long end);

/* --- choose.c --- */

thread *take(int id, int way);

/* --- order.c --- */

void schedule_add_word(schedule *s, uintptr_t word);

void schedule_add(schedule *s, turn t);
void schedule_copy(schedule *to, const schedule *from);
char *schedule_write(const schedule *s); /* to be freed */
bool schedule_read(const char *text, schedule *s);

/* The turns that could be taken now, in the default order. */
extern turn turns[];
extern int turn_count;
void order_turns(set enabled);
set reluctant_of(set enabled);
bool is_switching_point(const op *o);

/* Places where a data race was seen; find switches there, too. */
void add_racy(uintptr_t pc);
void forget_racy(void);
bool has_new_racy_place(void); /* since this was asked last */

/* --- find.c, random.c, prove.c, simplify.c --- */

thread *choose_by_delays(set enabled);
void search_by_delays(scenario_body *scenario);

thread *choose_quickly(void);
thread *choose_at_random(set enabled, set chance);
void search_at_random(scenario_body *scenario);
/* Does run i; whether later ones, or the answer, depend on what it came to. */
bool random_run_teaches(scenario_body *scenario, unsigned long i);

thread *choose_to_prove(set enabled, set chance);
thread *choose_unseen(set all);
void note_disabled(set enabled);
void undone_compete(void);
bool next_to_prove(void);

thread *choose_forced(set enabled, bool would_end);
bool forced_goes_on(void); /* the schedule says more of what comes */
bool forced_is_due(void);  /* and of this step */
void share_by_default(scenario_body *scenario);
void keep_failing_run(scenario_body *scenario, schedule *best);
void replay(scenario_body *scenario, const char *text);
/* A run that is recorded, in which choose_played() answers. */
void run_played(scenario_body *scenario);
thread *choose_played(set enabled); /* play/moves.c */
/* The run that was just played becomes the result. */
void keep_played_run(scenario_body *scenario);

struct explorer_result {
    explorer_verdict verdict;
    char what[256];
    bool has_race, is_complete, is_weak, is_limited;
    unsigned long executions, cut, failures;
    unsigned long found_after; /* so many of both, the first that is as bad */
    unsigned bound;            /* of find: delays */
    char *schedule;
    char **outcomes;
    size_t outcome_count, outcome_room;
    uint32_t race[2];      /* the steps of the race, in the failing run */
    bool shows_race;       /* the race is in the failing run */
    struct report *report; /* of the failing run */
};

#endif
