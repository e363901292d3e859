#define _GNU_SOURCE /* for syscall() */
#include "primitives/timer.h"

#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "primitives/timer_thread.h"
#include "tests/support.h"

/* --- Bells: timers that note their runs --- */

typedef struct bell {
    sync_timer timer;
    void (*act)(struct bell *); /* what a run does beside; may be NULL */
    /* Written by the runs; for others to read while there can be none. */
    int runs;
    struct timespec at; /* of the last run */
    gate rung;          /* opened by every run, at its end */
} bell;

static void ring(void *arg)
{
    bell *b = arg;
    b->at = now();
    b->runs++;
    if (b->act != NULL)
        b->act(b);
    gate_open(&b->rung);
}

static void hang_up(bell *b, void (*act)(bell *))
{
    *b = (bell){.act = act};
    gate_init(&b->rung);
    ck_ok(sync_timer_init(&b->timer, ring, b));
}

static void take_down(bell *b)
{
    sync_timer_cancel(&b->timer);
    ck_ok(sync_timer_join(&b->timer));
    ck_ok(sync_timer_destroy(&b->timer));
    ck_ok(sem_destroy(&b->rung));
}

/* A run that lasts until it is let go. */
static gate held, let_go;

static void hold(bell *unused)
{
    (void)unused;
    gate_open(&held);
    gate_pass(&let_go);
}

/* While the timers' thread is held, what is pending stays so. */
static bell holder;

static void hold_thread(void)
{
    hang_up(&holder, hold);
    ck_ok(sync_timer_start(&holder.timer, 0));
    gate_pass(&held);
}

static void free_thread(void)
{
    gate_open(&let_go);
    take_down(&holder);
}

/* When this returns, all timers have run that come due in that time. */
static void let_pass(long ms)
{
    bell last;
    hang_up(&last, NULL);
    ck_ok(sync_timer_start(&last.timer, ms));
    ck_ok(sync_timer_join(&last.timer));
    take_down(&last);
}

static bool is_shut(gate *g)
{
    int value;
    ck_ok(sem_getvalue(g, &value));
    return value == 0;
}

static struct timespec later(struct timespec at, long ms)
{
    at.tv_nsec += ms % 1000 * 1000000;
    at.tv_sec += ms / 1000 + at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    return at;
}

/* The same numbers every time. */
static unsigned next_random(unsigned *state)
{
    *state = *state * 1103515245 + 12345;
    return *state >> 16;
}

enum { FAR = 1000000 }; /* milliseconds: no test lasts so long */

static bell first, second;
static long held_before;

static void setup(void)
{
    held_before = fault_held();
    gate_init(&held);
    gate_init(&let_go);
    hang_up(&first, NULL);
    hang_up(&second, NULL);
}

static void teardown(void)
{
    take_down(&first);
    take_down(&second);
    ck_assert_int_eq(fault_held(), held_before);
}

/* --- Once --- */

START_TEST(it_runs_once)
{
    ck_ok(sync_timer_start(&first.timer, 1));
    ck_ok(sync_timer_join(&first.timer));
    ck_assert_int_eq(first.runs, 1);
    let_pass(3);
    ck_assert_int_eq(first.runs, 1);
    ck_assert_int_eq(second.runs, 0);
}
END_TEST

START_TEST(it_is_never_early)
{
    const long delays[] = {0, 1, 2, 3, 5, 10, 20};
    for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++) {
        struct timespec begin = now();
        ck_ok(sync_timer_start(&first.timer, delays[i]));
        ck_ok(sync_timer_join(&first.timer));
        ck_assert_int_eq(first.runs, (int)i + 1);
        ck_assert(!is_before(first.at, later(begin, delays[i])));
    }
}
END_TEST

START_TEST(a_pending_one_forgets_its_earlier_time)
{
    hold_thread();
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_start(&second.timer, FAR));
    struct timespec begin = now();
    ck_ok(sync_timer_start(&first.timer, 20));
    ck_ok(sync_timer_start(&second.timer, 0));
    free_thread();
    ck_ok(sync_timer_join(&second.timer));
    ck_ok(sync_timer_join(&first.timer));
    ck_assert_int_eq(first.runs, 1);
    ck_assert_int_eq(second.runs, 1);
    ck_assert(!is_before(first.at, later(begin, 20)));
}
END_TEST

START_TEST(a_running_one_runs_once_more)
{
    first.act = hold;
    ck_ok(sync_timer_start(&first.timer, 0));
    gate_pass(&held);
    ck_ok(sync_timer_start(&first.timer, FAR));
    ck_ok(sync_timer_start(&first.timer, 0));
    gate_open(&let_go);
    gate_pass(&held); /* of the second run */
    gate_open(&let_go);
    ck_ok(sync_timer_join(&first.timer));
    ck_assert_int_eq(first.runs, 2);
}
END_TEST

static void refuse_bad_times(bell *b)
{
    ck_error(sync_timer_start(&b->timer, -1), EINVAL);
    ck_error(sync_timer_start(&b->timer, LONG_MIN), EINVAL);
    ck_error(sync_timer_start_periodic(&b->timer, 0), EINVAL);
    ck_error(sync_timer_start_periodic(&b->timer, -1), EINVAL);
    ck_error(sync_timer_start_periodic(&b->timer, LONG_MIN), EINVAL);
}

START_TEST(bad_times_do_not_start_it)
{
    refuse_bad_times(&first);
    ck_ok(sync_timer_join(&first.timer));
    ck_ok(sync_timer_cancel(&first.timer));
    let_pass(1);
    ck_assert_int_eq(first.runs, 0);
}
END_TEST

START_TEST(bad_times_do_not_stop_it)
{
    hold_thread();
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_start_periodic(&second.timer, 1));
    refuse_bad_times(&first);
    refuse_bad_times(&second);
    free_thread();
    gate_pass(&second.rung);
    gate_pass(&second.rung);
    ck_ok(sync_timer_join(&first.timer));
    ck_assert_int_eq(first.runs, 1);
}
END_TEST

