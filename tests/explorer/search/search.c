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

node *nodes;
search_state seek;
explorer_result *result;
bool search_analyses;

static schedule best;

enum { MANY_STEPS = 20000000 };

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
    run.ends_now = seek.is_forced && seek.ends_at_race;
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

bool search_stops_at_failure(void)
{
    return options.mode != EXPLORER_PROVE && options.mode != EXPLORER_BRUTE;
}

bool search_is_proving(void)
{
    return seek.proves && !seek.is_forced;
}

/* The whole of this run, as turns that each name their thread. */
void copy_run(schedule *to)
{
    to->count = 0;
    for (uint32_t i = 0; i < run.step; i++)
        schedule_add(
                to, (turn){.step = i,
                            .thread = (uint8_t)threads[past[i].thread].number,
                            .way = past[i].way});
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
    seek.was_endless = false;
    seek.is_round = false;
    seek.next_asleep = 0;
    seek.delays = 0;
    seek.has_race = false;
    search_analyses = search_is_proving();
    model_run(scenario);
    seek.shares_more = memory_shares_more();
}

unsigned long runs_so_far(void)
{
    return result->executions + result->cut;
}

static void keep_if_best(void)
{
    if (run.verdict <= EXPLORER_OK || run.verdict < seek.best)
        return;
    if (run.verdict == seek.best && seek.best_steps <= run.failed_step)
        return;
    if (run.verdict > seek.best)
        result->found_after = runs_so_far();
    seek.best = run.verdict;
    seek.best_steps = run.failed_step;
    seek.ends_at_race = run.verdict == EXPLORER_RACE &&
                        (seek.was_too_long || seek.was_endless);
    copy_run(&best);
}

/* Where a run was when it had become too long. */
static char too_long_in[100];

static void note_length(void)
{
    if (too_long_in[0] != '\0' || run.step == 0)
        return;
    const past_step *p = &past[run.step - 1];
    place at = name_code(p->pc);
    snprintf(too_long_in, sizeof too_long_in, "%s is in line %d (%.60s)",
            thread_name(p->thread), at.line, at.function);
}

void count_run(void)
{
    if (seek.was_too_long || run.is_endless)
        seek.was_any_too_long = true;
    if (seek.is_round || seek.was_endless)
        seek.was_any_round = true;
    if (seek.was_too_long)
        note_length();
    seek.was_any_endless |= seek.was_endless;
    seek.steps += run.step;
    if (seek.race_found_at != 0)
        seek.steps_past_race += run.step;
    if (seek.was_too_long || seek.was_cut) {
        result->cut++;
    } else if (!seek.is_out_of_time) {
        result->executions++;
        result->failures += run.verdict > EXPLORER_RACE;
        if (run.has_outcome)
            add_outcome(run.outcome);
    }
    keep_if_best();
}

bool is_over_limit(unsigned long limit)
{
    return must_stop(run.step & 1023) || (limit != 0 && runs_so_far() >= limit);
}

/* Find and random stop at the first failure; past a race or a leak they go on
 * for a while, to see what else there is. */
bool has_seen_enough(void)
{
    if (seek.best > EXPLORER_OK && seek.race_found_at == 0)
        seek.race_found_at = runs_so_far();
    return seek.best > EXPLORER_LEAK || run.is_endless ||
           (seek.race_found_at != 0 &&
                   (runs_so_far() > seek.race_found_at + PAST_RACE ||
                           seek.steps_past_race > MANY_STEPS));
}

/* More is shared than was known, so that runs have more steps than they had:
 * what was seen so far counts for nothing. */
void begin_again(void)
{
    seek.shares_more = false;
    seek.best = EXPLORER_NONE;
    seek.race_found_at = 0;
    seek.was_any_too_long = seek.was_any_round = seek.was_any_endless = false;
    seek.steps = seek.steps_past_race = 0;
    too_long_in[0] = '\0';
    result->executions = result->cut = result->failures = 0;
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

/* When a run is not followed to its end, it will be no proof. */
static bool is_enough_proof(void)
{
    bool will_prove = !seek.was_any_too_long && !seek.was_any_endless;
    return (options.stop_at_first && seek.best > EXPLORER_LEAK) ||
           (!will_prove && seek.steps > MANY_STEPS) || run.is_endless ||
           is_over_limit(options.max_executions);
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
    uint32_t max_steps = options.max_steps;
    nodes = reserve(nodes, &room, max_steps + 1, sizeof *nodes);
    clocks_reserve(max_steps);
    cycle_reserve(max_steps + 1);
}

/* Nothing failed: is that an answer? */
static void tell_why_none(void)
{
    result->verdict = EXPLORER_NONE;
    if (seek.was_any_too_long)
        snprintf(result->what, sizeof result->what,
                "a run has more than %u steps, and then %s: let the program do "
                "less, or give --max-steps",
                options.max_steps, too_long_in);
    else if (seek.was_any_endless)
        snprintf(result->what, sizeof result->what,
                "the program goes on for ever; runs were followed until they "
                "came back to where they had been");
    else if (result->is_limited || seek.is_out_of_time)
        snprintf(result->what, sizeof result->what,
                "the limit came before the end of the search");
    else
        result->verdict = EXPLORER_OK;
}

explorer_verdict search_from(
        scenario_body *scenario, const schedule *given, schedule *failing)
{
    seek = (search_state){.given = given};
    options.mode = EXPLORER_FIND;
    cycle_is_possible = false;
    model_forget_slots();
    progress_begins();
    search_by_delays(scenario);
    progress_ends();
    seek.given = NULL;
    schedule_copy(failing, &best);
    return seek.best;
}

explorer_result *search(scenario_body *scenario)
{
    result = zeroes(1, sizeof *result);
    seek = (search_state){0};
    forget_racy();
    progress_begins();
    model_start();
    memory_share_only(UINT32_MAX, 0);
    reserve_nodes();
    cycle_is_possible = false;
    if (options.mode == EXPLORER_REPLAY)
        replay(scenario, options.schedule);
    else if (options.mode == EXPLORER_FIND)
        search_by_delays(scenario);
    else if (options.mode == EXPLORER_RANDOM)
        search_at_random(scenario);
    else
        prove(scenario);
    progress_ends();
    if (seek.best > EXPLORER_OK && options.mode != EXPLORER_REPLAY)
        keep_failing_run(scenario, &best);
    run.self = NULL;
    result->verdict = seek.best;
    if (seek.best <= EXPLORER_OK)
        tell_why_none();
    if (result->schedule == NULL)
        result->schedule = copy_of("");
    return result;
}
