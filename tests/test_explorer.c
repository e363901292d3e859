#include "tests/explorer/explorer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/explorer/suite/reference.h"
#include "tests/explorer/suite/scenarios.h"
#include "tests/support.h"

/* --- What the scenarios ask ------------------------------------------------*/

static int parameter;
static small_program small;
static char small_log[SMALL_THREADS][LOG];

int explorer_test_parameter(void)
{
    return parameter;
}

const small_op *explorer_test_op(int thread, int index)
{
    return &small.ops[thread][index];
}

int explorer_test_permits(void)
{
    return small.permits;
}

int explorer_test_parties(void)
{
    return small.parties;
}

int explorer_test_prefers_writers(void)
{
    return small.prefers_writers;
}

void explorer_test_begin(void)
{
    memset(small_log, 0, sizeof small_log);
}

void explorer_test_log(int thread, char what)
{
    size_t length = strlen(small_log[thread]);
    if (length + 1 < LOG)
        small_log[thread][length] = what;
}

void explorer_test_report(const int *atoms, const int *plains)
{
    char text[OUTCOME];
    outcome_text(text, small_log, atoms, plains);
    explorer_outcome(text);
}

static int runs_begun, stops_in; /* 0: in none */

void explorer_test_run_begins(void)
{
    if (++runs_begun == stops_in)
        explorer_stop();
}

/* --- Exploring -------------------------------------------------------------*/

static unsigned spurious; /* wakeups, in the tests that want any */

static explorer_result *run_mode(
        void (*scenario)(void), explorer_mode mode, unsigned long limit)
{
    explorer_options o = explorer_defaults();
    o.mode = mode;
    o.spurious = spurious;
    o.max_executions = limit;
    return explorer_run(scenario, &o);
}

/* So many runs at random; depth 0: plainly. */
static explorer_result *run_at_random(void (*scenario)(void), unsigned depth,
        unsigned long runs, unsigned long seed, unsigned jobs)
{
    explorer_options o = explorer_defaults();
    o.mode = EXPLORER_RANDOM;
    o.spurious = spurious;
    o.depth = depth;
    o.max_executions = runs;
    o.seed = seed;
    o.jobs = jobs;
    return explorer_run(scenario, &o);
}

/* Proves, and it is complete. */
static explorer_result *prove(void (*scenario)(void), int n)
{
    parameter = n;
    explorer_result *r = run_mode(scenario, EXPLORER_PROVE, 0);
    ck_assert(explorer_is_complete(r));
    return r;
}

static void check_outcomes(
        const explorer_result *r, const char *const *expected)
{
    size_t n = 0;
    for (; expected[n] != NULL; n++) {
        ck_assert_uint_lt(n, explorer_outcomes(r));
        ck_assert_str_eq(explorer_outcome_at(r, n), expected[n]);
    }
    ck_assert_uint_eq(explorer_outcomes(r), n);
}

/* So many classes of runs, and all is well. */
static void check_classes(void (*scenario)(void), int n, unsigned long expected)
{
    explorer_result *r = prove(scenario, n);
    ck_assert_msg(explorer_executions(r) == expected,
            "%d threads: %lu executions instead of %lu", n,
            explorer_executions(r), expected);
    ck_assert_msg(explorer_verdict_of(r) == EXPLORER_OK, "%s: %s",
            explorer_verdict_name(explorer_verdict_of(r)), explorer_what(r));
    ck_assert(!explorer_has_race(r));
    ck_assert_str_eq(explorer_schedule(r), "");
    explorer_free(r);
}

static unsigned long power(unsigned long base, int exponent)
{
    return exponent == 0 ? 1 : base * power(base, exponent - 1);
}

static unsigned long factorial(int n)
{
    return n == 0 ? 1 : (unsigned long)n * factorial(n - 1);
}

/* --- prove: as many executions as there are classes ------------------------*/

START_TEST(locks_are_taken_in_every_order)
{
    check_classes(scenario_lock_add_unlock, _i, factorial(_i));
}
END_TEST

START_TEST(each_reader_comes_before_or_after_the_writer)
{
    explorer_result *r = prove(scenario_one_writer, _i);
    ck_assert_uint_eq(explorer_executions(r), power(2, _i));
    if (_i <= 10) /* all that they can see */
        ck_assert_uint_eq(explorer_outcomes(r), power(2, _i));
    ck_assert_int_eq(explorer_verdict_of(r), EXPLORER_OK);
    explorer_free(r);
}
END_TEST

/* At each fork one of the two comes first, in all ways but the two in which
 * everybody is before the same neighbour. In one of these all are stuck, the
 * other cannot be. Each way is an outcome. */
START_TEST(naive_philosophers_are_stuck_in_one_class)
{
    explorer_result *r = prove(scenario_naive_philosophers, _i);
    ck_assert_uint_eq(explorer_executions(r), power(2, _i) - 1);
    ck_assert_int_eq(explorer_verdict_of(r), EXPLORER_DEADLOCK);
    size_t n = explorer_outcomes(r);
    ck_assert_uint_eq(n, power(2, _i) - 1);
    ck_assert_str_eq(explorer_outcome_at(r, n - 1), "stuck");
    explorer_free(r);
}
END_TEST

START_TEST(ordered_philosophers_eat)
{
    check_classes(scenario_ordered_philosophers, _i, power(2, _i) - 2);
    explorer_result *r = prove(scenario_ordered_philosophers, _i);
    ck_assert_uint_eq(explorer_outcomes(r), power(2, _i) - 2);
    explorer_free(r);
}
END_TEST

/* All but 00. */
START_TEST(store_buffering)
{
    static const char *const all[] = {"01", "10", "11", NULL};
    explorer_result *r = prove(scenario_store_buffering, 2);
    ck_assert_uint_eq(explorer_executions(r), 3);
    check_outcomes(r, all);
    explorer_free(r);
}
END_TEST

/* Who sees the second sees the first. */
START_TEST(message_passing)
{
    static const char *const all[] = {"00", "01", "11", NULL};
    explorer_result *r = prove(scenario_message_passing, 2);
    ck_assert_uint_eq(explorer_executions(r), 3);
    check_outcomes(r, all);
    explorer_free(r);
}
END_TEST

START_TEST(a_variable_never_goes_back)
{
    static const char *const all[] = {"00", "01", "11", NULL};
    explorer_result *r = prove(scenario_read_twice, 2);
    ck_assert_uint_eq(explorer_executions(r), 3);
    check_outcomes(r, all);
    explorer_free(r);
}
END_TEST

/* The stores come in N! orders, and the loads, one by one from that of the last
 * store, find 1, 2, ... N places among them. */
START_TEST(loads_and_stores_of_one_variable)
{
    explorer_result *r = prove(scenario_load_then_store, _i);
    ck_assert_uint_eq(explorer_executions(r), factorial(_i) * factorial(_i));
    ck_assert_uint_eq(explorer_outcomes(r), _i); /* 1 ... N */
    explorer_free(r);
}
END_TEST

/* The orders of the setters, times the places of the waiter: it comes after
 * some of them, or waits before the first; then it has the lock back after the
 * first of them, or the second ... or the last. */
START_TEST(setters_and_a_waiter)
{
    check_classes(scenario_setters, _i, 2 * (unsigned long)_i * factorial(_i));
}
END_TEST

/* k get the lock, in order; each of the others comes while one of them has it.
 */
static unsigned long trylocks(int n)
{
    unsigned long sum = 0;
    for (int k = 1; k <= n; k++)
        sum += factorial(n) / factorial(n - k) * power((unsigned long)k, n - k);
    return sum;
}

