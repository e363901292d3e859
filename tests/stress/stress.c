/*
 * The stress test: random operations by several threads, whose recorded
 * histories are checked to be linearizable.
 *
 * A round is short, some twenty calls on a fresh object, so that its history
 * can be judged; there are thousands of rounds. A seed repeats the calls of
 * each round. It does not repeat the order in which the threads run, which is
 * the system's: a violation may take some time to come again.
 *
 * Source of the idea: Lowe, "Testing for linearizability", 2017.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "primitives/must.h"
#include "tests/stress/crew.h"
#include "tests/stress/dice.h"
#include "tests/stress/history.h"
#include "tests/stress/linearize.h"
#include "tests/stress/model.h"
#include "tests/stress/options.h"
#include "tests/stress/plan.h"
#include "tests/stress/report.h"
#include "tests/stress/self_test.h"

typedef struct tally {
    unsigned long histories;
    unsigned long operations;
    unsigned long overlapping; /* histories in which any two calls overlap */
    unsigned long pairs;       /* of calls that overlap */
} tally;

/* 1234567 as 1,234,567; the text has room for any number. */
static const char *grouped(unsigned long number, char text[32])
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%lu", number);
    char *to = text;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return text;
}

/* Each model has its own dice, so that it does the same whichever others are
 * tested before it. */
static dice dice_for(const model *m, const options *o)
{
    dice d = o->seed;
    for (const char *letter = m->name; *letter != '\0'; letter++)
        d = d * 31 + (unsigned char)*letter;
    return d;
}

static void count(tally *t, const history *h, bool verbose)
{
    t->histories++;
    t->operations += h->count;
    if (verbose) {
        unsigned pairs = history_overlaps(h);
        t->pairs += pairs;
        t->overlapping += pairs > 0;
    }
}

static void print_failure(
        const model *m, const options *o, const tally *t, const char *what)
{
    char round[32];
    printf("stress: %s: %s in round %s (seed %lu)\n", m->name, what,
            grouped(t->histories, round), o->seed);
}

/* One word of the name is enough to choose the model. */
static void print_repetition(const model *m, const options *o)
{
    const char *space = strchr(m->name, ' ');
    printf("\nThe same calls again: stress --seed %lu --threads %d %s\n",
            o->seed, o->threads, space != NULL ? space + 1 : m->name);
}

static void print_success(const model *m, const options *o, const tally *t)
{
    char histories[32], operations[32];
    printf("stress: %s: %s histories, %s operations, all linearizable "
           "(seed %lu)\n",
            m->name, grouped(t->histories, histories),
            grouped(t->operations, operations), o->seed);
    if (o->verbose)
        printf("    %.0f%% of the histories have calls that overlap; "
               "%.1f pairs a history\n",
                100.0 * (double)t->overlapping / (double)t->histories,
                (double)t->pairs / (double)t->histories);
}

static double seconds_now(void)
{
    struct timespec at;
    MUST(clock_gettime(CLOCK_MONOTONIC, &at));
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* One round: whether all is well. */
static bool play_round(const model *m, const options *o, dice *d, tally *t)
{
    plan p;
    history h;

    plan_choose(&p, m, o->threads, d);
    bool ended = crew_run(m, &p, &h);
    count(t, &h, o->verbose);
    if (!linearize(m, &p.initial, &h, NULL)) {
        print_failure(m, o, t, "NOT LINEARIZABLE");
        report_violation(m, &p.initial, &h);
    } else if (!ended) {
        print_failure(m, o, t, "HANGS");
        report_hang(m, &p.initial, &h);
    } else {
        return true;
    }
    print_repetition(m, o);
    if (!ended) /* its threads cannot be stopped any more */
        exit(EXIT_FAILURE);
    return false;
}

static bool stress(const model *m, const options *o, double seconds)
{
    dice d = dice_for(m, o);
    tally t = {0};
    double end = seconds_now() + seconds;
    do
        if (!play_round(m, o, &d, &t))
            return false;
    while (seconds_now() < end);
    print_success(m, o, &t);
    return true;
}

int main(int argc, char **argv)
{
    options o = options_read(argc, argv);
    if (!self_test(o.self_test)) /* each time: it takes no time */
        return EXIT_FAILURE;
    if (o.self_test)
        return EXIT_SUCCESS;

    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("stress: seed %lu (it repeats the calls, not their timing)\n",
            o.seed);
    crew_start(o.threads);
    bool good = true;
    for (int i = 0; i < o.model_count && good; i++)
        good = stress(o.models[i], &o, (double)o.seconds / o.model_count);
    crew_stop();
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