START_TEST(a_time_too_far_away_never_comes)
{
    /* The middle ones do not fit into 64 bits of nanoseconds, by little. */
    const long delays[] = {LONG_MAX, LONG_MAX - 1, LONG_MAX / 1000000 * 2 + 1,
            LONG_MAX / 1000000 * 2, LONG_MAX / 1000000, LONG_MAX / 2, INT_MAX};
    for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++) {
        ck_ok(sync_timer_start(&first.timer, delays[i]));
        ck_ok(sync_timer_start_periodic(&second.timer, delays[i]));
        let_pass(1);
        ck_error(sync_timer_destroy(&first.timer), EBUSY);
        ck_error(sync_timer_destroy(&second.timer), EBUSY);
        ck_ok(sync_timer_cancel(&first.timer));
        ck_ok(sync_timer_cancel(&second.timer));
    }
    ck_assert_int_eq(first.runs, 0);
    ck_assert_int_eq(second.runs, 0);
}
END_TEST

START_TEST(to_start_needs_no_memory)
{
    fault_arm(1);
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_start_periodic(&second.timer, 1));
    ck_ok(sync_timer_join(&first.timer));
    sync_timer_cancel(&second.timer);
    ck_ok(sync_timer_join(&second.timer));
    ck_assert(!fault_disarm());
}
END_TEST

static worker timers_thread; /* only its tid is known */

static void note_thread(bell *unused)
{
    (void)unused;
    timers_thread.tid = (pid_t)syscall(SYS_gettid);
}

START_TEST(an_earlier_one_wakes_the_thread)
{
    second.act = note_thread;
    ck_ok(sync_timer_start(&first.timer, FAR));
    ck_ok(sync_timer_start(&second.timer, 0));
    for (int i = 0; i < 20; i++) {
        ck_ok(sync_timer_join(&second.timer));
        until_asleep(&timers_thread);
        ck_ok(sync_timer_start(&second.timer, i % 2));
    }
    ck_ok(sync_timer_join(&second.timer));
    ck_assert_int_eq(second.runs, 21);
}
END_TEST

/* How often the timers' thread has gone to sleep. */
static long sleeps(void)
{
    static const char name[] = "\nvoluntary_ctxt_switches:";
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/self/task/%d/status",
            (int)timers_thread.tid);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    const char *line = strstr(text, name);
    ck_assert_ptr_nonnull(line);
    return strtol(line + sizeof name - 1, NULL, 10);
}

/* The thread may not have gone to sleep yet at first; but then it stays so. One
 * that was woken has to go to sleep again before it is counted. */
START_TEST(a_later_one_does_not_wake_the_thread)
{
    long before;
    second.act = note_thread;
    ck_ok(sync_timer_start(&first.timer, FAR));
    ck_ok(sync_timer_start(&second.timer, 0));
    ck_ok(sync_timer_join(&second.timer));
    do {
        until_asleep(&timers_thread);
        before = sleeps();
        for (int i = 0; i < 100; i++) {
            ck_ok(sync_timer_start(&second.timer, FAR + i));
            ck_ok(sync_timer_cancel(&second.timer));
        }
        until_asleep(&timers_thread);
    } while (sleeps() != before);
}
END_TEST

START_TEST(an_alarm_for_nothing_does_no_harm)
{
    struct timespec begin = now();
    ck_ok(sync_timer_start(&first.timer, 5));
    ck_ok(sync_timer_start(&second.timer, 10));
    bool in_time = sync_timer_cancel(&first.timer) == 0;
    ck_ok(sync_timer_join(&second.timer));
    ck_assert_int_eq(first.runs, in_time ? 0 : 1);
    ck_assert(!is_before(second.at, later(begin, 10)));
}
END_TEST

/* --- Again and again --- */

static struct timespec begin_of_periods;

enum { SHORT = 2, RUNS = 10 };

static void check_the_time_and_stop_after_ten(bell *b)
{
    long due = (long)b->runs * SHORT;
    ck_assert(!is_before(b->at, later(begin_of_periods, due)));
    if (b->runs == RUNS)
        ck_error(sync_timer_cancel(&b->timer), EALREADY);
}

START_TEST(no_run_is_early)
{
    first.act = check_the_time_and_stop_after_ten;
    begin_of_periods = now();
    ck_ok(sync_timer_start_periodic(&first.timer, SHORT));
    ck_ok(sync_timer_join(&first.timer));
    let_pass(5);
    ck_assert_int_eq(first.runs, RUNS);
}
END_TEST

START_TEST(a_periodic_one_can_become_single)
{
    ck_ok(sync_timer_start_periodic(&first.timer, FAR));
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_join(&first.timer));
    ck_assert_int_eq(first.runs, 1);
}
END_TEST

START_TEST(a_single_one_can_become_periodic)
{
    ck_ok(sync_timer_start(&first.timer, FAR));
    ck_ok(sync_timer_start_periodic(&first.timer, FAR));
    ck_ok(sync_timer_start_periodic(&first.timer, 1));
    gate_pass(&first.rung);
    gate_pass(&first.rung);
}
END_TEST

static void start_itself_once(bell *b)
{
    if (b->runs == 2)
        ck_ok(sync_timer_start(&b->timer, 0));
}

START_TEST(a_run_may_make_its_timer_single)
{
    first.act = start_itself_once;
    ck_ok(sync_timer_start_periodic(&first.timer, 1));
    ck_ok(sync_timer_join(&first.timer));
    ck_assert_int_eq(first.runs, 3);
}
END_TEST

static void go_on_by_itself(bell *b)
{
    if (b->runs == 1)
        ck_ok(sync_timer_start_periodic(&b->timer, 1));
    else if (b->runs == 4)
        ck_error(sync_timer_cancel(&b->timer), EALREADY);
}

START_TEST(a_run_may_make_its_timer_periodic)
{
    first.act = go_on_by_itself;
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_join(&first.timer));
    ck_assert_int_eq(first.runs, 4);
}
END_TEST

/* --- With the clock in hand --- */

/*
 * The library's clock stands where the test puts it, soon after the machine was
 * started. By the real clock all that has passed; so the thread never sleeps
 * for long, but looks again and again whether the time of the first has come.
 */
static const struct timespec DAWN = {1, 0};

/* Written by the test's thread alone, and guarded by sync_timer_mutex. */
static struct timespec clock_at;

static void put_clock(long ms, long ns)
{
    ck_ok(pthread_mutex_lock(&sync_timer_mutex));
    clock_at = later(DAWN, ms);
    clock_at.tv_nsec += ns;
    ck_ok(pthread_mutex_unlock(&sync_timer_mutex));
}