START_TEST(a_failed_trylock_is_a_look)
{
    explorer_result *r = prove(scenario_trylock, _i);
    ck_assert_uint_eq(explorer_executions(r), trylocks(_i));
    ck_assert_uint_eq(explorer_outcomes(r), _i);
    ck_assert_int_eq(explorer_verdict_of(r), EXPLORER_OK);
    explorer_free(r);
}
END_TEST

START_TEST(additions_come_in_every_order)
{
    check_classes(scenario_fetch_add, _i, factorial(_i));
}
END_TEST

/* The reader is one more in the order. */
START_TEST(writers_and_a_reader)
{
    explorer_result *r = prove(scenario_writers_and_reader, _i);
    ck_assert_uint_eq(explorer_executions(r), factorial(_i + 1));
    ck_assert_uint_eq(explorer_outcomes(r), _i + 1);
    explorer_free(r);
}
END_TEST

/* Two of the threads want one cell if m * 11 + i is the same for both. Who came
 * second takes the next cell, which nobody else wants. */
static int clashes(int n)
{
    int count = 0;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++)
            for (int m = 1; m <= 4; m++)
                for (int l = 1; l <= 4; l++)
                    count += m * 11 + i == l * 11 + k;
    return count;
}

START_TEST(indexer)
{
    check_classes(scenario_indexer, _i, power(2, clashes(_i)));
}
END_TEST

/* Threads i and i + 13 want the same block; the later one takes the next. */
START_TEST(filesystem)
{
    check_classes(scenario_filesystem, _i, power(2, _i > 13 ? _i - 13 : 0));
}
END_TEST

/* --- The door --------------------------------------------------------------*/

/* Each run begins with the same heap. */
START_TEST(memory_is_allocated_at_the_same_addresses)
{
    explorer_result *r = prove(scenario_heap, 0);
    ck_assert_uint_eq(explorer_executions(r), 2);
    ck_assert_uint_eq(explorer_outcomes(r), 1);
    explorer_free(r);
}
END_TEST

START_TEST(a_scenario_may_wait_until_a_thread_is_blocked)
{
    check_classes(scenario_wait_until_blocked, 1, 1);
    explorer_result *r = prove(scenario_wait_until_blocked, 0);
    ck_assert_int_eq(explorer_verdict_of(r), EXPLORER_LOST_WAKEUP);
    explorer_free(r);
}
END_TEST

START_TEST(a_failing_run_is_told_and_can_be_replayed)
{
    explorer_mode modes[] = {EXPLORER_FIND, EXPLORER_PROVE, EXPLORER_BRUTE};
    for (int i = 0; i < 3; i++) {
        explorer_result *r = run_mode(scenario_lost_update, modes[i], 0);
        ck_assert_int_eq(explorer_verdict_of(r), EXPLORER_CHECK);
        ck_assert(strstr(explorer_what(r), "both are kept") != NULL);
        ck_assert_uint_gt(explorer_steps(r), 4);
        ck_assert_uint_eq(explorer_switches(r), 1);
        ck_assert_uint_gt(explorer_found_after(r), 1);
        ck_assert_uint_le(explorer_found_after(r), explorer_executions(r));
        explorer_step step = explorer_step_at(r, 0);
        ck_assert_str_eq(step.thread, "main");
        ck_assert(strstr(step.file, "scenarios.c") != NULL && step.line > 0);

        explorer_options o = explorer_defaults();
        o.mode = EXPLORER_REPLAY;
        o.schedule = explorer_schedule(r);
        explorer_result *again = explorer_run(scenario_lost_update, &o);
        ck_assert_int_eq(explorer_verdict_of(again), EXPLORER_CHECK);
        ck_assert_uint_eq(explorer_steps(again), explorer_steps(r));
        explorer_free(again);
        explorer_free(r);
    }
}
END_TEST

START_TEST(a_limit_is_kept)
{
    parameter = 4;
    explorer_result *r = run_mode(scenario_lock_add_unlock, EXPLORER_PROVE, 23);
    ck_assert_uint_eq(explorer_executions(r), 23);
    ck_assert(!explorer_is_complete(r));
    ck_assert_int_eq(explorer_verdict_of(r), EXPLORER_NONE);
    explorer_free(r);
}
END_TEST

/* Nothing is left of an exploration in the next one. */
START_TEST(one_exploration_after_the_other)
{
    for (int i = 0; i < 3; i++) {
        check_classes(scenario_setters, 3, 36);
        check_classes(scenario_fetch_add, 2, 2);
        explorer_free(run_mode(scenario_lost_update, EXPLORER_FIND, 0));
    }
}
END_TEST

/* --- Pictures, and JSON ----------------------------------------------------*/

typedef bool writer(const explorer_result *, FILE *);

static char *text_of(const explorer_result *r, writer *write)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(to);
    ck_assert(write(r, to));
    ck_assert_int_eq(fclose(to), 0);
    return text;
}

static explorer_result *replay_of(
        void (*scenario)(void), int n, const char *schedule)
{
    parameter = n;
    explorer_options o = explorer_defaults();
    o.mode = EXPLORER_REPLAY;
    o.schedule = schedule;
    return explorer_run(scenario, &o);
}

static void check_says(const char *text, const char *wanted)
{
    ck_assert_msg(strstr(text, wanted) != NULL, "\"%s\" is missing in:\n%s",
            wanted, text);
}

/* The same run is the same picture, found or replayed, drawn once or twice. */
START_TEST(a_picture_of_the_failing_run)
{
    explorer_result *r = run_mode(scenario_lost_update, EXPLORER_FIND, 0);
    char *once = text_of(r, explorer_write_svg);
    char *twice = text_of(r, explorer_write_svg);
    explorer_result *again =
            replay_of(scenario_lost_update, 0, explorer_schedule(r));
    char *replayed = text_of(again, explorer_write_svg);
    ck_assert_str_eq(once, twice);
    ck_assert_str_eq(once, replayed);

    ck_assert_int_eq(strncmp(once, "<svg ", 5), 0);
    ck_assert_str_eq(once + strlen(once) - 7, "</svg>\n");
    check_says(once, "<title>broken check: both are kept fails");
    check_says(once, "A: load_then_store");
    check_says(once, "overwrites step");
    check_says(once, explorer_schedule(r));
    static const char *const from_elsewhere[] = {
            "<script", "<style", "href=", "url(", " id="};
    for (size_t i = 0; i < 5; i++)
        ck_assert_ptr_null(strstr(once, from_elsewhere[i]));
    free(once);
    free(twice);
    free(replayed);
    explorer_free(again);
    explorer_free(r);
}
END_TEST

/* What goes to stdout meanwhile. */
static char *printed_of(
        const explorer_result *r, void (*print)(const explorer_result *))
{
    FILE *to = tmpfile();
    ck_assert_ptr_nonnull(to);
    fflush(stdout);
    int standard = dup(STDOUT_FILENO);
    ck_assert_int_ge(dup2(fileno(to), STDOUT_FILENO), 0);
    print(r);
    fflush(stdout);
    ck_assert_int_ge(dup2(standard, STDOUT_FILENO), 0);
    close(standard);

    long size = lseek(fileno(to), 0, SEEK_END);
    char *text = calloc((size_t)size + 1, 1);
    rewind(to);
    ck_assert_uint_eq(fread(text, 1, (size_t)size, to), size);
    fclose(to);
    return text;
}

