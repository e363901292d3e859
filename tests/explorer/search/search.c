/*
 * The search: one run after the other, what they came to, and the best of
 * those that failed.
 */
#include "tests/explorer/search/search.h"
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/search/cycle.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/report/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

node *nodes;
search_state seek;
explorer_result *result;
bool search_analyses;

static uint32_t max_steps;
static schedule best;

void search_found_race(uint32_t earlier, uint32_t later)
{
    add_racy(past[earlier].pc);
    add_racy(past[later].pc);
    result->has_race = true;
    if (seek.has_race)
        return;
    seek.has_race = true;
    seek.race[0] = earlier;
    seek.race[1] = later;
    fail(EXPLORER_RACE, "%s and %s use the same memory at the same time",
            thread_name(past[earlier].thread), thread_name(run.self->id));
}

void search_weak(void)
{
    result->is_weak = true;
}

void search_diverged(const thread *t)
{
    place before = name_code(past[run.step].pc);
    refuse("the program is not the same in every run: step %u, by thread %s, "
           "was %s:%d in %s, and after the same steps it is another now",
            run.step + 1, thread_name(t->id), before.file, before.line,
            before.function);
}

bool search_is_proving(void)
{
    return seek.proves && !seek.is_forced;
}

/* Nobody can go on. Whose fault it is, the report will tell. */
static void end_blocked(void)
{
    bool is_lost = false, spins = false, is_live = false;
    for (int i = 0; i < run.threads; i++) {
        const thread *t = &threads[i];
        if (t->state == STOPPED)
            return; /* it failed, and the others wait for it */
        if (t->state != LIVE)
            continue;
        is_live = true;
        spins |= t->spins;
        if (t->op->kind == OP_WAITING) {
            const condition *c = (const condition *)t->op->address;
            is_lost |= c->early != 0 && c->early < t->waits_since;
        }
    }
    if (spins)
        fail(EXPLORER_LIVELOCK, "threads spin for ever");
    else if (is_lost)
        fail(EXPLORER_LOST_WAKEUP, "a signal came before the wait");
    else if (is_live)
        fail(EXPLORER_DEADLOCK, "nobody can go on");
}

thread *take(int i, int way)
{
    threads[i].op->way = (unsigned char)way;
    return &threads[i];
}

static bool looks_for_cycles(void)
{
    return cycle_is_possible &&
           (seek.is_forced || seek.seeks_cycles || seek.proves);
}

/* One thread that changes nothing: it will be seen as spinning. */
static bool is_spinning_alone(void)
{
    return (cycle_moves & (cycle_moves - 1)) == 0 &&
           threads[first_of(cycle_moves)].stretch_from <= cycle_begins;
}

static void look_for_cycle(set enabled)
{
    round_kind round = cycle_look(enabled);
    if (round == FAIR_ROUND && is_spinning_alone())
        round = NO_ROUND;
    if (round == FAIR_ROUND) {
        char who[128] = "";
        for (set s = cycle_moves; s != 0; s &= s - 1) {
            size_t used = strlen(who);
            snprintf(who + used, sizeof who - used, "%s%s",
                    used == 0     ? ""
                    : s & (s - 1) ? ", "
                                  : " and ",
                    thread_name(first_of(s)));
        }
        fail(EXPLORER_LIVELOCK, "%s can go round like this for ever", who);
        seek.is_round = true;
        seek.depth = run.step;
        run_ends();
    }
    bool is_given = run.step < seek.prefix;
    if (seek.seeks_cycles && !is_given &&
            (round == UNFAIR_ROUND || cycle_was_seen())) {
        seek.was_cut = true;
        seek.depth = run.step;
        run_ends();
    }
}

/* As in the run before: nothing needs to be worked out. */
static thread *choose_again(void)
{
    const node *n = &nodes[run.step];
    thread *t = &threads[n->thread];
    if (options.mode == EXPLORER_FIND && !seek.proves) {
        if (n->picks > 1 && seek.delays == seek.bound)
            seek.could_delay_more = true;
        seek.delays += n->pick;
    }
    if (t->state != LIVE)
        search_diverged(t);
    t->spins = false;
    run.is_stuck = n->is_stuck;
    run.is_first_part = true;
    return take(n->thread, past[run.step].way);
}