static int runs_now(void)
{
    let_pass(0);
    return first.runs;
}

static int runs_by(long ms)
{
    put_clock(ms, 0);
    return runs_now();
}

static void setup_clock(void)
{
    clock_at = DAWN;
    fault_stop_clock(&clock_at);
    setup();
}

static void teardown_clock(void)
{
    teardown();
    fault_stop_clock(NULL);
}

START_TEST(it_runs_at_its_time_and_no_nanosecond_sooner)
{
    ck_ok(sync_timer_start(&first.timer, 3));
    put_clock(2, 999999);
    ck_assert_int_eq(runs_now(), 0);
    put_clock(3, 0);
    let_pass(0);
    ck_ok(sync_timer_join(&first.timer));
    ck_assert_int_eq(first.runs, 1);
}
END_TEST

START_TEST(delays_are_milliseconds)
{
    const long delays[] = {1, 2, 999, 1000, 1001, 2345};
    for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++) {
        put_clock(0, 999999);
        ck_ok(sync_timer_start(&first.timer, delays[i]));
        ck_assert_int_eq(runs_by(delays[i]), (int)i);
        ck_assert_int_eq(runs_by(delays[i] + 1), (int)i + 1);
    }
}
END_TEST

START_TEST(a_late_run_does_not_move_the_next)
{
    ck_ok(sync_timer_start_periodic(&first.timer, 10));
    ck_assert_int_eq(runs_by(9), 0);
    ck_assert_int_eq(runs_by(11), 1);
    ck_assert_int_eq(runs_by(19), 1);
    ck_assert_int_eq(runs_by(25), 2);
    ck_assert_int_eq(runs_by(29), 2);
    ck_assert_int_eq(runs_by(39), 3);
    ck_assert_int_eq(runs_by(41), 4);
    ck_assert_int_eq(runs_by(49), 4);
    ck_assert_int_eq(runs_by(51), 5);
}
END_TEST

START_TEST(a_new_start_begins_new_periods)
{
    ck_ok(sync_timer_start_periodic(&first.timer, 10));
    ck_assert_int_eq(runs_by(11), 1);
    put_clock(15, 0);
    ck_ok(sync_timer_start_periodic(&first.timer, 20));
    ck_assert_int_eq(runs_by(34), 1);
    ck_assert_int_eq(runs_by(36), 2);
    ck_assert_int_eq(runs_by(54), 2);
    ck_assert_int_eq(runs_by(56), 3);
}
END_TEST

static void hold_the_first(bell *b)
{
    if (b->runs == 1)
        hold(b);
}

/* Started at 0 with a period of 10, and its first run ends at that time. */
static void be_slow_until(long ms)
{
    first.act = hold_the_first;
    ck_ok(sync_timer_start_periodic(&first.timer, 10));
    put_clock(11, 0);
    gate_pass(&held);
    put_clock(ms, 0);
    gate_open(&let_go);
}

START_TEST(a_slow_run_does_not_move_the_next)
{
    be_slow_until(19);
    ck_assert_int_eq(runs_now(), 1);
    ck_assert_int_eq(runs_by(21), 2);
    ck_assert_int_eq(runs_by(29), 2);
    ck_assert_int_eq(runs_by(31), 3);
}
END_TEST

/* Of the runs that come due meanwhile, for 20 to 50, only the last is left. */
START_TEST(runs_that_a_slow_one_misses_are_left_out)
{
    be_slow_until(55);
    ck_assert_int_eq(runs_now(), 2);
    ck_assert_int_eq(runs_by(59), 2);
    ck_assert_int_eq(runs_by(61), 3);
    ck_assert_int_eq(runs_by(69), 3);
    ck_assert_int_eq(runs_by(71), 4);
}
END_TEST

START_TEST(runs_that_another_held_up_are_left_out)
{
    hold_thread();
    ck_ok(sync_timer_start_periodic(&first.timer, 10));
    put_clock(55, 0);
    free_thread();
    int runs = runs_now();
    ck_assert_int_eq(runs, 1);
    ck_assert_int_eq(runs_by(59), runs);
    ck_assert_int_eq(runs_by(61), runs + 1);
}
END_TEST

/* --- Cancel --- */

START_TEST(one_that_never_started_is_cancelled)
{
    ck_ok(sync_timer_cancel(&first.timer));
    ck_ok(sync_timer_cancel(&first.timer));
}
END_TEST

START_TEST(a_pending_one_is_cancelled)
{
    hold_thread();
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_start_periodic(&second.timer, 1));
    ck_ok(sync_timer_cancel(&first.timer));
    ck_ok(sync_timer_cancel(&second.timer));
    ck_ok(sync_timer_cancel(&first.timer)); /* cancelled twice */
    free_thread();
    let_pass(2);
    ck_ok(sync_timer_cancel(&first.timer));
    ck_ok(sync_timer_cancel(&second.timer));
    ck_assert_int_eq(first.runs, 0);
    ck_assert_int_eq(second.runs, 0);
}
END_TEST

START_TEST(one_that_has_run_is_too_late)
{
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_join(&first.timer));
    ck_error(sync_timer_cancel(&first.timer), EALREADY);
    ck_error(sync_timer_cancel(&first.timer), EALREADY);

    ck_ok(sync_timer_start(&first.timer, FAR)); /* counts from here */
    ck_ok(sync_timer_cancel(&first.timer));
    ck_ok(sync_timer_cancel(&first.timer));
    ck_assert_int_eq(first.runs, 1);
}
END_TEST

START_TEST(a_running_one_is_too_late)
{
    first.act = hold;
    ck_ok(sync_timer_start(&first.timer, 0));
    gate_pass(&held);
    ck_error(sync_timer_cancel(&first.timer), EALREADY);
    ck_error(sync_timer_cancel(&first.timer), EALREADY);
    gate_open(&let_go);
    ck_ok(sync_timer_join(&first.timer));
    ck_error(sync_timer_cancel(&first.timer), EALREADY);
    ck_assert_int_eq(first.runs, 1);
}
END_TEST