START_TEST(the_timeline_alone_is_part_of_the_report)
{
    explorer_result *r = run_mode(scenario_lost_update, EXPLORER_FIND, 0);
    char *report = printed_of(r, explorer_print);
    char *timeline = printed_of(r, explorer_print_timeline);
    check_says(report, timeline);
    check_says(report, "broken check: both are kept fails, in scenario_lost");
    check_says(report, "replay: ");
    check_says(timeline, "create A, B");
    check_says(timeline, "both are kept fails: x = 1");
    ck_assert_ptr_null(strstr(timeline, "replay"));
    ck_assert_ptr_null(strchr(report, '\033'));
    free(report);
    free(timeline);
    explorer_free(r);
}
END_TEST

START_TEST(json_of_the_failing_run)
{
    explorer_result *r = run_mode(scenario_lost_update, EXPLORER_FIND, 0);
    char *text = text_of(r, explorer_write_json);
    char schedule[80];
    snprintf(schedule, sizeof schedule, "\"schedule\": \"%s\"",
            explorer_schedule(r));
    check_says(text, schedule);
    check_says(text, "\"verdict\": \"check\"");
    check_says(text, "\"kind\": \"store\", \"text\": \"store x = 1\", "
                     "\"object\": \"x\", \"value\": \"1\"");
    check_says(text, "\"mark\": \"overwrites step");
    free(text);
    explorer_free(r);
}
END_TEST

START_TEST(without_a_failing_run_the_picture_and_json_say_so)
{
    explorer_result *r = prove(scenario_lock_add_unlock, 2);
    char *picture = text_of(r, explorer_write_svg);
    char *json = text_of(r, explorer_write_json);
    check_says(picture, "no run fails: 2 executions, all that differ");
    check_says(json, "\"verdict\": \"ok\"");
    check_says(json, "\"steps\": []");
    free(picture);
    free(json);
    explorer_free(r);
}
END_TEST

static bool can_write_to_full(const explorer_result *r, writer *write)
{
    FILE *full = fopen("/dev/full", "w");
    ck_assert_ptr_nonnull(full);
    setvbuf(full, NULL, _IONBF, 0);
    bool is_written = write(r, full);
    fclose(full);
    return is_written;
}

START_TEST(what_cannot_be_written_is_told)
{
    explorer_result *r = prove(scenario_lock_add_unlock, 2);
    ck_assert(!can_write_to_full(r, explorer_write_svg));
    ck_assert(!can_write_to_full(r, explorer_write_json));
    explorer_free(r);
}
END_TEST

/* --- What the arrows say ---------------------------------------------------*/

static int arrows_in(const char *json, const char *kind)
{
    char wanted[40];
    int count = 0;
    snprintf(wanted, sizeof wanted, "{\"kind\": \"%s\"", kind);
    for (const char *at = json; (at = strstr(at, wanted)) != NULL; at++)
        count++;
    return count;
}

/* In the default order, of n threads. */
static void check_arrows(
        void (*scenario)(void), int n, int threads, int releases, int wakes)
{
    explorer_result *r = replay_of(scenario, n, "");
    char *json = text_of(r, explorer_write_json);
    ck_assert_int_eq(explorer_verdict_of(r), EXPLORER_OK);
    ck_assert_int_eq(arrows_in(json, "create"), threads);
    ck_assert_int_eq(arrows_in(json, "join"), threads);
    ck_assert_int_eq(arrows_in(json, "release"), releases);
    ck_assert_int_eq(arrows_in(json, "wake"), wakes);
    free(json);
    explorer_free(r);
}

/* From thread to thread; to the next only, which passes on what it knows. */
START_TEST(arrows_go_from_unlock_to_lock)
{
    check_arrows(scenario_lock_add_unlock, _i, _i, _i - 1, 0);
}
END_TEST

START_TEST(arrows_go_from_atomic_to_atomic)
{
    check_arrows(scenario_fetch_add, _i, _i, _i - 1, 0);
}
END_TEST

/* The second load learns nothing new; nor does that of what was stored first. */
START_TEST(no_arrow_says_what_another_has_said)
{
    check_arrows(scenario_read_twice, 2, 2, 1, 0);
    check_arrows(scenario_message_passing, 2, 2, 1, 0);
}
END_TEST

/* A waits and lets go of the lock, which each setter takes in turn, and A after
 * the last; the first wakes it. */
START_TEST(arrows_go_from_signal_to_wakeup)
{
    check_arrows(scenario_setters, _i, _i + 1, _i + 1, 1);
}
END_TEST

static void check_stop(explorer_mode mode)
{
    parameter = 5;
    runs_begun = 0;
    stops_in = 23;
    explorer_result *r = run_mode(scenario_counted, mode, 0);
    ck_assert_int_eq(runs_begun, stops_in);
    ck_assert_uint_le(explorer_executions(r), 23);
    ck_assert_uint_ge(explorer_executions(r), 22);
    ck_assert_int_eq(explorer_verdict_of(r), EXPLORER_NONE);
    ck_assert(!explorer_is_complete(r));
    explorer_free(r);
    stops_in = 0;
}

/* And only the one that was at hand. */
START_TEST(a_search_can_be_stopped)
{
    check_stop(EXPLORER_FIND);
    check_stop(EXPLORER_PROVE);
    check_stop(EXPLORER_RANDOM);
    check_classes(scenario_counted, 3, 6);
}
END_TEST

/* --- Runs at random --------------------------------------------------------*/

static void check_same(const explorer_result *a, const explorer_result *b)
{
    ck_assert_int_eq(explorer_verdict_of(a), explorer_verdict_of(b));
    ck_assert_uint_eq(explorer_executions(a), explorer_executions(b));
    ck_assert_uint_eq(explorer_cut(a), explorer_cut(b));
    ck_assert_int_eq(explorer_has_race(a), explorer_has_race(b));
    ck_assert_int_eq(explorer_is_sc_only(a), explorer_is_sc_only(b));
    ck_assert_str_eq(explorer_schedule(a), explorer_schedule(b));
    ck_assert_uint_eq(explorer_outcomes(a), explorer_outcomes(b));
    for (size_t i = 0; i < explorer_outcomes(a); i++)
        ck_assert_str_eq(explorer_outcome_at(a, i), explorer_outcome_at(b, i));
}

START_TEST(a_seed_says_which_runs_they_are)
{
    parameter = 20;
    unsigned long counts[10];
    int differ = 0;
    for (unsigned long seed = 0; seed < 10; seed++) {
        unsigned depth = _i == 0 ? 0 : 2;
        explorer_result *r =
                run_at_random(scenario_needle_deadlock, depth, 5000, seed, 1);
        explorer_result *again =
                run_at_random(scenario_needle_deadlock, depth, 5000, seed, 1);
        ck_assert_int_eq(explorer_verdict_of(r), EXPLORER_DEADLOCK);
        check_same(r, again);
        counts[seed] = explorer_executions(r);
        differ += counts[seed] != counts[0];
        explorer_free(r);
        explorer_free(again);
    }
    ck_assert_int_gt(differ, 5);
}
END_TEST

/* The run with number i is the same, however many others there are. */
START_TEST(a_run_depends_on_its_number_alone)
{
    parameter = 10;
    explorer_result *few = run_at_random(scenario_one_writer, 0, 20, 7, 1);
    explorer_result *more = run_at_random(scenario_one_writer, 0, 21, 7, 1);
    for (size_t i = 0; i < explorer_outcomes(few); i++) {
        size_t k = 0;
        while (k < explorer_outcomes(more) &&
                strcmp(explorer_outcome_at(few, i),
                        explorer_outcome_at(more, k)) != 0)
            k++;
        ck_assert_uint_lt(k, explorer_outcomes(more));
    }
    ck_assert_uint_gt(explorer_outcomes(few), 5); /* of 1024 */
    ck_assert_uint_eq(explorer_executions(more), 21);
    ck_assert_int_eq(explorer_verdict_of(more), EXPLORER_OK);
    ck_assert(!explorer_is_complete(more));
    explorer_free(few);
    explorer_free(more);
}
END_TEST