static struct timespec began;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - began.tv_sec) +
           (double)(now.tv_nsec - began.tv_nsec) / 1e9;
}

static void out_of_time(void)
{
    if (options.max_seconds > 0 && seconds() > options.max_seconds) {
        seek.is_out_of_time = true;
        run_ends();
    }
}

thread *search_choose(void)
{
    if (run.step + 1 < seek.prefix && !seek.is_forced && !seek.seeks_cycles)
        return choose_again();
    run.is_first_part = false;
    if (run.step >= max_steps) {
        seek.was_too_long = true;
        seek.depth = run.step;
        run_ends();
    }
    if ((run.step & 1023) == 1023 && !seek.is_forced)
        out_of_time();
    set enabled = 0, chance = 0;
    run.is_stuck = false;
    for (int again = 0; again < 2 && enabled == 0; again++) {
        chance = 0;
        run.is_stuck = again == 1;
        for (int i = 0; i < run.threads; i++) {
            thread *t = &threads[i];
            if (t->state != LIVE || ways(t) == 0)
                continue;
            if (is_only_spurious(t))
                chance |= ONE(i);
            else
                enabled |= ONE(i);
        }
    }
    seek.depth = run.step + 1;
    if (enabled == 0) {
        node *n = &nodes[run.step];
        bool goes_on = run.step < seek.prefix && !seek.is_forced &&
                       (seek.proves || options.mode != EXPLORER_FIND) &&
                       n->thread != NOBODY;
        if (seek.is_forced)
            goes_on = forced_goes_on() && chance != 0;
        if (!goes_on) {
            if (run.step > 0 && search_is_proving() && run.step >= seek.prefix)
                note_disabled(chance);
            *n = (node){.thread = NOBODY,
                    .todo = chance,
                    .enabled = chance,
                    .asleep = search_is_proving() ? seek.next_asleep : 0};
            end_blocked();
            run_ends();
        }
    }
    if (looks_for_cycles())
        look_for_cycle(enabled);
    if (seek.is_forced)
        return choose_forced(enabled | chance, enabled == 0);
    if (seek.seeks_cycles)
        return choose_unseen(enabled | chance);
    if (options.mode == EXPLORER_FIND && !seek.proves)
        return choose_by_delays(enabled | chance);
    return choose_to_prove(enabled, chance);
}

/* The whole of this run, as turns that each name their thread. */
static void copy_run(schedule *to)
{
    to->count = 0;
    for (uint32_t i = 0; i < run.step; i++)
        schedule_add(to, (turn){i, (uint8_t)threads[past[i].thread].number,
                                 past[i].way});
}

static char *copy_of(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(zeroes(size, 1), text, size);
}

void add_outcome(const char *text)
{
    size_t at = 0;
    while (at < result->outcome_count && strcmp(result->outcomes[at], text) < 0)
        at++;
    if (at < result->outcome_count && strcmp(result->outcomes[at], text) == 0)
        return;
    if (result->outcome_count == result->outcome_room)
        result->outcomes =
                grow(result->outcomes, &result->outcome_room, sizeof(char *));
    memmove(&result->outcomes[at + 1], &result->outcomes[at],
            (result->outcome_count - at) * sizeof *result->outcomes);
    result->outcomes[at] = copy_of(text);
    result->outcome_count++;
}

void one_run(scenario_body *scenario)
{
    seek.was_cut = false;
    seek.was_too_long = false;
    seek.is_round = false;
    seek.next_asleep = 0;
    seek.delays = 0;
    seek.has_race = false;
    search_analyses = search_is_proving();
    model_run(scenario);
    seek.shares_more = memory_shares_more();
}