START_TEST(a_running_periodic_one_does_not_go_on)
{
    first.act = hold;
    ck_ok(sync_timer_start_periodic(&first.timer, 1));
    gate_pass(&held);
    ck_error(sync_timer_cancel(&first.timer), EALREADY);
    gate_open(&let_go);
    ck_ok(sync_timer_join(&first.timer));
    let_pass(2);
    ck_error(sync_timer_cancel(&first.timer), EALREADY);
    ck_assert_int_eq(first.runs, 1);
}
END_TEST

START_TEST(a_running_one_does_not_run_once_more)
{
    first.act = hold;
    ck_ok(sync_timer_start(&first.timer, 0));
    gate_pass(&held);
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_error(sync_timer_cancel(&first.timer), EALREADY);
    ck_ok(sync_timer_start_periodic(&first.timer, 1));
    ck_error(sync_timer_cancel(&first.timer), EALREADY);
    gate_open(&let_go);
    ck_ok(sync_timer_join(&first.timer));
    let_pass(2);
    ck_error(sync_timer_cancel(&first.timer), EALREADY);
    ck_assert_int_eq(first.runs, 1);
}
END_TEST

START_TEST(the_run_after_the_running_one_is_cancelled)
{
    first.act = hold;
    ck_ok(sync_timer_start(&first.timer, 0));
    gate_pass(&held);
    ck_error(sync_timer_cancel(&first.timer), EALREADY);
    ck_ok(sync_timer_start(&first.timer, FAR));
    gate_open(&let_go);
    let_pass(0); /* it is not running any more */
    ck_ok(sync_timer_cancel(&first.timer));
    ck_ok(sync_timer_cancel(&first.timer));
    ck_assert_int_eq(first.runs, 1);
}
END_TEST

static void cancel_itself(bell *b)
{
    ck_error(sync_timer_cancel(&b->timer), EALREADY);
}

START_TEST(a_run_may_cancel_its_timer)
{
    first.act = second.act = cancel_itself;
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_start_periodic(&second.timer, 1));
    ck_ok(sync_timer_join(&first.timer));
    ck_ok(sync_timer_join(&second.timer));
    let_pass(2);
    ck_assert_int_eq(first.runs, 1);
    ck_assert_int_eq(second.runs, 1);
}
END_TEST

static void cancel_first(bell *unused)
{
    (void)unused;
    ck_ok(sync_timer_cancel(&first.timer));
}

/* On the timers' thread it is certain that no run is going on. */
START_TEST(a_periodic_one_is_cancelled_between_runs)
{
    second.act = cancel_first;
    ck_ok(sync_timer_start_periodic(&first.timer, 1));
    gate_pass(&first.rung);
    gate_pass(&first.rung);
    ck_ok(sync_timer_start(&second.timer, 0));
    ck_ok(sync_timer_join(&first.timer));
    ck_ok(sync_timer_cancel(&first.timer));
    int runs = first.runs;
    ck_ok(sync_timer_join(&second.timer));
    let_pass(2);
    ck_assert_int_eq(first.runs, runs);
}
END_TEST

/* --- Join --- */

/* A thread that joins a bell's timer, and tells when it has. */
typedef struct joiner {
    worker worker;
    gate joined;
    bell *bell;
} joiner;

static void *join(void *arg)
{
    joiner *j = arg;
    ck_ok(sync_timer_join(&j->bell->timer));
    gate_open(&j->joined);
    return NULL;
}

static void start_joiner(joiner *j, bell *b)
{
    j->bell = b;
    gate_init(&j->joined);
    start(&j->worker, join, j);
    until_asleep(&j->worker);
    ck_assert(is_shut(&j->joined));
}

static void finish_joiner(joiner *j)
{
    finish(&j->worker);
    ck_ok(sem_destroy(&j->joined));
}

START_TEST(an_idle_one_is_not_waited_for)
{
    hold_thread(); /* another's run does not matter */
    ck_ok(sync_timer_join(&first.timer));
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_start_periodic(&second.timer, 1));
    ck_ok(sync_timer_cancel(&first.timer));
    ck_ok(sync_timer_cancel(&second.timer));
    ck_ok(sync_timer_join(&first.timer));
    ck_ok(sync_timer_join(&second.timer));
    free_thread();
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_join(&first.timer));
    ck_ok(sync_timer_join(&first.timer));
}
END_TEST

START_TEST(the_end_of_a_run_is_waited_for)
{
    enum { JOINERS = 4 };
    joiner joiners[JOINERS];
    first.act = hold;
    ck_ok(sync_timer_start(&first.timer, 0));
    gate_pass(&held);
    for (int i = 0; i < JOINERS; i++)
        start_joiner(&joiners[i], &first);
    ck_error(sync_timer_cancel(&first.timer), EALREADY);
    for (int i = 0; i < JOINERS; i++)
        ck_assert(is_shut(&joiners[i].joined));
    ck_assert(is_shut(&first.rung));
    gate_open(&let_go);
    gate_pass(&joiners[0].joined);
    ck_assert(!is_shut(&first.rung));
    ck_assert_int_eq(first.runs, 1);
    for (int i = 0; i < JOINERS; i++)
        finish_joiner(&joiners[i]);
}
END_TEST

START_TEST(the_run_of_a_pending_one_is_waited_for)
{
    joiner joiners[3];
    hold_thread();
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_start(&second.timer, 5));
    start_joiner(&joiners[0], &first);
    start_joiner(&joiners[1], &second);
    start_joiner(&joiners[2], &second);
    interrupt(&joiners[0].worker, 10); /* signals do not end it */
    ck_assert(is_shut(&joiners[0].joined));
    free_thread();
    gate_pass(&joiners[1].joined);
    ck_assert_int_eq(second.runs, 1);
    for (int i = 0; i < 3; i++)
        finish_joiner(&joiners[i]);
    ck_assert_int_eq(first.runs, 1);
}
END_TEST

START_TEST(the_run_after_the_running_one_is_waited_for)
{
    joiner joiner;
    first.act = hold;
    ck_ok(sync_timer_start(&first.timer, 0));
    gate_pass(&held);
    start_joiner(&joiner, &first);
    ck_ok(sync_timer_start(&first.timer, 0));
    gate_open(&let_go);
    gate_pass(&held);
    until_asleep(&joiner.worker);
    ck_assert(is_shut(&joiner.joined));
    gate_open(&let_go);
    finish_joiner(&joiner);
    ck_assert_int_eq(first.runs, 2);
}
END_TEST