START_TEST(all_outcomes_are_met_at_random)
{
    void (*const scenarios[])(void) = {scenario_load_then_store,
            scenario_message_passing, scenario_store_buffering,
            scenario_trylock, scenario_read_twice, scenario_one_writer};
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        explorer_result *all = prove(scenarios[i], 4);
        explorer_result *r =
                run_at_random(scenarios[i], _i == 0 ? 0 : 6, 10000, 1, 1);
        ck_assert_uint_eq(explorer_executions(r), 10000);
        ck_assert_uint_eq(explorer_outcomes(r), explorer_outcomes(all));
        explorer_free(r);
        explorer_free(all);
    }
}
END_TEST

static bool is_found(void (*scenario)(void), unsigned depth, unsigned long runs,
        unsigned long seed)
{
    explorer_result *r = run_at_random(scenario, depth, runs, seed, 1);
    bool found = explorer_verdict_of(r) > EXPLORER_LEAK;
    explorer_free(r);
    return found;
}

/* With priorities alone a thread runs to its end before a lower one begins. A
 * bug of depth d needs d - 1 changes of them, and with fewer it never shows. */
START_TEST(a_depth_says_which_bugs_are_found)
{
    parameter = 3;
    ck_assert(is_found(scenario_needle_of_depth_1, 1, 100, 1));
    ck_assert(!is_found(scenario_needle_of_depth_2, 1, 3000, 1));
    ck_assert(!is_found(scenario_needle_deadlock, 1, 3000, 1));
    ck_assert(!is_found(scenario_needle_lost_update, 1, 3000, 1));
    ck_assert(is_found(scenario_needle_of_depth_2, 2, 3000, 1));
    ck_assert(is_found(scenario_needle_deadlock, 2, 3000, 1));
    ck_assert(is_found(scenario_needle_lost_update, 2, 3000, 1));
    ck_assert(!is_found(scenario_needle_of_depth_3, 2, 3000, 1));
    ck_assert(is_found(scenario_needle_of_depth_3, 3, 20000, 1));
}
END_TEST

/* One of two threads comes first in half of the runs, however many others there
 * are: of 300 runs, 150 with a standard deviation of 9. */
START_TEST(each_order_of_priorities_is_as_likely)
{
    parameter = _i;
    int found = 0;
    for (unsigned long seed = 1; seed <= 300; seed++)
        found += is_found(scenario_needle_of_depth_1, 1, 1, seed);
    ck_assert_int_gt(found, 100);
    ck_assert_int_lt(found, 200);
}
END_TEST

/* Who has loaded is followed by the other in half of the choices. */
START_TEST(each_thread_is_as_likely)
{
    int found = 0;
    for (unsigned long seed = 1; seed <= 300; seed++)
        found += is_found(scenario_lost_update, 0, 1, seed);
    ck_assert_int_gt(found, 100);
    ck_assert_int_lt(found, 200);
}
END_TEST

/* The promise: a run finds it with a probability of 1/(n k) at least. There are
 * n = 11 threads, with at most 12 choices each, so that it takes 11 * 132 runs on
 * an average; here, where several changes do, far fewer. */
START_TEST(a_bug_of_depth_2_is_found_as_soon_as_promised)
{
    parameter = 10;
    unsigned long runs = 0, n = 11, k = n * 12;
    for (unsigned long seed = 1; seed <= 50; seed++) {
        explorer_result *r = run_at_random(
                scenario_needle_of_depth_2, 2, 20 * n * k, seed, 1);
        ck_assert_int_eq(explorer_verdict_of(r), EXPLORER_CHECK);
        runs += explorer_executions(r);
        explorer_free(r);
    }
    ck_assert_uint_lt(runs / 50, n * k);
    ck_assert_uint_gt(runs / 50, 5); /* it is not found by chance */
}
END_TEST

START_TEST(what_was_found_at_random_can_be_replayed)
{
    void (*const scenarios[])(void) = {scenario_needle_deadlock,
            scenario_needle_lost_update, scenario_needle_of_depth_2};
    parameter = 30;
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        explorer_result *r =
                run_at_random(scenarios[i], _i == 0 ? 0 : 2, 5000, 1, 1);
        explorer_options o = explorer_defaults();
        o.mode = EXPLORER_REPLAY;
        o.schedule = explorer_schedule(r);
        ck_assert_uint_lt(strlen(o.schedule), 60); /* it was made simple */
        explorer_result *again = explorer_run(scenarios[i], &o);
        ck_assert_int_gt(explorer_verdict_of(r), EXPLORER_LEAK);
        ck_assert_int_eq(explorer_verdict_of(again), explorer_verdict_of(r));
        ck_assert_uint_eq(explorer_steps(again), explorer_steps(r));
        explorer_free(again);
        explorer_free(r);
    }
}
END_TEST

static void check_jobs(void (*scenario)(void), unsigned depth, unsigned seed)
{
    explorer_result *one = run_at_random(scenario, depth, 2000, seed, 1);
    for (unsigned jobs = 2; jobs <= 3; jobs++) {
        explorer_result *r = run_at_random(scenario, depth, 2000, seed, jobs);
        check_same(one, r);
        explorer_free(r);
    }
    explorer_free(one);
}

START_TEST(several_processes_give_the_answer_of_one)
{
    unsigned depth = _i == 0 ? 0 : 2;
    for (unsigned seed = 1; seed <= 3; seed++) {
        parameter = 20;
        check_jobs(scenario_needle_deadlock, depth, seed);
        check_jobs(scenario_needle_lost_update, depth, seed);
        parameter = 5;
        check_jobs(scenario_load_then_store, depth, seed);
        check_jobs(scenario_lock_add_unlock, depth, seed);
    }
}
END_TEST

/* --- prove, and a program told in the small language -----------------------*/

static void emit(int thread, small_kind kind, int object, int value)
{
    small_op *o = small.ops[thread];
    while (o->kind != SMALL_END)
        o++;
    ck_assert(o < &small.ops[thread][SMALL_OPS - 1]);
    *o = (small_op){kind, object, value};
}

static void create_and_join(int n)
{
    for (int i = 1; i <= n; i++)
        emit(0, SMALL_CREATE, i, 0);
    for (int i = 1; i <= n; i++)
        emit(0, SMALL_JOIN, i, 0);
}

enum { STATES = 1 << 16 };

static unsigned long reference_classes(void)
{
    reference *r = reference_of(&small, STATES);
    ck_assert(!r->is_too_large);
    unsigned long classes = r->classes;
    reference_free(r);
    return classes;
}

START_TEST(last_zero)
{
    memset(&small, 0, sizeof small);
    create_and_join(_i + 1);
    for (int i = 1; i <= _i; i++) {
        emit(i, SMALL_LOAD, i - 1, 0);
        emit(i, SMALL_STORE, i, READ_PLUS_1);
    }
    for (int i = _i; i >= 0; i--) {
        emit(_i + 1, SMALL_LOAD, i, 0);
        emit(_i + 1, SMALL_SKIP, 0, 2 * i);
    }
    check_classes(scenario_last_zero, _i, reference_classes());
}
END_TEST

/* Each of the four stores may be lost, but not all that came before it: the
 * reference says what is left. */
