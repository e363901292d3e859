/*
 * How many executions a second the explorer does, race detection included: the
 * median of several rounds, in each of which the same search is repeated for a
 * while. Memory is what the process has at the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "tests/explorer/explorer.h"

void scenario_2_threads(void);
void scenario_3_threads(void);

enum { ROUNDS = 9 };
static const double ROUND_SECONDS = 0.2;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double rate(void (*scenario)(void), explorer_mode mode)
{
    explorer_options options = explorer_defaults();
    options.mode = mode;
    unsigned long executions = 0;
    double begin = now(), end;
    do {
        explorer_result *result = explorer_run(scenario, &options);
        if (explorer_verdict_of(result) != EXPLORER_OK)
            abort();
        executions += explorer_executions(result);
        explorer_free(result);
        end = now();
    } while (end - begin < ROUND_SECONDS);
    return (double)executions / (end - begin);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(void (*scenario)(void), explorer_mode mode)
{
    double rates[ROUNDS];
    for (int i = 0; i < ROUNDS; i++)
        rates[i] = rate(scenario, mode);
    qsort(rates, ROUNDS, sizeof *rates, compare);
    return rates[ROUNDS / 2];
}

int main(void)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } scenarios[] = {
            {"2 threads", scenario_2_threads},
            {"3 threads", scenario_3_threads},
    };
    printf("explorer: threads that lock, add, unlock; executions a second "
           "(aim for prove: 500000, for random: 1000000)\n");
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        printf("  %s   find %9.0f   prove %9.0f   random %9.0f\n",
                scenarios[i].name, median(scenarios[i].run, EXPLORER_FIND),
                median(scenarios[i].run, EXPLORER_PROVE),
                median(scenarios[i].run, EXPLORER_RANDOM));
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("  at most %ld MiB of memory\n", usage.ru_maxrss / 1024);
    return 0;
}
