/*
 * Proves the scenarios of one module, and prints a line for each:
 *
 *     build/prove/lock                 all of them
 *     build/prove/lock "acquire | *"   those with such a name
 *
 * The exit status is 1 if anything is not right.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/prove/prove.h"

/* A proof that takes more runs or seconds is taken for endless, and so is a run
 * of more steps; and who has seen so many wrong scenarios has seen enough. */
enum {
    MOST_RUNS = 1000000,
    MOST_SECONDS = 30,
    MOST_STEPS = 5000,
    MOST_WRONG = 3,
    NAME = 64
};

static prove_scenario chosen;
static unsigned long scenarios, classes, wrong;

const prove_scenario *explorer_prove_chosen(void)
{
    return &chosen;
}

/* The names of its threads, if it has none of its own. */
static void name_of(const prove_scenario *s, char *name)
{
    snprintf(name, NAME, "%s", s->name != NULL ? s->name : s->threads[0].name);
    if (s->name != NULL)
        return;
    for (int i = 1; i < PROVE_THREADS && s->threads[i].name != NULL; i++) {
        size_t length = strlen(name);
        snprintf(name + length, NAME - length, " | %s", s->threads[i].name);
    }
}

static explorer_options options_for(const prove_scenario *s)
{
    explorer_options o = explorer_defaults();
    o.mode = EXPLORER_PROVE;
    o.max_executions = MOST_RUNS;
    o.max_seconds = MOST_SECONDS;
    o.max_steps = MOST_STEPS;
    o.spurious = s->left_out & NO_SPURIOUS ? 0 : 1;
    o.timeouts = s->left_out & NO_TIMEOUTS ? 0 : 1;
    o.stop_at_first = true;
    return o;
}

/* Prints the simplest run that fails, if it can be found. */
static void show_failure(const explorer_result *proof, explorer_options o)
{
    o.mode = EXPLORER_FIND;
    o.max_executions = 0;
    o.max_seconds = MOST_SECONDS / 3.0;
    explorer_result *found = explorer_run(scenario_threads, &o);
    bool is_found = explorer_verdict_of(found) > EXPLORER_OK;
    explorer_print(is_found ? found : proof);
    explorer_free(found);
}

static void print_line(const char *name, unsigned long runs, const char *answer)
{
    printf("  %-50s %7lu  %s\n", name, runs, answer);
}

static const char *answer_of(
        const explorer_result *r, const prove_scenario *s, char *text)
{
    if (explorer_verdict_of(r) != EXPLORER_OK)
        return explorer_verdict_name(explorer_verdict_of(r));
    if (!explorer_is_complete(r))
        return "not proved";
    static const char *const left_out[] = {
            "", " -spurious", " -time-outs", " calm"};
    snprintf(text, NAME, "proved%s%s", left_out[s->left_out],
            explorer_is_sc_only(r) ? " sc" : "");
    return text;
}

/* Fills in what the scenario leaves to its module. */
static void choose(const prove_scenario *s)
{
    const prove_module *m = &scenario_module;
    chosen = *s;
    chosen.begin = s->begin != NULL ? s->begin : m->begin;
    chosen.rescue = s->rescue != NULL ? s->rescue : m->rescue;
    chosen.end = s->end != NULL ? s->end : m->end;
}

/* One of many has a line of its own only if it is wanted by name, or wrong. */
static void explore(
        const prove_scenario *s, const char *wanted, bool is_one_of_many)
{
    char name[NAME], text[NAME];
    name_of(s, name);
    if (wrong == MOST_WRONG || (wanted && fnmatch(wanted, name, 0) != 0))
        return;
    choose(s);
    explorer_options o = options_for(s);
    explorer_result *r = explorer_run(scenario_threads, &o);
    bool is_right =
            explorer_verdict_of(r) == EXPLORER_OK && explorer_is_complete(r);
    if (wanted != NULL || !is_one_of_many || !is_right)
        print_line(name, explorer_executions(r), answer_of(r, s, text));
    scenarios++;
    classes += explorer_executions(r);
    if (!is_right) {
        wrong++;
        show_failure(r, o);
        printf("\n  to see it again: make prove MODULE=%s SCENARIO=\"%s\"\n\n",
                scenario_module.name, name);
    }
    explorer_free(r);
}

static void explore_pairs(const prove_operation *operations, const char *wanted)
{
    for (int a = 0; operations[a].name != NULL; a++)
        for (int b = a; operations[b].name != NULL; b++) {
            prove_scenario pair = {.threads = {operations[a], operations[b]}};
            explore(&pair, wanted, false);
        }
}

/* There are many, so they are told of in one line. */
static void explore_triples(
        const prove_operation *operations, const char *wanted)
{
    unsigned long scenarios_before = scenarios, classes_before = classes;
    for (int a = 0; operations[a].name != NULL; a++)
        for (int b = a; operations[b].name != NULL; b++)
            for (int c = b; operations[c].name != NULL; c++) {
                prove_scenario triple = {.threads = {operations[a],
                                                 operations[b], operations[c]},
                        .left_out = NO_SPURIOUS | NO_TIMEOUTS};
                explore(&triple, wanted, true);
            }
    char name[NAME];
    snprintf(name, NAME, "any three of them: %lu scenarios",
            scenarios - scenarios_before);
    if (wanted == NULL)
        print_line(name, classes - classes_before,
                wrong > 0 ? "see above" : "proved");
}

int main(int argc, char **argv)
{
    const prove_module *m = &scenario_module;
    const char *wanted = argc > 1 ? argv[1] : NULL;
    printf("%s\n", m->name);
    if (m->operations != NULL)
        explore_pairs(m->operations, wanted);
    if (m->operations != NULL && m->has_triples)
        explore_triples(m->operations, wanted);
    for (const prove_scenario *s = m->scenarios;
            s->begin != NULL || s->threads[0].name != NULL || s->name != NULL;
            s++)
        explore(s, wanted, false);
    char total[NAME];
    snprintf(total, NAME, "%s: %lu scenarios", m->name, scenarios);
    print_line(total, classes, wrong < MOST_WRONG ? "in all" : "and no more");
    return wrong > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
