/*
 * Runs that follow a schedule, and the failing run made simpler.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/search/cycle.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/search/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A turn comes at its step, and must be possible there: so a run is replayed. Or
 * it comes when the thread that ran before has done as much as it had then: that
 * still fits when other turns are left out. */
typedef enum fit { BY_STEP, STRICTLY, BY_THREAD } fit;

static schedule wanted, taken;
static size_t wanted_at;
static fit wanted_fit;

/* --- How many steps each thread has done -----------------------------------*/

static uint32_t done_by[MAX_THREADS];
static uint32_t counted; /* steps of this run */

static uint32_t done_by_self(void)
{
    for (; counted < run.step; counted++)
        done_by[past[counted].thread]++;
    return done_by[run.self->id];
}

/* --- A run that follows a schedule -----------------------------------------*/

/* What this run did differently from the default order, in which a run ends
 * when only a wakeup without a cause could let it go on. */
static void note_turn(const thread *t, bool would_end)
{
    if (would_end || turns[0].thread != t->id || turns[0].way != t->op->way)
        schedule_add(&taken, (turn){run.step, (uint8_t)t->id, t->op->way,
                                     (uint8_t)run.self->id, done_by_self()});
}

static bool is_among(int id, int way)
{
    for (int i = 0; i < turn_count; i++)
        if (turns[i].thread == id && turns[i].way == way)
            return true;
    return false;
}

/* The turn that comes now; NULL if there is none. A thread is asked only once
 * after each of its steps. */
static const turn *due_turn(void)
{
    if (wanted_fit != BY_THREAD) {
        while (wanted_at < wanted.count &&
                wanted.turns[wanted_at].step < run.step)
            wanted_at++;
        return forced_is_due() ? &wanted.turns[wanted_at] : NULL;
    }
    uint32_t done = done_by_self();
    for (size_t i = 0; i < wanted.count; i++)
        if (wanted.turns[i].done == done &&
                wanted.turns[i].from == run.self->id)
            return &wanted.turns[i];
    return NULL;
}

thread *choose_forced(set enabled, bool would_end)
{
    order_turns(enabled);
    turn chosen = turns[0];
    const turn *w = due_turn();
    if (w != NULL) {
        wanted_at++;
        if (is_among(w->thread, w->way))
            chosen = *w;
        else if (wanted_fit == STRICTLY)
            refuse("the schedule does not fit: step %u should be done by %s, "
                   "which cannot go on there",
                    run.step + 1, thread_name(w->thread));
    }
    thread *t = take(chosen.thread, chosen.way);
    note_turn(t, would_end);
    return t;
}

enum { TRIES = 400 };

bool forced_goes_on(void)
{
    return wanted_at < wanted.count;
}

bool forced_is_due(void)
{
    if (wanted_fit == BY_THREAD)
        return forced_goes_on() && due_turn() != NULL;
    return forced_goes_on() && wanted.turns[wanted_at].step <= run.step;
}

/* It costs time to look for rounds. Unless they are what this is about, it is
 * done when somebody came back to where it was: then from the beginning. */
static void run_forced(scenario_body *scenario, const schedule *s, fit how)
{
    bool looked;
    seek.is_forced = true;
    cycle_is_possible =
            seek.best == EXPLORER_LIVELOCK || seek.best == EXPLORER_NONE;
    wanted_fit = how;
    schedule_copy(&wanted, s);
    do {
        looked = cycle_is_possible;
        wanted_at = 0;
        counted = 0;
        memset(done_by, 0, sizeof done_by);
        taken.count = 0;
        model_forget_slots();
        one_run(scenario);
    } while (cycle_is_possible && !looked);
    seek.is_forced = false;
}

static uint32_t switches(void)
{
    uint32_t n = 0;
    for (uint32_t i = 1; i < run.step; i++)
        n += past[i].thread != past[i - 1].thread;
    return n;
}

static bool runs_as_bad(explorer_verdict verdict)
{
    return run.verdict == verdict && !seek.was_too_long;
}

static void must_fail_again(explorer_verdict verdict)
{
    if (!runs_as_bad(verdict))
        refuse("the program is not the same in every run: one that ended in "
               "%s after %u steps ended in %s when it was repeated",
                explorer_verdict_name(verdict), seek.best_steps,
                explorer_verdict_name(run.verdict == EXPLORER_NONE
                                              ? EXPLORER_OK
                                              : run.verdict));
}

/* A step of the run, and what it touched if that is on the thread's own stack:
 * whether it is a step depends on what is known as shared. */
typedef struct kept_step {
    turn turn;
    uintptr_t own;
    size_t size;
} kept_step;

static kept_step *kept;
static size_t kept_count, kept_room;