START_TEST(two_that_load_and_store_twice)
{
    memset(&small, 0, sizeof small);
    create_and_join(2);
    for (int i = 1; i <= 2; i++) {
        for (int k = 0; k < 2; k++) {
            emit(i, SMALL_LOAD, 0, 0);
            emit(i, SMALL_STORE, 0, READ_PLUS_1);
        }
    }
    static const char *const all[] = {"2", "3", "4", NULL};
    explorer_result *r = prove(scenario_load_store_twice, 2);
    ck_assert_uint_eq(explorer_executions(r), reference_classes());
    check_outcomes(r, all);
    explorer_free(r);
}
END_TEST

/* --- Small programs, made up -----------------------------------------------*/

typedef enum phrase_kind {
    UNDER_LOCK,
    UNDER_TWO_LOCKS,
    UNDER_TRYLOCK,
    WAIT_WHILE,
    WAIT_ONCE,
    SET_AND_SIGNAL,
    SET_THEN_SIGNAL,
    SIGNAL_ONLY,
    TAKE,
    TRYTAKE,
    POST,
    LOAD,
    STORE,
    ADD,
    COMPARE,
    LOAD_STORE,
    READ,
    WRITE,
    READ_WRITE,
    YIELD,
    LOAD_CHECK,
    READ_CHECK,
    TO_READ,
    TO_READ_TWICE,
    TO_WRITE,
    TO_UPGRADE,
    TRY_TO_READ,
    TRY_TO_WRITE,
    MEET,
    ONCE,
    PHRASES,
    /* with limits */
    LOCK_UNTIL,
    TAKE_UNTIL,
    WAIT_UNTIL,
    READ_UNTIL,
    WRITE_UNTIL,
    SLEEP,
} phrase_kind;

typedef struct phrase {
    phrase_kind kind;
    unsigned a, b;
} phrase;

enum { WORKERS = 3, LONGEST = 4 };

typedef enum ending { JOINS, DETACHES, RETURNS, LEAVES, ENDINGS } ending;

/* Workers are threads 1 to `workers`; thread 0 is main. */
typedef struct plan {
    int workers;
    ending ending;
    bool by_another; /* the last worker is created by the first */
    bool has_limits;
    int permits, parties;
    bool prefers_writers;
    int lengths[WORKERS + 1];
    phrase phrases[WORKERS + 1][LONGEST];
} plan;

static void emit_access(int thread, unsigned a)
{
    switch (a % 4) {
    case 0:
        emit(thread, SMALL_ADD, (int)(a / 4 % 2), 1);
        break;
    case 1:
        emit(thread, SMALL_LOAD, (int)(a / 4 % 2), 0);
        break;
    case 2:
        emit(thread, SMALL_READ, (int)(a / 4 % PLAINS), 0);
        break;
    default:
        emit(thread, SMALL_WRITE, (int)(a / 4 % PLAINS), READ_PLUS_1);
    }
}

static void emit_signal(int thread, unsigned a)
{
    emit(thread, a % 2 == 0 ? SMALL_SIGNAL : SMALL_BROADCAST, 0, 0);
}

static void emit_rwlock(int t, phrase p)
{
    bool is_try = p.kind == TRY_TO_READ || p.kind == TRY_TO_WRITE;
    switch (p.kind) {
    case TO_READ_TWICE:
        emit(t, SMALL_READ_LOCK, 0, 0);
        emit(t, SMALL_READ_LOCK, 0, 0);
        emit(t, SMALL_RW_UNLOCK, 0, 0);
        break;
    case TO_UPGRADE:
        emit(t, SMALL_READ_LOCK, 0, 0);
        emit(t, SMALL_WRITE_LOCK, 0, 0);
        break;
    case TRY_TO_READ:
        emit(t, SMALL_TRY_READ_LOCK, 0, 0);
        break;
    case TRY_TO_WRITE:
        emit(t, SMALL_TRY_WRITE_LOCK, 0, 0);
        break;
    default:
        emit(t, p.kind == TO_READ ? SMALL_READ_LOCK : SMALL_WRITE_LOCK, 0, 0);
    }
    if (is_try)
        emit(t, SMALL_SKIP, 0, 2);
    emit_access(t, p.b);
    emit(t, SMALL_RW_UNLOCK, 0, 0);
}

/* Where the limit has passed, nothing is given back. */
static void emit_with_limit(int t, phrase p)
{
    static const small_kind kinds[] = {[LOCK_UNTIL] = SMALL_LOCK_UNTIL,
            [TAKE_UNTIL] = SMALL_TAKE_UNTIL,
            [READ_UNTIL] = SMALL_READ_LOCK_UNTIL,
            [WRITE_UNTIL] = SMALL_WRITE_LOCK_UNTIL,
            [SLEEP] = SMALL_SLEEP};
    int seconds = (int)(p.a % 3);
    switch (p.kind) {
    case WAIT_UNTIL:
        emit(t, SMALL_LOCK, 0, 0);
        emit(t, SMALL_WAIT_UNTIL, 0, seconds);
        emit(t, SMALL_UNLOCK, 0, 0);
        break;
    case LOCK_UNTIL:
    case READ_UNTIL:
    case WRITE_UNTIL:
        emit(t, kinds[p.kind], 0, seconds);
        emit(t, SMALL_SKIP, 0, 2);
        emit_access(t, p.b);
        emit(t, p.kind == LOCK_UNTIL ? SMALL_UNLOCK : SMALL_RW_UNLOCK, 0, 0);
        break;
    default:
        emit(t, kinds[p.kind], 0, seconds);
    }
}

static void emit_phrase(int t, phrase p)
{
    if (p.kind > PHRASES) {
        emit_with_limit(t, p);
        return;
    }
    int m = (int)(p.a % MUTEXES), v = (int)(p.a % 2);
    int value = (int)(p.b % 3 + 1);
    switch (p.kind) {
    case UNDER_LOCK:
        emit(t, SMALL_LOCK, m, 0);
        emit_access(t, p.b);
        emit(t, SMALL_UNLOCK, m, 0);
        break;
    case UNDER_TWO_LOCKS:
        emit(t, SMALL_LOCK, m, 0);
        emit(t, SMALL_LOCK, 1 - m, 0);
        emit_access(t, p.b);
        emit(t, SMALL_UNLOCK, p.b % 8 < 4 ? m : 1 - m, 0);
        emit(t, SMALL_UNLOCK, p.b % 8 < 4 ? 1 - m : m, 0);
        break;
    case UNDER_TRYLOCK:
        emit(t, SMALL_TRYLOCK, m, 0);
        emit(t, SMALL_SKIP, 0, 2);
        emit_access(t, p.b);
        emit(t, SMALL_UNLOCK, m, 0);
        break;
    case WAIT_WHILE:
        emit(t, SMALL_LOCK, 0, 0);
        emit(t, SMALL_READ, 0, 0);
        emit(t, SMALL_SKIP, 1, 4);
        emit(t, SMALL_SKIP, 2, 3);
        emit(t, SMALL_SKIP, 3, 2);
        emit(t, SMALL_WAIT, 0, 0);
        emit(t, SMALL_BACK, 0, 5);
        emit(t, SMALL_UNLOCK, 0, 0);
        break;
    case WAIT_ONCE:
        emit(t, SMALL_LOCK, 0, 0);
        emit(t, SMALL_WAIT, 0, 0);
        emit(t, SMALL_UNLOCK, 0, 0);
        break;
    case SET_AND_SIGNAL:
        emit(t, SMALL_LOCK, 0, 0);
        emit(t, SMALL_WRITE, 0, value);
        emit_signal(t, p.a);
        emit(t, SMALL_UNLOCK, 0, 0);
        break;
    case SET_THEN_SIGNAL:
        emit(t, SMALL_LOCK, 0, 0);
        emit(t, SMALL_WRITE, 0, value);
        emit(t, SMALL_UNLOCK, 0, 0);
        emit_signal(t, p.a);
        break;
    case SIGNAL_ONLY:
        emit_signal(t, p.a);
        break;
    case TAKE:
        emit(t, SMALL_TAKE, 0, 0);
        break;
    case TRYTAKE:
        emit(t, SMALL_TRYTAKE, 0, 0);
        break;
    case POST:
        emit(t, SMALL_POST, 0, 0);
        break;
    case LOAD:
        emit(t, SMALL_LOAD, v, 0);
        break;
    case STORE:
        emit(t, SMALL_STORE, v, value);
        break;
    case ADD:
        emit(t, SMALL_ADD, v, 1);
        break;
    case COMPARE:
        emit(t, SMALL_COMPARE, v, value);
        break;
    case LOAD_STORE:
        emit(t, SMALL_LOAD, v, 0);
        emit(t, SMALL_STORE, p.b % 2 ? v : 1 - v, READ_PLUS_1);
        break;
    case READ:
        emit(t, SMALL_READ, v, 0);
        break;
    case WRITE:
        emit(t, SMALL_WRITE, v, value);
        break;
    case READ_WRITE:
        emit(t, SMALL_READ, v, 0);
        emit(t, SMALL_WRITE, p.b % 2 ? v : 1 - v, READ_PLUS_1);
        break;
    case YIELD:
        emit(t, SMALL_YIELD, 0, 0);
        break;
    case LOAD_CHECK:
        emit(t, SMALL_LOAD, v, 0);
        emit(t, SMALL_CHECK, 0, value);
        break;
    case READ_CHECK:
        emit(t, SMALL_READ, v, 0);
        emit(t, SMALL_CHECK, 0, value);
        break;
    case MEET:
        emit(t, SMALL_ARRIVE, 0, 0);
        break;
    case ONCE:
        emit(t, SMALL_ONCE, 0, 0);
        break;
    default:
        emit_rwlock(t, p);
    }
}