static void keep_if_best(void)
{
    if (run.verdict <= EXPLORER_OK || run.verdict < seek.best)
        return;
    if (run.verdict == seek.best && seek.best_steps <= run.failed_step)
        return;
    seek.best = run.verdict;
    seek.best_steps = run.failed_step;
    copy_run(&best);
}

void count_run(void)
{
    if (seek.was_too_long || run.is_endless)
        seek.was_any_too_long = true;
    if (seek.is_round)
        seek.was_any_round = true;
    if (seek.was_too_long || seek.was_cut) {
        result->cut++;
    } else if (!seek.is_out_of_time) {
        result->executions++;
        if (run.has_outcome)
            add_outcome(run.outcome);
    }
    keep_if_best();
}

bool is_over_limit(unsigned long limit)
{
    if ((result->executions & 127) == 0 && options.max_seconds > 0 &&
            seconds() > options.max_seconds)
        seek.is_out_of_time = true;
    return seek.is_out_of_time ||
           (limit != 0 && result->executions + result->cut >= limit);
}

/* More is shared than was known, so that runs have more steps than they had:
 * what was seen so far counts for nothing. */
void begin_again(void)
{
    seek.shares_more = false;
    seek.best = EXPLORER_NONE;
    seek.was_any_too_long = seek.was_any_round = false;
    result->executions = result->cut = 0;
    result->has_race = result->is_weak = false;
    while (result->outcome_count > 0)
        free(result->outcomes[--result->outcome_count]);
}

/* Goes through the classes of runs (or, for EXPLORER_BRUTE, all runs) until
 * is_over() says that it is enough, and tells whether it came to the end. */
bool search_classes(scenario_body *scenario, bool (*is_over)(void))
{
    seek.prefix = seek.depth = 0;
    for (;;) {
        one_run(scenario);
        if (seek.shares_more)
            return false;
        if (seek.proves)
            undone_compete();
        count_run();
        bool is_enough = is_over();
        if (!next_to_prove())
            return true;
        if (is_enough)
            return false;
    }
}

static bool is_enough_proof(void)
{
    return (options.stop_at_first && seek.best > EXPLORER_LEAK) ||
           run.is_endless || is_over_limit(options.max_executions);
}

static void prove(scenario_body *scenario)
{
    seek.proves = options.mode == EXPLORER_PROVE;
    bool is_at_end;
    do {
        begin_again();
        is_at_end = search_classes(scenario, is_enough_proof);
    } while (seek.shares_more);
    bool is_bug = seek.best > EXPLORER_RACE;
    result->is_complete = is_at_end && !seek.was_any_too_long &&
                          !seek.was_any_round && !seek.is_out_of_time &&
                          !run.is_endless;
    result->is_limited = !is_at_end && !(is_bug && options.stop_at_first);
    seek.proves = false;
}

static void reserve_nodes(void)
{
    static size_t room;
    max_steps = options.max_steps;
    nodes = reserve(nodes, &room, max_steps + 1, sizeof *nodes);
    clocks_reserve(max_steps);
    cycle_reserve(max_steps + 1);
}

explorer_result *search(scenario_body *scenario)
{
    result = zeroes(1, sizeof *result);
    seek = (search_state){0};
    forget_racy();
    clock_gettime(CLOCK_MONOTONIC, &began);
    model_start();
    memory_share_only(UINT32_MAX, 0);
    reserve_nodes();
    cycle_is_possible = false;
    if (options.mode == EXPLORER_REPLAY)
        replay(scenario, options.schedule);
    else if (options.mode == EXPLORER_FIND)
        search_by_delays(scenario);
    else
        prove(scenario);
    if (seek.best > EXPLORER_OK && options.mode != EXPLORER_REPLAY)
        keep_failing_run(scenario, &best);
    run.self = NULL;
    result->verdict = seek.best;
    if (seek.best <= EXPLORER_OK)
        result->verdict = result->is_limited || seek.was_any_too_long
                                  ? EXPLORER_NONE
                                  : EXPLORER_OK;
    if (result->schedule == NULL)
        result->schedule = copy_of("");
    return result;
}