static void keep_steps(void)
{
    kept_count = 0;
    for (uint32_t i = 0; i < run.step; i++) {
        const past_step *p = &past[i];
        bool is_own = p->kind < OP_LOAD &&
                      fiber_has(&threads[p->thread].fiber, p->address);
        if (kept_count == kept_room)
            kept = grow(kept, &kept_room, sizeof *kept);
        kept[kept_count++] =
                (kept_step){{.step = i, .thread = p->thread, .way = p->way},
                        is_own ? p->address : 0, p->size};
    }
}

static const schedule nothing;

/* What a replay will know as shared before it begins. */
void share_by_default(scenario_body *scenario)
{
    do
        run_forced(scenario, &nothing, BY_STEP);
    while (seek.shares_more);
}

/* All steps of the run just done, in a program that shares no more of its
 * stacks than this run and the default one do: then a replay, which knows of no
 * other run, counts the steps alike. */
static void forget_other_runs(scenario_body *scenario, schedule *s)
{
    keep_steps();
    memory_share_only(run.number, UINT32_MAX);
    share_by_default(scenario);
    s->count = 0;
    for (size_t i = 0; i < kept_count; i++) {
        turn t = kept[i].turn;
        t.step = (uint32_t)s->count;
        if (kept[i].own == 0 || memory_is_shared(kept[i].own, kept[i].size))
            schedule_add(s, t);
    }
}

typedef struct measure {
    uint32_t switches, turns, steps;
} measure;

static measure measure_run(void)
{
    return (measure){switches(), (uint32_t)taken.count, run.step};
}

static bool is_simpler(measure a, measure b)
{
    if (a.switches != b.switches)
        return a.switches < b.switches;
    if (a.turns != b.turns)
        return a.turns < b.turns;
    return a.steps < b.steps;
}

typedef struct simpler {
    scenario_body *scenario;
    schedule *best; /* so far */
    explorer_verdict verdict;
    measure least;
    uint32_t known; /* what earlier runs shared */
    int tries;
    uint64_t steps; /* of all tries */
} simpler;

/* Without `size` turns before turn `end`: whether that fails alike, and is
 * simpler. */
static bool is_better_without(simpler *t, size_t end, size_t size)
{
    static schedule trial;
    trial.count = 0;
    for (size_t k = 0; k < t->best->count; k++)
        if (k + size < end || k >= end)
            schedule_add(&trial, t->best->turns[k]);
    t->tries++;
    run_forced(t->scenario, &trial, BY_THREAD);
    t->steps += run.step;
    memory_share_only(0, t->known);
    measure now = measure_run();
    if (!runs_as_bad(t->verdict) || seek.shares_more ||
            !is_simpler(now, t->least))
        return false;
    t->least = now;
    schedule_copy(t->best, &taken);
    return true;
}

static bool may_try(const simpler *t)
{
    enum { STEPS = 5000000 };
    return t->tries < TRIES && t->steps < STEPS && !must_stop(run.step);
}

/* Leaves out turns: first half of them, then a quarter and so on, for runs at
 * random have hundreds that are not needed (Zeller, Hildebrandt: "Simplifying
 * and isolating failure-inducing input", 2002); then one at a time, until none
 * can be left out. */
static void leave_out_turns(simpler *t)
{
    for (size_t size = t->best->count / 2; size > 1; size /= 2)
        for (size_t end = t->best->count; end >= size && may_try(t);) {
            if (!is_better_without(t, end, size))
                end -= size;
            if (end > t->best->count)
                end = t->best->count;
        }
    t->tries = 0;
    for (size_t end = t->best->count; end > 0 && may_try(t); end--)
        if (is_better_without(t, end, 1))
            end = t->best->count + 1;
}

/* A race is seen best where the two first meet: after the first access to that
 * place by the one, the other goes on. */
static void meet_earlier(simpler *t)
{
    static schedule trial;
    const past_step *late, *p = past;
    run_forced(t->scenario, t->best, BY_STEP);
    late = &past[seek.race[0]];
    uint32_t race_at = seek.race[1];
    while (p->thread != late->thread || p->kind > OP_COMPARE ||
            p->address != late->address)
        p++;
    uint32_t at = (uint32_t)(p - past) + 1;
    if (at >= seek.race[0])
        return;
    trial.count = 0;
    for (size_t k = 0; k < t->best->count && t->best->turns[k].step < at; k++)
        schedule_add(&trial, t->best->turns[k]);
    schedule_add(
            &trial, (turn){.step = at, .thread = past[seek.race[1]].thread});
    run_forced(t->scenario, &trial, BY_STEP);
    memory_share_only(0, t->known);
    if (runs_as_bad(t->verdict) && !seek.shares_more && seek.race[1] < race_at)
        schedule_copy(t->best, &taken);
}