static void emit_phrases(const plan *p, int thread)
{
    for (int i = 0; i < p->lengths[thread]; i++)
        emit_phrase(thread, p->phrases[thread][i]);
}

/* If it succeeds, the join that comes next is skipped. */
static void emit_try_to_join(int i)
{
    emit(0, i % 2 == 1 ? SMALL_JOIN_UNTIL : SMALL_TRYJOIN, i, 1);
    emit(0, SMALL_SKIP, 1, 1);
}

static void emit_program(const plan *p)
{
    memset(&small, 0, sizeof small);
    small.permits = p->permits;
    small.parties = p->parties;
    small.prefers_writers = p->prefers_writers;
    int last = p->by_another ? p->workers - 1 : p->workers;
    for (int i = 1; i <= last; i++)
        emit(0, SMALL_CREATE, i, 0);
    if (p->by_another)
        emit(1, SMALL_CREATE, p->workers, 0);
    for (int i = 0; i <= p->workers; i++)
        emit_phrases(p, i);
    small_kind with = p->ending == JOINS ? SMALL_JOIN : SMALL_DETACH;
    if (p->ending <= DETACHES) {
        if (p->by_another)
            emit(1, with, p->workers, 0);
        for (int i = 1; i <= last; i++) {
            if (p->has_limits && with == SMALL_JOIN)
                emit_try_to_join(i);
            emit(0, with, i, 0);
        }
    }
    if (p->ending == LEAVES)
        emit(0, SMALL_LEAVE, 0, 0);
}

/* The same numbers everywhere. */
static uint64_t random_state;

static unsigned random_below(unsigned n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((random_state >> 33) % n);
}

/* Programs that are about one thing show more than those about everything. */
static const phrase_kind themes[][8] = {
        {TAKE, TRYTAKE, POST, TAKE, TRYTAKE, POST, ADD, READ_WRITE},
        {WAIT_WHILE, WAIT_ONCE, WAIT_ONCE, SET_AND_SIGNAL, SET_THEN_SIGNAL,
                SIGNAL_ONLY, SIGNAL_ONLY, UNDER_LOCK},
        {LOAD, STORE, ADD, COMPARE, COMPARE, LOAD_STORE, LOAD_STORE,
                LOAD_CHECK},
        {UNDER_LOCK, UNDER_TWO_LOCKS, UNDER_TRYLOCK, UNDER_TRYLOCK, READ, WRITE,
                READ_CHECK, YIELD},
        {TO_READ, TO_READ, TO_WRITE, TO_READ_TWICE, TO_UPGRADE, TRY_TO_READ,
                TRY_TO_WRITE, TO_WRITE},
        {MEET, MEET, MEET, MEET, ADD, READ_WRITE, MEET, LOAD_STORE},
        {ONCE, ONCE, ONCE, ADD, MEET, TO_READ, LOAD, UNDER_LOCK}};

static phrase random_phrase(unsigned theme)
{
    phrase_kind kind = theme < sizeof themes / sizeof themes[0]
                               ? themes[theme][random_below(8)]
                               : random_below(PHRASES);
    return (phrase){kind, random_below(64), random_below(64)};
}

static plan random_plan(unsigned seed)
{
    random_state = seed;
    random_below(2);
    random_state ^= (uint64_t)seed << 40;
    plan p = {.workers = 2 + (random_below(3) == 0),
            .ending = random_below(2) ? JOINS : random_below(ENDINGS),
            .by_another = random_below(4) == 0,
            .permits = (int)random_below(2),
            .parties = 1 + (int)random_below(3),
            .prefers_writers = random_below(2) == 0};
    unsigned theme = random_below(12);
    int longest = p.workers == 2 ? LONGEST : 2;
    for (int i = 0; i <= p.workers; i++) {
        p.lengths[i] = i == 0 ? (int)random_below(2)
                              : (int)random_below((unsigned)longest + 1);
        for (int k = 0; k < p.lengths[i]; k++)
            p.phrases[i][k] = random_phrase(theme);
    }
    return p;
}

/* --- Small programs, compared ----------------------------------------------*/

enum { MOST_RUNS = 20000 };

static char difference[1024];

static bool differs(const char *what, const char *a, const char *b)
{
    snprintf(difference, sizeof difference, "%s: %s instead of %s", what, a, b);
    return true;
}

static bool differs_in_number(
        const char *what, unsigned long a, unsigned long b)
{
    char one[24], other[24];
    snprintf(one, sizeof one, "%lu", a);
    snprintf(other, sizeof other, "%lu", b);
    return differs(what, one, other);
}

static bool is_as_expected(
        const char *mode, const explorer_result *r, const reference *expected)
{
    char what[64];
    explorer_verdict verdict = explorer_verdict_of(r);
    explorer_verdict should = expected->verdict;
    if (should == EXPLORER_OK && explorer_has_race(r))
        should = EXPLORER_RACE;
    snprintf(what, sizeof what, "%s: verdict", mode);
    if (verdict != should)
        return !differs(what, explorer_verdict_name(verdict),
                explorer_verdict_name(should));
    snprintf(what, sizeof what, "%s: outcomes", mode);
    if (explorer_outcomes(r) != expected->outcomes)
        return !differs_in_number(
                what, explorer_outcomes(r), expected->outcomes);
    for (size_t i = 0; i < expected->outcomes; i++)
        if (strcmp(explorer_outcome_at(r, i), expected->outcome[i]) != 0)
            return !differs(
                    what, explorer_outcome_at(r, i), expected->outcome[i]);
    snprintf(what, sizeof what, "%s: complete", mode);
    if (!explorer_is_complete(r))
        return !differs(what, "no", "yes");
    return true;
}