START_TEST(a_cancel_ends_the_wait_for_a_pending_one)
{
    joiner joiners[3];
    ck_ok(sync_timer_start(&first.timer, FAR));
    ck_ok(sync_timer_start_periodic(&second.timer, FAR));
    start_joiner(&joiners[0], &first);
    start_joiner(&joiners[1], &first);
    start_joiner(&joiners[2], &second);
    ck_ok(sync_timer_cancel(&first.timer));
    finish_joiner(&joiners[0]);
    finish_joiner(&joiners[1]);
    ck_assert(is_shut(&joiners[2].joined));
    ck_ok(sync_timer_cancel(&second.timer));
    finish_joiner(&joiners[2]);
}
END_TEST

START_TEST(a_periodic_one_is_waited_for_until_it_is_cancelled)
{
    joiner joiners[2];
    ck_ok(sync_timer_start_periodic(&first.timer, 1));
    start_joiner(&joiners[0], &first);
    start_joiner(&joiners[1], &first);
    for (int i = 0; i < 5; i++)
        gate_pass(&first.rung);
    ck_assert(is_shut(&joiners[0].joined));
    ck_assert(is_shut(&joiners[1].joined));
    sync_timer_cancel(&first.timer);
    finish_joiner(&joiners[0]);
    int runs = first.runs;
    let_pass(2);
    ck_assert_int_eq(first.runs, runs);
    finish_joiner(&joiners[1]);
}
END_TEST

/* --- Destroy --- */

static bell brief;

START_TEST(a_pending_one_cannot_be_destroyed)
{
    hold_thread();
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_start_periodic(&second.timer, 1));
    ck_error(sync_timer_destroy(&first.timer), EBUSY);
    ck_error(sync_timer_destroy(&second.timer), EBUSY);
    free_thread();
    ck_ok(sync_timer_join(&first.timer));
    ck_assert_int_eq(first.runs, 1); /* nothing has changed */
    gate_pass(&second.rung);
    gate_pass(&second.rung);
}
END_TEST

START_TEST(a_running_one_cannot_be_destroyed)
{
    first.act = hold;
    ck_ok(sync_timer_start(&first.timer, 0));
    gate_pass(&held);
    ck_error(sync_timer_destroy(&first.timer), EBUSY);
    sync_timer_cancel(&first.timer);
    ck_error(sync_timer_destroy(&first.timer), EBUSY);
    gate_open(&let_go);
    ck_ok(sync_timer_join(&first.timer));
}
END_TEST

START_TEST(an_idle_one_is_destroyed_while_another_runs)
{
    hang_up(&brief, NULL);
    hold_thread();
    take_down(&brief);
    hang_up(&brief, NULL);
    take_down(&brief);
    free_thread();
}
END_TEST

/* After the cancel the timer is idle, but the joiner may still be inside. What
 * it would find in a timer that is no more would have it wait for ever. */
START_TEST(a_joined_one_cannot_be_destroyed)
{
    joiner joiner;
    hang_up(&brief, NULL);
    ck_ok(sync_timer_start(&brief.timer, FAR));
    start_joiner(&joiner, &brief);
    ck_error(sync_timer_destroy(&brief.timer), EBUSY);
    ck_ok(sync_timer_cancel(&brief.timer));
    int error;
    while ((error = sync_timer_destroy(&brief.timer)) != 0)
        ck_assert_int_eq(error, EBUSY);
    brief.timer.running = true;
    finish_joiner(&joiner);
    ck_ok(sem_destroy(&brief.rung));
}
END_TEST

/* --- On the timers' thread --- */

static void try_what_would_hang(bell *unused)
{
    (void)unused;
    ck_error(sync_timer_join(&first.timer), EDEADLK);
    ck_error(sync_timer_join(&second.timer), EDEADLK);
    ck_error(sync_timer_join(&holder.timer), EDEADLK);
    ck_error(sync_timer_destroy(&first.timer), EBUSY);
    ck_error(sync_timer_destroy(&second.timer), EBUSY);
    ck_error(sync_timer_destroy(&holder.timer), EBUSY);
}

START_TEST(a_run_cannot_join_or_destroy)
{
    hang_up(&holder, NULL); /* is idle */
    first.act = try_what_would_hang;
    ck_ok(sync_timer_start(&second.timer, FAR));
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_join(&first.timer));
    ck_assert_int_eq(first.runs, 1);
    ck_ok(sync_timer_cancel(&second.timer)); /* nothing has changed */
    ck_ok(sync_timer_cancel(&holder.timer));
    take_down(&holder);
}
END_TEST

static void start_second_and_cancel(bell *b)
{
    if (b->runs == 1) {
        ck_ok(sync_timer_start(&second.timer, 0));
        ck_ok(sync_timer_cancel(&second.timer));
        ck_ok(sync_timer_start(&b->timer, 1));
    } else if (b->runs < RUNS) {
        ck_ok(sync_timer_start(&second.timer, 0));
        ck_ok(sync_timer_start(&b->timer, b->runs % 2));
    }
}

START_TEST(a_run_may_start_and_cancel)
{
    first.act = start_second_and_cancel;
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_join(&first.timer));
    ck_ok(sync_timer_join(&second.timer));
    ck_assert_int_eq(first.runs, RUNS);
    ck_assert_int_ge(second.runs, 1);
    ck_assert_int_le(second.runs, RUNS - 2);
}
END_TEST

enum { CHILDREN = 40 };

static bell children[CHILDREN];

static void make_children(bell *b)
{
    for (int i = 0; i < CHILDREN / 2; i++) {
        bell *child = &children[(b->runs - 1) * CHILDREN / 2 + i];
        hang_up(child, NULL);
        ck_ok(sync_timer_start(&child->timer, i % 3));
    }
    if (b->runs == 1)
        ck_ok(sync_timer_start(&b->timer, 1));
}

START_TEST(a_run_may_make_timers)
{
    first.act = make_children;
    ck_ok(sync_timer_start(&first.timer, 0));
    for (int i = 0; i < 50; i++) { /* others come and go meanwhile */
        bell visitor;
        hang_up(&visitor, NULL);
        take_down(&visitor);
    }
    ck_ok(sync_timer_join(&first.timer));
    for (int i = 0; i < CHILDREN; i++) {
        ck_ok(sync_timer_join(&children[i].timer));
        ck_assert_int_eq(children[i].runs, 1);
        take_down(&children[i]);
    }
}
END_TEST

