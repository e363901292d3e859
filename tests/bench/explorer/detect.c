/*
 * How soon a bug of two threads is found among many that do nothing wrong: runs
 * until it was found, and seconds with the failing run made simpler. For runs
 * at random the median of several seeds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/explorer/explorer.h"
#include "tests/explorer/suite/scenarios.h"

enum { SEEDS = 9, MOST_RUNS = 100000 };
static const double MOST_SECONDS = 1;

static int parameter;

int explorer_test_parameter(void)
{
    return parameter;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

typedef struct finding {
    unsigned long runs;
    double seconds;
    bool is_found;
} finding;

static finding explore(void (*scenario)(void), const explorer_options *options)
{
    double begin = now();
    explorer_result *r = explorer_run(scenario, options);
    finding f = {
            explorer_executions(r), 0, explorer_verdict_of(r) > EXPLORER_LEAK};
    explorer_free(r);
    f.seconds = now() - begin;
    return f;
}

/* What was not found comes last. */
static int compare(const void *a, const void *b)
{
    const finding *x = a, *y = b;
    if (x->is_found != y->is_found)
        return x->is_found ? -1 : 1;
    return (x->runs > y->runs) - (x->runs < y->runs);
}

static void print(finding f, int found, int seeds)
{
    if (f.is_found)
        printf(" %6lu %5.2f s", f.runs, f.seconds);
    else
        printf("      -        ");
    if (seeds > 1)
        printf(" %d/%d", found, seeds);
    fflush(stdout);
}

static void print_find(void (*scenario)(void))
{
    explorer_options options = explorer_defaults();
    options.max_seconds = MOST_SECONDS;
    print(explore(scenario, &options), 0, 1);
}

static void print_random(void (*scenario)(void), unsigned depth)
{
    finding all[SEEDS];
    int found = 0;
    explorer_options options = explorer_defaults();
    options.mode = EXPLORER_RANDOM;
    options.depth = depth;
    options.max_executions = MOST_RUNS;
    options.max_seconds = MOST_SECONDS;
    for (int i = 0; i < SEEDS; i++) {
        options.seed = (unsigned long)i + 1;
        all[i] = explore(scenario, &options);
        found += all[i].is_found;
    }
    qsort(all, SEEDS, sizeof *all, compare);
    print(all[SEEDS / 2], found, SEEDS);
}

int main(void)
{
    static const struct {
        const char *name;
        int threads;
        void (*run)(void);
    } needles[] = {
            {"used before made", 30, scenario_needle_of_depth_1},
            {"two locks, deadlock", 20, scenario_needle_deadlock},
            {"two locks, deadlock", 50, scenario_needle_deadlock},
            {"two locks, deadlock", 100, scenario_needle_deadlock},
            {"seen half done", 30, scenario_needle_of_depth_2},
            {"seen to change", 30, scenario_needle_of_depth_3},
            {"lost update", 100, scenario_needle_lost_update},
    };
    printf("explorer: a bug of two threads among many: runs and seconds until "
           "it is found\n"
           "%-29s %-15s %-19s %-19s %s\n",
            "", "find", " random", " pct 2", " pct 3");
    for (size_t i = 0; i < sizeof needles / sizeof *needles; i++) {
        parameter = needles[i].threads;
        printf("  %-19s %3d", needles[i].name, parameter);
        print_find(needles[i].run);
        for (unsigned depth = 0; depth <= 3; depth += depth == 0 ? 2 : 1)
            print_random(needles[i].run, depth);
        printf("\n");
    }
    return 0;
}