/* One mode; there must be so many executions. */
static bool finds(explorer_mode mode, const char *name,
        unsigned long executions, const reference *expected, bool *has_race)
{
    char what[64];
    explorer_result *r = run_mode(scenario_small_program, mode, 2 * MOST_RUNS);
    bool is_good = is_as_expected(name, r, expected);
    snprintf(what, sizeof what, "%s: executions", name);
    if (is_good && explorer_executions(r) != executions)
        is_good = !differs_in_number(what, explorer_executions(r), executions);
    *has_race = explorer_has_race(r);
    explorer_free(r);
    return is_good;
}

static bool prove_finds(const reference *expected, bool *has_race)
{
    return finds(
            EXPLORER_PROVE, "prove", expected->classes, expected, has_race);
}

static bool brute_force_finds(const reference *expected, bool *has_race)
{
    return finds(
            EXPLORER_BRUTE, "brute force", expected->runs, expected, has_race);
}

typedef enum answer { AGREE, DIFFER, TOO_LONG } answer;

static unsigned compared; /* with brute force as well */

/* Where brute force would take too long, prove is compared with the reference
 * alone. */
static answer compare_with(const reference *expected)
{
    bool races, races_too;
    if (expected->is_too_large || expected->classes > MOST_RUNS)
        return TOO_LONG;
    if (!prove_finds(expected, &races))
        return DIFFER;
    if (expected->runs > MOST_RUNS)
        return AGREE;
    compared++;
    if (!brute_force_finds(expected, &races_too))
        return DIFFER;
    if (races == races_too)
        return AGREE;
    differs("prove: race", races ? "yes" : "no", races_too ? "yes" : "no");
    return DIFFER;
}

static answer compare(const plan *p)
{
    emit_program(p);
    reference *expected = reference_of(&small, STATES);
    answer a = compare_with(expected);
    reference_free(expected);
    return a;
}

/* Leaves out what is not needed for the difference. */
static void make_simpler(plan *p, answer (*compare)(const plan *))
{
    for (int i = 0; i <= p->workers; i++) {
        for (int k = 0; k < p->lengths[i]; k++) {
            plan trial = *p;
            trial.lengths[i]--;
            memmove(&trial.phrases[i][k], &trial.phrases[i][k + 1],
                    (size_t)(LONGEST - 1 - k) * sizeof trial.phrases[i][k]);
            if (compare(&trial) == DIFFER) {
                *p = trial;
                i = 0;
                k = -1;
            }
        }
    }
    for (int i = 0; i < 3; i++) {
        plan trial = *p;
        if (i == 0)
            trial.ending = JOINS;
        else if (i == 1)
            trial.by_another = false;
        else
            trial.permits = 0;
        if (compare(&trial) == DIFFER)
            *p = trial;
    }
    compare(p); /* for `small` and `difference` */
}

static void print_program(void)
{
    static const char *const names[] = {"end", "lock", "unlock", "trylock",
            "wait", "signal", "broadcast", "sem_wait", "sem_trywait",
            "sem_post", "rdlock", "wrlock", "tryrdlock", "trywrlock",
            "rwunlock", "barrier_wait", "once", "load", "store", "fetch_add",
            "compare_exchange", "read", "write", "yield", "create", "join",
            "detach", "pthread_exit", "skip", "back", "check", "timedlock",
            "sem_timedwait", "timedwait", "timedrdlock", "timedwrlock",
            "timedjoin", "tryjoin", "sleep"};
    fprintf(stderr, "permits %d, parties %d%s\n", small.permits, small.parties,
            small.prefers_writers ? ", writers first" : "");
    for (int i = 0; i < SMALL_THREADS; i++) {
        if (i > 0 && small.ops[i][0].kind == SMALL_END)
            continue;
        fprintf(stderr, "%d:", i);
        for (const small_op *o = small.ops[i]; o->kind != SMALL_END; o++)
            fprintf(stderr, " %s(%d,%d)", names[o->kind], o->object, o->value);
        fprintf(stderr, "\n");
    }
}

/* With wakeups without a cause, of which the reference knows nothing: prove and
 * brute force alone. */
static bool same_findings(
        const explorer_result *r, const explorer_result *brute)
{
    explorer_verdict found = explorer_verdict_of(r);
    explorer_verdict should = explorer_verdict_of(brute);
    if (found != should)
        return !differs("spurious: verdict", explorer_verdict_name(found),
                explorer_verdict_name(should));
    if (explorer_has_race(r) != explorer_has_race(brute))
        return !differs("spurious: race", explorer_has_race(r) ? "yes" : "no",
                explorer_has_race(brute) ? "yes" : "no");
    size_t n = explorer_outcomes(r);
    if (n != explorer_outcomes(brute))
        return !differs_in_number(
                "spurious: outcomes", n, explorer_outcomes(brute));
    for (size_t i = 0; i < n; i++)
        if (strcmp(explorer_outcome_at(r, i), explorer_outcome_at(brute, i)) !=
                0)
            return !differs("spurious: outcome", explorer_outcome_at(r, i),
                    explorer_outcome_at(brute, i));
    if (explorer_executions(r) > explorer_executions(brute))
        return !differs_in_number("spurious: executions",
                explorer_executions(r), explorer_executions(brute));
    return true;
}

static bool has_waits(void)
{
    for (int i = 0; i < SMALL_THREADS; i++)
        for (const small_op *o = small.ops[i]; o->kind != SMALL_END; o++)
            if (o->kind == SMALL_WAIT)
                return true;
    return false;
}

static answer compare_with_brute_force(void)
{
    answer a = TOO_LONG;
    explorer_result *brute =
            run_mode(scenario_small_program, EXPLORER_BRUTE, MOST_RUNS / 4);
    if (explorer_is_complete(brute)) {
        explorer_result *proved =
                run_mode(scenario_small_program, EXPLORER_PROVE, 0);
        compared++;
        a = same_findings(proved, brute) ? AGREE : DIFFER;
        explorer_free(proved);
    }
    explorer_free(brute);
    return a;
}

static answer compare_with_spurious(const plan *p)
{
    emit_program(p);
    if (!has_waits())
        return TOO_LONG;
    spurious = 1;
    answer a = compare_with_brute_force();
    spurious = 0;
    return a;
}

/* As random_plan(), but every second phrase has a limit. */
static plan plan_with_limits(const plan *p)
{
    plan limited = *p;
    limited.has_limits = true;
    for (int i = 0; i <= p->workers; i++)
        for (int k = 0; k < p->lengths[i]; k++)
            if (p->phrases[i][k].a % 2 == 0)
                limited.phrases[i][k].kind =
                        LOCK_UNTIL +
                        p->phrases[i][k].b % (SLEEP - LOCK_UNTIL + 1);
    return limited;
}

static answer compare_with_limits(const plan *p)
{
    plan limited = plan_with_limits(p);
    emit_program(&limited);
    return compare_with_brute_force();
}

/* Runs at random meet no outcome and no failure that is not among all there are;
 * several processes give the answer of one; and a failure can be replayed. */