/* Makes the run simpler, as long as it fails in the same way. */
static void simplify(scenario_body *scenario, schedule *s)
{
    explorer_verdict verdict = seek.best;
    run_forced(scenario, s, BY_STEP);
    must_fail_again(verdict);
    forget_other_runs(scenario, s);
    run_forced(scenario, s, BY_STEP);
    must_fail_again(verdict);
    schedule_copy(s, &taken);
    if (run.is_endless)
        return; /* each try would take seconds */
    simpler t = {scenario, s, verdict, measure_run(), run.number + 1, 0, 0};
    leave_out_turns(&t);
    if (verdict == EXPLORER_RACE)
        meet_earlier(&t);
}

/* The run must fit the schedule, and is noted for the report. */
static void record_run(scenario_body *scenario, const schedule *s)
{
    is_recording = true;
    run_forced(scenario, s, STRICTLY);
    is_recording = false;
}

static bool has_same_turns(const schedule *a, const schedule *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->turns[i].step != b->turns[i].step ||
                a->turns[i].thread != b->turns[i].thread ||
                a->turns[i].way != b->turns[i].way)
            return false;
    return true;
}

/* As another process would replay it, which begins with nothing shared but what
 * the default run shares, and these words. */
static void run_as_replay(scenario_body *scenario, const schedule *s)
{
    memory_share_only(UINT32_MAX, 0);
    share_by_default(scenario);
    for (size_t i = 0; i < s->word_count; i++)
        memory_share(s->words[i], 8);
    memory_shares_more();
    do
        run_forced(scenario, s, BY_STEP);
    while (seek.shares_more);
}

/* If the replay would not be this run, the string must say what it shares. */
static void make_replayable(scenario_body *scenario, schedule *s)
{
    schedule shared = {0};
    run_forced(scenario, s, BY_STEP);
    uint32_t steps = run.step;
    s->word_count = 0;
    for (uintptr_t word = 0; (word = memory_next_shared(word)) != 0;)
        schedule_add_word(&shared, word);
    run_as_replay(scenario, s);
    bool is_same = run.verdict == seek.best && run.step == steps &&
                   has_same_turns(&taken, s);
    for (size_t i = 0; i < shared.word_count && !is_same; i++)
        if (!memory_is_shared(shared.words[i], 8))
            schedule_add_word(s, shared.words[i]);
    if (!is_same)
        run_as_replay(scenario, s);
    free(shared.words);
}

/* This run is the one to be reported. */
static void keep_run(const schedule *s)
{
    result->schedule = schedule_write(s);
    snprintf(result->what, sizeof result->what, "%s", run.what);
    result->shows_race = seek.has_race;
    memcpy(result->race, seek.race, sizeof seek.race);
    record_ending(result);
}

void keep_failing_run(scenario_body *scenario, schedule *best)
{
    explorer_mode mode = options.mode;
    options.mode = EXPLORER_REPLAY;
    simplify(scenario, best);
    if (!run.is_endless)
        make_replayable(scenario, best);
    record_run(scenario, best);
    must_fail_again(seek.best);
    keep_run(best);
    options.mode = mode;
}

void replay(scenario_body *scenario, const char *text)
{
    schedule given = {0};
    if (!schedule_read(text, &given))
        refuse("this is not a schedule: %s", text);
    run_as_replay(scenario, &given);
    seek.ends_at_race = run.verdict == EXPLORER_RACE && seek.was_too_long;
    record_run(scenario, &given);
    if (wanted_at < wanted.count)
        refuse("the schedule does not fit: the run ends after %u steps, and "
               "step %u should be done by %s",
                run.step, wanted.turns[wanted_at].step + 1,
                thread_name(wanted.turns[wanted_at].thread));
    result->executions = 1;
    seek.best = run.verdict;
    if (run.has_outcome)
        add_outcome(run.outcome);
    keep_run(&given);
    free(given.turns);
    free(given.words);
}

void run_played(scenario_body *scenario)
{
    seek.best = EXPLORER_NONE;
    seek.is_played = true;
    is_recording = true;
    run_forced(scenario, &nothing, BY_STEP);
    is_recording = false;
    seek.is_played = false;
}

void keep_played_run(scenario_body *scenario)
{
    static schedule all;
    seek.best = run.verdict;
    copy_run(&all);
    forget_other_runs(scenario, &all);
    run_forced(scenario, &all, BY_STEP);
    must_fail_again(seek.best);
    schedule_copy(&all, &taken);
    if (!run.is_endless)
        make_replayable(scenario, &all);
    record_run(scenario, &all);
    must_fail_again(seek.best);
    keep_run(&all);
}