static int inside;      /* touched by runs alone, and by no lock guarded */
static pthread_t their; /* the thread of the first of them */

static void come_in_alone(bell *b)
{
    if (b == &first)
        their = pthread_self();
    ck_assert(pthread_equal(pthread_self(), their));
    ck_assert_int_eq(inside++, 0);
    sched_yield();
    ck_assert_int_eq(--inside, 0);
}

static void *run_a_bell_of_its_own(void *unused)
{
    bell own;
    hang_up(&own, come_in_alone);
    for (int i = 0; i < RUNS; i++) {
        ck_ok(sync_timer_start(&own.timer, i % 2));
        ck_ok(sync_timer_join(&own.timer));
    }
    ck_assert_int_eq(own.runs, RUNS);
    take_down(&own);
    return unused;
}

START_TEST(runs_come_one_at_a_time_on_one_thread)
{
    first.act = come_in_alone;
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_join(&first.timer));
    ck_assert(!pthread_equal(pthread_self(), their));
    run_threads(16, run_a_bell_of_its_own, NULL, 0);
}
END_TEST

/* --- The thread --- */

/* Linux counts them as links of this directory. */
static int threads(void)
{
    struct stat tasks;
    ck_ok(stat("/proc/self/task", &tasks));
    return (int)tasks.st_nlink;
}

/* A thread that has been joined may be listed for a moment longer. */
static void until_threads(int n)
{
    while (threads() != n)
        sched_yield();
}

static void *do_nothing(void *unused)
{
    return unused;
}

/* The first thread of all may bring one of the thread sanitizer's own. */
static int threads_at_rest(void)
{
    worker any;
    start(&any, do_nothing, NULL);
    finish(&any);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d", (int)any.tid);
    while (access(path, F_OK) == 0)
        sched_yield();
    return threads();
}

START_TEST(it_lives_from_the_first_init_to_the_last_destroy)
{
    int without = threads_at_rest();
    long nothing = fault_held();
    for (int round = 0; round < 3; round++) {
        bell bells[3];
        for (int i = 0; i < 3; i++) {
            hang_up(&bells[i], NULL);
            ck_assert_int_eq(threads(), without + 1);
        }
        ck_ok(sync_timer_start(&bells[0].timer, 1));
        ck_ok(sync_timer_join(&bells[0].timer));
        for (int i = 0; i < 3; i++) {
            ck_assert_int_eq(threads(), without + 1);
            take_down(&bells[i]);
        }
        ck_assert_int_eq(fault_held(), nothing); /* the thread was joined */
        until_threads(without);
    }
}
END_TEST

static sigset_t mask_inside;

static void note_mask(bell *unused)
{
    (void)unused;
    ck_ok(pthread_sigmask(SIG_BLOCK, NULL, &mask_inside));
}

START_TEST(it_takes_no_signals)
{
    sigset_t mask, usr1, waiting;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    hang_up(&first, note_mask);
    ck_ok(pthread_sigmask(SIG_BLOCK, NULL, &mask));
    ck_assert(!sigismember(&mask, SIGUSR1)); /* as before */
    ck_assert(!sigismember(&mask, SIGTERM));
    ck_ok(sync_timer_start(&first.timer, 0));
    ck_ok(sync_timer_join(&first.timer));
    const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE,
            SIGALRM, SIGTERM, SIGCHLD, SIGTSTP, SIGRTMIN, SIGRTMAX};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        ck_assert(sigismember(&mask_inside, signals[i]));

    /* With nobody else to take it, a signal to the program stays pending. */
    ck_ok(pthread_sigmask(SIG_BLOCK, &usr1, NULL));
    ck_ok(kill(getpid(), SIGUSR1));
    ck_ok(sync_timer_start(&first.timer, 1));
    ck_ok(sync_timer_join(&first.timer));
    ck_ok(sigpending(&waiting));
    ck_assert(sigismember(&waiting, SIGUSR1));
    int signal;
    ck_ok(sigwait(&usr1, &signal));
    take_down(&first);
}
END_TEST

/* The last destroy of one thread meets the first init of another. */
static void *come_and_go(void *arg)
{
    unsigned random = *(unsigned *)arg;
    for (int i = 0; i < 150; i++) {
        bell b;
        hang_up(&b, NULL);
        ck_ok(sync_timer_start(&b.timer, 0));
        if (next_random(&random) % 2 == 0)
            sched_yield();
        int expected = 1;
        if (next_random(&random) % 2 == 0)
            expected = sync_timer_cancel(&b.timer) == 0 ? 0 : 1;
        ck_ok(sync_timer_join(&b.timer));
        ck_assert_int_eq(b.runs, expected);
        take_down(&b);
    }
    return NULL;
}

START_TEST(threads_may_come_and_go_with_it)
{
    long nothing = fault_held();
    unsigned seeds[] = {1, 2, 3, 4, 5, 6};
    run_threads(6, come_and_go, seeds, sizeof seeds[0]);
    ck_assert_int_eq(fault_held(), nothing);
}
END_TEST

/* --- Many --- */

enum { MANY = 20000, SPREAD = 50 };

typedef struct one {
    sync_timer timer;
    struct timespec from, to; /* it is due in this interval */
    int runs;
} one;

static one many[MANY];
static one *in_order[MANY];
static size_t ran;

static void note_order(void *arg)
{
    one *this = arg;
    this->runs++;
    ck_assert(!is_before(now(), this->from));
    in_order[ran++] = this;
}

static void start_one(one *this, long delay)
{
    this->from = later(now(), delay);
    ck_ok(sync_timer_start(&this->timer, delay));
    this->to = later(now(), delay);
}

static bool is_cancelled(int i)
{
    return i % 7 == 0;
}

