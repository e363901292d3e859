#include "tests/bench/measure.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/report.h"

enum { MAX_ROUNDS = 31 };

static unsigned rounds = MAX_ROUNDS;
static double sample_ns = 20e6; /* how long each is to run in each round */

void compare_quickly(void)
{
    rounds = 5;
    sample_ns = 12e6;
}

unsigned rounds_compared(void)
{
    return rounds;
}

double alone(const trial *trial, work *work)
{
    int64_t begin = processor_ns();
    work(trial, 0);
    return (double)(processor_ns() - begin) / (double)trial->turns;
}

double all_together(const trial *trial, work *work)
{
    return run_together(trial, work) / (double)trial->turns;
}

/* --- Medians --- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value below which that part of the others is; they are in order. */
static double quantile(const double sorted[], size_t n, double part)
{
    double place = part * (double)(n - 1);
    size_t below = (size_t)place;
    double beyond = place - (double)below;
    size_t above = beyond > 0 ? below + 1 : below;
    return sorted[below] + beyond * (sorted[above] - sorted[below]);
}

double median(double values[], size_t n)
{
    qsort(values, n, sizeof values[0], by_value);
    return quantile(values, n, 0.5);
}

/* --- Rounds --- */

/* One go: what the clock says it took, and the figure, which is kept. */
static double go(
        measurement *measure, const trial *trial, work *work, double *figure)
{
    int64_t begin = now_ns();
    *figure = measure(trial, work);
    return (double)(now_ns() - begin);
}

/* The turns that take about half a sample, or up to a whole one. More and more
 * are tried, which also warms up whatever likes to be warm. A go that took long
 * is made again, for something else may have held it up. */
static size_t find_turns(measurement *measure, trial trial, work *work)
{
    double unused;
    for (trial.turns = 1;; trial.turns *= 2) {
        int tries = 3;
        while (tries > 0 && go(measure, &trial, work, &unused) > sample_ns / 2)
            tries--;
        if (tries == 0)
            return trial.turns;
    }
}

/* The turns of the next round, when so many have taken so long. */
static size_t adjust(size_t turns, double took)
{
    if (took < sample_ns / 2)
        return 2 * turns;
    return took > 2 * sample_ns && turns > 1 ? turns / 2 : turns;
}

static double in_unit(enum unit unit, double ns)
{
    switch (unit) {
    case MICROSECONDS:
        return ns / 1e3;
    case MILLIONS_A_SECOND:
        return 1e3 / ns;
    default:
        return ns;
    }
}

static double set_against(aim aim, double ours, double peer)
{
    return aim.kind == MORE_AT_MOST ? ours - peer : ours / peer;
}

/* The row of one contestant; ours is figures[0]. */
static row make_row(
        const contestant *contestant, double figures[][MAX_ROUNDS], size_t nth)
{
    double ratios[MAX_ROUNDS] = {0}, values[MAX_ROUNDS] = {0};
    for (unsigned i = 0; i < rounds; i++) {
        values[i] = figures[nth][i];
        ratios[i] = set_against(contestant->aim, figures[0][i], values[i]);
    }
    row row = {.name = contestant->name, .aim = contestant->aim};
    row.figure = median(values, rounds);
    row.ratio = median(ratios, rounds);
    row.spread =
            (quantile(ratios, rounds, 0.75) - quantile(ratios, rounds, 0.25)) /
            2;
    return row;
}

void compare(const char *what, enum unit unit, measurement *measure,
        trial trial, const contestant contestants[MAX_CONTESTANTS])
{
    double figures[MAX_CONTESTANTS][MAX_ROUNDS] = {0};
    size_t turns[MAX_CONTESTANTS];
    size_t n = 0;
    for (; n < MAX_CONTESTANTS && contestants[n].name != NULL; n++)
        turns[n] = find_turns(measure, trial, contestants[n].work);

    for (unsigned round = 0; round < rounds; round++) {
        for (size_t i = 0; i < n; i++) {
            double ns;
            trial.turns = turns[i];
            double took = go(measure, &trial, contestants[i].work, &ns);
            turns[i] = adjust(turns[i], took);
            figures[i][round] = in_unit(unit, ns);
        }
    }

    report_what(what, unit);
    for (size_t i = 0; i < n; i++) {
        row row = make_row(&contestants[i], figures, i);
        report_row(&row, i == 0);
    }
}

void compare_hand_over(
        const char *what, const contestant contestants[MAX_CONTESTANTS])
{
    char text[64];
    snprintf(text, sizeof text, "%s; on one core", what);
    compare(text, MICROSECONDS, all_together,
            (trial){.threads = 2, .placement = ON_ONE_CORE}, contestants);
    if (!has_two_cores())
        return;
    snprintf(text, sizeof text, "%s; on two cores", what);
    compare(text, MICROSECONDS, all_together,
            (trial){.threads = 2, .placement = ON_TWO_CORES}, contestants);
}
