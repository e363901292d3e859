/*
 * Delays (Emmi, Qadeer, Rakamaric, POPL 2011): the default order runs a thread
 * until it blocks, and a delay passes over the thread whose turn it is. First
 * all runs without a delay, then with one, and so on.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/search/cycle.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/search/search.h"

enum {
    FEW_DELAYS = 2, /* of the first part */
    MOST_DELAYS = 6,
    FEW_EXECUTIONS = 3000,   /* after so many the second part begins */
    SOME_EXECUTIONS = 10000, /* and after so many more the third */
    MOST_EXECUTIONS = 20000,
    MOST_STEPS = 20000000, /* in all runs */
    CYCLE_RUNS = 50000,
    CYCLE_STEPS = 10000000
};

static uint64_t all_steps;
static unsigned long part_ends; /* at so many executions */

thread *choose_by_delays(set enabled)
{
    node *n = &nodes[run.step];
    order_turns(enabled);
    if (run.step >= seek.prefix) {
        n->pick = 0;
        bool may_switch = run.self->state != LIVE ||
                          turns[0].thread != run.self->id ||
                          is_switching_point(run.self->op);
        n->picks = (uint16_t)(may_switch ? turn_count : 1);
    } else if (n->pick >= turn_count) {
        search_diverged(run.self);
    }
    if (n->picks > 1 && seek.delays == seek.bound)
        seek.could_delay_more = true;
    seek.delays += n->pick;
    n->thread = turns[n->pick].thread;
    n->is_stuck = run.is_stuck;
    return take(n->thread, turns[n->pick].way);
}

static bool next_by_delays(void)
{
    unsigned used = 0;
    for (uint32_t i = 0; i < seek.depth; i++)
        used += nodes[i].pick;
    for (; seek.depth > 0; seek.depth--) {
        node *n = &nodes[seek.depth - 1];
        used -= n->pick;
        if (n->thread != NOBODY && n->pick + 1 < n->picks &&
                used + n->pick + 1 <= seek.bound) {
            n->pick++;
            seek.prefix = seek.depth;
            return true;
        }
    }
    return false;
}

/* Whether there is nothing more to be done, in any part. */
static bool is_search_over(void)
{
    if (has_seen_enough() || all_steps > MOST_STEPS)
        return true;
    bool has_limit = options.max_executions != 0;
    if (!is_over_limit(has_limit ? options.max_executions : MOST_EXECUTIONS))
        return false;
    result->is_limited = seek.is_out_of_time || has_limit;
    return true;
}

static bool is_part_over(void)
{
    all_steps += run.step;
    return seek.shares_more || is_search_over() || runs_so_far() >= part_ends;
}

static void begin_bound(void)
{
    seek.prefix = seek.depth = 0;
    seek.could_delay_more = false;
}

/* All runs with at most so many delays; whether it came to their end. */
static bool search_bound(scenario_body *scenario)
{
    begin_bound();
    for (;;) {
        one_run(scenario);
        count_run();
        if (is_part_over())
            return false;
        if (has_new_racy_place())
            begin_bound(); /* there are more places to switch at */
        else if (!next_by_delays())
            return true;
    }
}

/* Whether no run has more delays than were tried. */
static bool search_bounds(scenario_body *scenario, unsigned most)
{
    for (; seek.bound <= most; seek.bound++) {
        result->bound = seek.bound;
        if (!search_bound(scenario))
            return false;
        if (!seek.could_delay_more)
            return true;
    }
    return false;
}

/* Nothing failed, but a thread came back to where it was: does the program
 * have rounds that it need not leave? */
static void search_cycles(scenario_body *scenario)
{
    seek.seeks_cycles = true;
    cycle_forget();
    seek.prefix = seek.depth = 0;
    unsigned long runs = 0;
    uint64_t steps = 0;
    do {
        one_run(scenario);
        if (seek.is_round)
            count_run();
        steps += run.step;
    } while (!seek.is_round && ++runs < CYCLE_RUNS && steps < CYCLE_STEPS &&
             !must_stop(run.step) && next_to_prove());
    seek.seeks_cycles = false;
}

/* One run of each class, as far as it goes: it finds what needs many delays,
 * and if it comes to its end, nothing is left to be found. */
static bool search_some_classes(scenario_body *scenario)
{
    part_ends = runs_so_far() + SOME_EXECUTIONS;
    seek.proves = true;
    bool is_at_end = search_classes(scenario, is_part_over);
    seek.proves = false;
    return is_at_end && !seek.was_any_too_long && !seek.was_any_round;
}

static void search_in_parts(scenario_body *scenario)
{
    all_steps = 0;
    part_ends = FEW_EXECUTIONS;
    seek.bound = 0;
    bool is_at_end = search_bounds(scenario, FEW_DELAYS);
    if (seek.shares_more || is_search_over())
        return;
    result->is_complete = search_some_classes(scenario);
    if (seek.shares_more || result->is_complete || is_search_over())
        return;
    part_ends = MOST_EXECUTIONS;
    if (!is_at_end)
        search_bounds(scenario, MOST_DELAYS);
    if (!seek.shares_more && seek.best <= EXPLORER_LEAK && cycle_is_possible &&
            !seek.is_out_of_time && seek.given == NULL)
        search_cycles(scenario);
}

void search_by_delays(scenario_body *scenario)
{
    do {
        begin_again();
        search_in_parts(scenario);
    } while (seek.shares_more && seek.given == NULL);
}