START_TEST(all_run_in_the_order_of_their_times)
{
    unsigned random = 1;
    size_t expected = 0;
    for (int i = 0; i < MANY; i++)
        ck_ok(sync_timer_init(&many[i].timer, note_order, &many[i]));
    hold_thread();
    for (int i = 0; i < MANY; i++)
        start_one(&many[i], next_random(&random) % SPREAD);
    for (int i = 0; i < MANY; i++)
        if (is_cancelled(i))
            ck_ok(sync_timer_cancel(&many[i].timer));
        else if (i % 11 == 0)
            start_one(&many[i], next_random(&random) % SPREAD);
    free_thread();

    for (int i = 0; i < MANY; i++) {
        ck_ok(sync_timer_join(&many[i].timer));
        ck_assert_int_eq(many[i].runs, is_cancelled(i) ? 0 : 1);
        expected += is_cancelled(i) ? 0 : 1;
        ck_ok(sync_timer_destroy(&many[i].timer));
    }
    ck_assert_uint_eq(ran, expected);
    struct timespec latest = PAST;
    for (size_t i = 0; i < ran; i++) {
        ck_assert(!is_before(in_order[i]->to, latest));
        if (is_before(latest, in_order[i]->from))
            latest = in_order[i]->from;
    }
}
END_TEST

/* Every start ends in one of two ways: cancelled with 0, or run. */
static void *start_and_cancel(void *arg)
{
    enum { BELLS = 16, STEPS = 1500 };
    unsigned random = *(unsigned *)arg;
    bell bells[BELLS];
    int expected[BELLS] = {0};
    bool started[BELLS] = {false};
    for (int i = 0; i < BELLS; i++)
        hang_up(&bells[i], NULL);
    for (int step = 0; step < STEPS; step++) {
        unsigned i = next_random(&random) % BELLS;
        sync_timer *timer = &bells[i].timer;
        if (!started[i]) {
            ck_ok(sync_timer_start(timer, next_random(&random) % 3));
        } else if (next_random(&random) % 4 == 0) {
            ck_ok(sync_timer_join(timer));
            expected[i]++;
            ck_assert_int_eq(bells[i].runs, expected[i]);
        } else {
            int error = sync_timer_cancel(timer);
            if (error != 0) {
                ck_assert_int_eq(error, EALREADY);
                ck_ok(sync_timer_join(timer));
                expected[i]++;
            }
            ck_assert_int_eq(bells[i].runs, expected[i]);
        }
        started[i] = !started[i];
    }
    for (int i = 0; i < BELLS; i++) {
        if (started[i] && sync_timer_cancel(&bells[i].timer) != 0)
            expected[i]++;
        take_down(&bells[i]);
        ck_assert_int_eq(bells[i].runs, expected[i]);
    }
    return NULL;
}

START_TEST(every_start_is_cancelled_or_run)
{
    unsigned seeds[] = {1, 2, 3, 4, 5, 6, 7, 8};
    ck_ok(sync_timer_start_periodic(&first.timer, 1));
    run_threads(8, start_and_cancel, seeds, sizeof seeds[0]);
}
END_TEST

/* 64 threads do what they like to the same two timers. */
static void *do_anything(void *arg)
{
    unsigned random = *(unsigned *)arg;
    for (int i = 0; i < 60; i++) {
        sync_timer *timer =
                next_random(&random) % 2 == 0 ? &first.timer : &second.timer;
        unsigned choice = next_random(&random) % 4;
        if (choice < 2)
            ck_ok(sync_timer_start(timer, choice));
        else if (choice < 3)
            ck_ok(sync_timer_start_periodic(timer, 1));
        else
            sync_timer_cancel(timer);
    }
    return NULL;
}

START_TEST(threads_may_share_a_timer)
{
    enum { THREADS = 64 };
    unsigned seeds[THREADS];
    joiner joiners[2];
    for (unsigned i = 0; i < THREADS; i++)
        seeds[i] = i;
    ck_ok(sync_timer_start_periodic(&first.timer, FAR));
    ck_ok(sync_timer_start_periodic(&second.timer, FAR));
    start_joiner(&joiners[0], &first);
    start_joiner(&joiners[1], &second);
    run_threads(THREADS, do_anything, seeds, sizeof seeds[0]);
    sync_timer_cancel(&first.timer);
    sync_timer_cancel(&second.timer);
    finish_joiner(&joiners[0]);
    finish_joiner(&joiners[1]);
    ck_ok(sync_timer_join(&first.timer));
    ck_ok(sync_timer_join(&second.timer));
    int runs = first.runs + second.runs;
    let_pass(2);
    ck_assert_int_eq(first.runs + second.runs, runs);
}
END_TEST

/* What a run uses may be freed after cancel and join, the timer with it. */
static void *free_after_join(void *arg)
{
    unsigned random = *(unsigned *)arg;
    for (int i = 0; i < 200; i++) {
        bell *b = malloc(sizeof *b);
        ck_assert_ptr_nonnull(b);
        hang_up(b, NULL);
        if (next_random(&random) % 2 == 0)
            ck_ok(sync_timer_start(&b->timer, 0));
        else
            ck_ok(sync_timer_start_periodic(&b->timer, 1));
        for (unsigned n = next_random(&random) % 4; n > 0; n--)
            sched_yield();
        take_down(b);
        free(b);
    }
    return NULL;
}

START_TEST(it_may_be_freed_after_cancel_and_join)
{
    unsigned seeds[] = {1, 2, 3, 4};
    run_threads(4, free_after_join, seeds, sizeof seeds[0]);
}
END_TEST

/* --- What init needs --- */

START_TEST(a_callback_is_needed)
{
    sync_timer timer;
    long nothing = fault_held();
    ck_error(sync_timer_init(&timer, NULL, NULL), EINVAL);
    ck_assert_int_eq(fault_held(), nothing);
}
END_TEST

static int make(void)
{
    sigset_t mask;
    int error = sync_timer_init(&first.timer, ring, &first);
    ck_ok(pthread_sigmask(SIG_BLOCK, NULL, &mask));
    ck_assert(!sigismember(&mask, SIGUSR1)); /* whether it failed or not */
    return error;
}

static int unmake(void)
{
    return sync_timer_destroy(&first.timer);
}

START_TEST(init_reports_what_it_lacks)
{
    check_faults(make, unmake);
    check_faults(make, unmake); /* and can be done again */
}
END_TEST

