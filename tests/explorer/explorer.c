/*
 * The door for C code: explorer.h.
 */
#include "tests/explorer/report/record.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_STEPS = 100000 };

explorer_options explorer_defaults(void)
{
    return (explorer_options){.mode = EXPLORER_FIND,
            .spurious = 1,
            .timeouts = 1,
            .seed = 1,
            .max_steps = MAX_STEPS};
}

explorer_result *explorer_run(
        void (*scenario)(void), const explorer_options *given)
{
    options = given == NULL ? explorer_defaults() : *given;
    if (options.max_steps == 0)
        options.max_steps = MAX_STEPS;
    if (options.depth > EXPLORER_MOST_DEPTH)
        options.depth = EXPLORER_MOST_DEPTH;
    if (options.jobs > EXPLORER_MOST_JOBS)
        options.jobs = EXPLORER_MOST_JOBS;
    return search(scenario);
}

void explorer_free(explorer_result *r)
{
    for (size_t i = 0; i < r->outcome_count; i++)
        free(r->outcomes[i]);
    free(r->outcomes);
    free(r->schedule);
    report_free(r->report);
    free(r);
}

explorer_verdict explorer_verdict_of(const explorer_result *r)
{
    return r->verdict;
}

const char *explorer_verdict_name(explorer_verdict verdict)
{
    static const char *const names[] = {"none", "ok", "race", "leak",
            "livelock", "lost-wakeup", "deadlock", "check", "misuse",
            "use-after-free", "crash"};
    return names[verdict];
}

bool explorer_has_race(const explorer_result *r)
{
    return r->has_race;
}

unsigned long explorer_executions(const explorer_result *r)
{
    return r->executions;
}

unsigned long explorer_failures(const explorer_result *r)
{
    return r->failures;
}

unsigned long explorer_cut(const explorer_result *r)
{
    return r->cut;
}

unsigned long explorer_found_after(const explorer_result *r)
{
    return r->found_after;
}

unsigned explorer_switches(const explorer_result *r)
{
    return r->report == NULL ? 0 : r->report->switches;
}

bool explorer_is_complete(const explorer_result *r)
{
    return r->is_complete;
}

bool explorer_is_sc_only(const explorer_result *r)
{
    return r->is_weak || r->has_race;
}

const char *explorer_schedule(const explorer_result *r)
{
    return r->schedule;
}

const char *explorer_what(const explorer_result *r)
{
    return r->what;
}

size_t explorer_outcomes(const explorer_result *r)
{
    return r->outcome_count;
}

const char *explorer_outcome_at(const explorer_result *r, size_t index)
{
    return r->outcomes[index];
}

void explorer_print_answer(const explorer_result *r)
{
    printf("verdict=%s race=%s executions=%lu cut=%lu complete=%s ",
            explorer_verdict_name(r->verdict), r->has_race ? "yes" : "no",
            r->executions, r->cut, r->is_complete ? "yes" : "no");
    if (options.mode == EXPLORER_RANDOM)
        printf("seed=%lu ", options.seed);
    printf("bounds=");
    if (options.mode == EXPLORER_RANDOM && options.depth > 0)
        printf("depth:%u,", options.depth);
    if (options.mode == EXPLORER_FIND && !r->is_complete)
        printf("delays:%u,", r->bound);
    printf("spurious:%u,timeouts:%u%s\n", options.spurious, options.timeouts,
            explorer_is_sc_only(r) ? " memory=sc" : "");
}