static bool random_finds_less(const reference *expected, unsigned depth)
{
    explorer_result *r =
            run_at_random(scenario_small_program, depth, 200, 1, 1);
    explorer_result *two =
            run_at_random(scenario_small_program, depth, 200, 1, 2);
    explorer_options o = explorer_defaults();
    o.mode = EXPLORER_REPLAY;
    o.schedule = explorer_schedule(r);
    explorer_result *again = explorer_run(scenario_small_program, &o);
    explorer_verdict verdict = explorer_verdict_of(r);
    bool fails = verdict > EXPLORER_RACE;
    bool is_good = true;
    check_same(r, two);
    if (verdict > expected->verdict && fails)
        is_good = !differs("random: verdict", explorer_verdict_name(verdict),
                explorer_verdict_name(expected->verdict));
    if (fails && explorer_verdict_of(again) != verdict)
        is_good = !differs("random: replay",
                explorer_verdict_name(explorer_verdict_of(again)),
                explorer_verdict_name(verdict));
    for (size_t i = 0, k = 0; i < explorer_outcomes(r) && is_good; i++) {
        const char *met = explorer_outcome_at(r, i);
        while (k < expected->outcomes && strcmp(expected->outcome[k], met) < 0)
            k++;
        is_good = !fails ? k < expected->outcomes &&
                                   strcmp(expected->outcome[k], met) == 0
                         : true; /* it ends where another thread could go on */
        if (!is_good)
            differs("random: outcome", met, "one of those there are");
    }
    explorer_free(again);
    explorer_free(two);
    explorer_free(r);
    return is_good;
}

static answer compare_at_random(const plan *p)
{
    emit_program(p);
    reference *expected = reference_of(&small, STATES);
    answer a = TOO_LONG;
    if (!expected->is_too_large) {
        compared++;
        a = random_finds_less(expected, 0) && random_finds_less(expected, 3)
                    ? AGREE
                    : DIFFER;
    }
    reference_free(expected);
    return a;
}

/* Where the explorer ends the process, this tells why. */
static unsigned seed_at_hand;

static void tell_seed(void)
{
    if (seed_at_hand != 0) {
        fprintf(stderr, "explorer suite: ended at seed %u\n", seed_at_hand);
        print_program();
    }
}

enum {
    BATCHES = 12,
    BATCH = 150,
    SPURIOUS_BATCH = 20,
    LIMITED_BATCH = 50,
    RANDOM_BATCH = 50,
    MOST_SHOWN = 3
};

/* SEED=n begins elsewhere. */
static unsigned first_seed(void)
{
    const char *text = getenv("SEED");
    return text == NULL || *text == '\0' ? 1
                                         : (unsigned)strtoul(text, NULL, 10);
}

static void compare_programs(
        answer (*compare)(const plan *), unsigned seed, unsigned count)
{
    unsigned different = 0;
    atexit(tell_seed);
    compared = 0;
    for (; compared < count && different < MOST_SHOWN; seed++) {
        seed_at_hand = seed;
        plan p = random_plan(seed);
        if (compare(&p) != DIFFER)
            continue;
        different++;
        make_simpler(&p, compare);
        fprintf(stderr, "SEED=%u: %s\n", seed, difference);
        print_program();
    }
    seed_at_hand = 0;
    ck_assert_uint_eq(different, 0);
}

START_TEST(prove_brute_force_and_the_reference_agree)
{
    compare_programs(compare, first_seed() + (unsigned)_i * 1000000, BATCH);
}
END_TEST

START_TEST(prove_and_brute_force_agree_on_spurious_wakeups)
{
    compare_programs(compare_with_spurious,
            first_seed() + (unsigned)_i * 1000000, SPURIOUS_BATCH);
}
END_TEST

START_TEST(prove_and_brute_force_agree_on_limits)
{
    compare_programs(compare_with_limits, first_seed() + (unsigned)_i * 1000000,
            LIMITED_BATCH);
}
END_TEST

START_TEST(random_runs_are_among_all_runs)
{
    compare_programs(compare_at_random, first_seed() + (unsigned)_i * 1000000,
            RANDOM_BATCH);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("explorer");

    TCase *yardsticks = add_case(suite, "yardsticks");
    tcase_add_loop_test(yardsticks, locks_are_taken_in_every_order, 2, 7);
    tcase_add_loop_test(
            yardsticks, each_reader_comes_before_or_after_the_writer, 1, 14);
    tcase_add_loop_test(
            yardsticks, naive_philosophers_are_stuck_in_one_class, 2, 7);
    tcase_add_loop_test(yardsticks, ordered_philosophers_eat, 3, 7);
    tcase_add_test(yardsticks, store_buffering);
    tcase_add_test(yardsticks, message_passing);
    tcase_add_test(yardsticks, a_variable_never_goes_back);
    tcase_add_loop_test(yardsticks, loads_and_stores_of_one_variable, 2, 6);
    tcase_add_loop_test(yardsticks, setters_and_a_waiter, 1, 6);
    tcase_add_loop_test(yardsticks, a_failed_trylock_is_a_look, 1, 6);
    tcase_add_loop_test(yardsticks, additions_come_in_every_order, 2, 7);
    tcase_add_loop_test(yardsticks, writers_and_a_reader, 1, 6);
    tcase_add_loop_test(yardsticks, indexer, 11, 15);
    tcase_add_loop_test(yardsticks, filesystem, 13, 20);
    tcase_add_loop_test(yardsticks, last_zero, 1, 6);
    tcase_add_test(yardsticks, two_that_load_and_store_twice);

    TCase *door = add_case(suite, "the door");
    tcase_add_test(door, memory_is_allocated_at_the_same_addresses);
    tcase_add_test(door, a_scenario_may_wait_until_a_thread_is_blocked);
    tcase_add_test(door, a_failing_run_is_told_and_can_be_replayed);
    tcase_add_test(door, a_limit_is_kept);
    tcase_add_test(door, one_exploration_after_the_other);

    tcase_add_test(door, a_search_can_be_stopped);

    TCase *chance = add_case(suite, "runs at random");
    tcase_add_loop_test(chance, a_seed_says_which_runs_they_are, 0, 2);
    tcase_add_test(chance, a_run_depends_on_its_number_alone);
    tcase_add_loop_test(chance, all_outcomes_are_met_at_random, 0, 2);
    tcase_add_test(chance, a_depth_says_which_bugs_are_found);
    tcase_add_loop_test(chance, each_order_of_priorities_is_as_likely, 2, 40);
    tcase_add_test(chance, each_thread_is_as_likely);
    tcase_add_test(chance, a_bug_of_depth_2_is_found_as_soon_as_promised);
    tcase_add_loop_test(chance, what_was_found_at_random_can_be_replayed, 0, 2);
    tcase_add_loop_test(chance, several_processes_give_the_answer_of_one, 0, 2);

    TCase *pictures = add_case(suite, "pictures");
    tcase_add_test(pictures, a_picture_of_the_failing_run);
    tcase_add_test(pictures, the_timeline_alone_is_part_of_the_report);
    tcase_add_test(pictures, json_of_the_failing_run);
    tcase_add_test(pictures, without_a_failing_run_the_picture_and_json_say_so);
    tcase_add_test(pictures, what_cannot_be_written_is_told);
    tcase_add_loop_test(pictures, arrows_go_from_unlock_to_lock, 2, 5);
    tcase_add_loop_test(pictures, arrows_go_from_atomic_to_atomic, 2, 5);
    tcase_add_test(pictures, no_arrow_says_what_another_has_said);
    tcase_add_loop_test(pictures, arrows_go_from_signal_to_wakeup, 1, 4);

    TCase *programs = add_case(suite, "small programs");
    tcase_add_loop_test(
            programs, prove_brute_force_and_the_reference_agree, 0, BATCHES);
    tcase_add_loop_test(programs,
            prove_and_brute_force_agree_on_spurious_wakeups, 0, BATCHES);
    tcase_add_loop_test(
            programs, prove_and_brute_force_agree_on_limits, 0, BATCHES);
    tcase_add_loop_test(programs, random_runs_are_among_all_runs, 0, BATCHES);
    return suite;
}