START_TEST(a_failed_init_leaves_the_others_alone)
{
    enum { BELLS = 100 };
    bell bells[BELLS];
    int failures = 0;
    hang_up(&bells[0], NULL);
    hold_thread();
    ck_ok(sync_timer_start(&bells[0].timer, 0));
    for (int i = 1; i < BELLS; i++) {
        sync_timer refused;
        long before = fault_held();
        fault_arm(1);
        int error = sync_timer_init(&refused, ring, NULL);
        if (fault_disarm()) {
            ck_assert_int_eq(error, ENOMEM);
            failures++;
        } else {
            ck_ok(error);
            ck_ok(sync_timer_destroy(&refused));
        }
        ck_assert_int_eq(fault_held(), before);
        hang_up(&bells[i], NULL);
        ck_ok(sync_timer_start(&bells[i].timer, i % 3));
    }
    ck_assert_int_gt(failures, 0);
    free_thread();
    for (int i = 0; i < BELLS; i++) {
        ck_ok(sync_timer_join(&bells[i].timer));
        ck_assert_int_eq(bells[i].runs, 1);
        take_down(&bells[i]);
    }
}
END_TEST

static void setup_gates(void)
{
    gate_init(&held);
    gate_init(&let_go);
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("timer");

    TCase *once = add_case(suite, "once");
    tcase_add_checked_fixture(once, setup, teardown);
    tcase_add_test(once, it_runs_once);
    tcase_add_test(once, it_is_never_early);
    tcase_add_test(once, a_pending_one_forgets_its_earlier_time);
    tcase_add_test(once, a_running_one_runs_once_more);
    tcase_add_test(once, bad_times_do_not_start_it);
    tcase_add_test(once, bad_times_do_not_stop_it);
    tcase_add_test(once, a_time_too_far_away_never_comes);
    tcase_add_test(once, to_start_needs_no_memory);
    tcase_add_test(once, an_earlier_one_wakes_the_thread);
    tcase_add_test(once, a_later_one_does_not_wake_the_thread);
    tcase_add_test(once, an_alarm_for_nothing_does_no_harm);

    TCase *again = add_case(suite, "again and again");
    tcase_add_checked_fixture(again, setup, teardown);
    tcase_add_test(again, no_run_is_early);
    tcase_add_test(again, a_periodic_one_can_become_single);
    tcase_add_test(again, a_single_one_can_become_periodic);
    tcase_add_test(again, a_run_may_make_its_timer_single);
    tcase_add_test(again, a_run_may_make_its_timer_periodic);

    TCase *clock = add_case(suite, "with the clock in hand");
    tcase_add_checked_fixture(clock, setup_clock, teardown_clock);
    tcase_add_test(clock, it_runs_at_its_time_and_no_nanosecond_sooner);
    tcase_add_test(clock, delays_are_milliseconds);
    tcase_add_test(clock, a_late_run_does_not_move_the_next);
    tcase_add_test(clock, a_new_start_begins_new_periods);
    tcase_add_test(clock, a_slow_run_does_not_move_the_next);
    tcase_add_test(clock, runs_that_a_slow_one_misses_are_left_out);
    tcase_add_test(clock, runs_that_another_held_up_are_left_out);

    TCase *cancel = add_case(suite, "cancel");
    tcase_add_checked_fixture(cancel, setup, teardown);
    tcase_add_test(cancel, one_that_never_started_is_cancelled);
    tcase_add_test(cancel, a_pending_one_is_cancelled);
    tcase_add_test(cancel, one_that_has_run_is_too_late);
    tcase_add_test(cancel, a_running_one_is_too_late);
    tcase_add_test(cancel, a_running_periodic_one_does_not_go_on);
    tcase_add_test(cancel, a_running_one_does_not_run_once_more);
    tcase_add_test(cancel, the_run_after_the_running_one_is_cancelled);
    tcase_add_test(cancel, a_run_may_cancel_its_timer);
    tcase_add_test(cancel, a_periodic_one_is_cancelled_between_runs);

    TCase *joins = add_case(suite, "join");
    tcase_add_checked_fixture(joins, setup, teardown);
    tcase_add_test(joins, an_idle_one_is_not_waited_for);
    tcase_add_test(joins, the_end_of_a_run_is_waited_for);
    tcase_add_test(joins, the_run_of_a_pending_one_is_waited_for);
    tcase_add_test(joins, the_run_after_the_running_one_is_waited_for);
    tcase_add_test(joins, a_cancel_ends_the_wait_for_a_pending_one);
    tcase_add_test(joins, a_periodic_one_is_waited_for_until_it_is_cancelled);

    TCase *destroy = add_case(suite, "destroy");
    tcase_add_checked_fixture(destroy, setup, teardown);
    tcase_add_test(destroy, a_pending_one_cannot_be_destroyed);
    tcase_add_test(destroy, a_running_one_cannot_be_destroyed);
    tcase_add_test(destroy, an_idle_one_is_destroyed_while_another_runs);
    tcase_add_loop_test(destroy, a_joined_one_cannot_be_destroyed, 0, 10);

    TCase *inside_runs = add_case(suite, "on the timers' thread");
    tcase_add_checked_fixture(inside_runs, setup, teardown);
    tcase_add_test(inside_runs, a_run_cannot_join_or_destroy);
    tcase_add_test(inside_runs, a_run_may_start_and_cancel);
    tcase_add_test(inside_runs, a_run_may_make_timers);
    tcase_add_test(inside_runs, runs_come_one_at_a_time_on_one_thread);

    TCase *thread = add_case(suite, "the thread");
    tcase_add_test(thread, it_lives_from_the_first_init_to_the_last_destroy);
    tcase_add_test(thread, it_takes_no_signals);
    tcase_add_test(thread, threads_may_come_and_go_with_it);

    TCase *crowd = add_case(suite, "many");
    tcase_set_tags(crowd, "long");
    tcase_add_checked_fixture(crowd, setup, teardown);
    tcase_add_test(crowd, all_run_in_the_order_of_their_times);
    tcase_add_test(crowd, every_start_is_cancelled_or_run);
    tcase_add_test(crowd, threads_may_share_a_timer);
    tcase_add_test(crowd, it_may_be_freed_after_cancel_and_join);

    TCase *needs = add_case(suite, "what init needs");
    tcase_add_checked_fixture(needs, setup_gates, NULL);
    tcase_add_test(needs, a_callback_is_needed);
    tcase_add_test(needs, init_reports_what_it_lacks);
    tcase_add_test(needs, a_failed_init_leaves_the_others_alone);
    return suite;
}
