/*
 * Timers: what it costs to start one and to cancel it while 20,000 others are
 * pending, which is the life of most time-outs; and how late they come.
 *
 * GLib's time-outs belong to a context, which a thread of ours runs, as the
 * library's own thread runs its timers.
 */
#include <glib.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

#include "primitives/must.h"
#include "primitives/timer.h"
#include "tests/bench/bench.h"
#include "tests/bench/measure.h"
#include "tests/bench/textbook.h"

enum {
    PENDING = 20000,
    MS_PER_HOUR = 3600000,
    DELAY_MS = 2,
    NS_PER_MS = 1000000,
    NS_PER_SECOND = 1000000000,
    MAX_TURNS = 4096 /* of lateness, which remembers each */
};

static GMainContext *context;
static GMainLoop *loop;

static void *run_loop(void *unused)
{
    g_main_loop_run(loop);
    return unused;
}

static gboolean quit_loop(void *unused)
{
    (void)unused;
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

/* The source is the caller's to unref. */
static GSource *attach(GSource *source, GSourceFunc callback)
{
    g_source_set_callback(source, callback, NULL, NULL);
    g_source_attach(source, context);
    return source;
}

static void cancel_glib(GSource *source)
{
    g_source_destroy(source);
    g_source_unref(source);
}

/* Compares while a thread runs the context. */
static void compare_in_loop(const char *what, enum unit unit,
        measurement *measure, const contestant contestants[MAX_CONTESTANTS])
{
    loop = g_main_loop_new(context, FALSE);
    GThread *thread = g_thread_new("time-outs", run_loop, NULL);
    compare(what, unit, measure, (trial){.threads = 1}, contestants);
    GSource *last = attach(g_idle_source_new(), quit_loop);
    g_thread_join(thread);
    g_source_unref(last);
    g_main_loop_unref(loop);
}

/* --- Start and cancel --- */

static sync_timer ours;
static textbook_timer textbook;

static void never(void *unused)
{
    (void)unused;
    give_up("a timer ran that was cancelled, or was not due for an hour");
}

static gboolean never_glib(void *unused)
{
    never(unused);
    return G_SOURCE_REMOVE;
}

/* Between one hour and two, and not in order. */
static unsigned far_off_ms(size_t nth)
{
    return MS_PER_HOUR + (unsigned)(nth % MS_PER_HOUR * 997 % MS_PER_HOUR);
}

WORK(start_and_cancel_ours, {
    sync_timer_start(&ours, far_off_ms(turn));
    sync_timer_cancel(&ours);
})

WORK(start_and_cancel_glib, {
    cancel_glib(attach(g_timeout_source_new(far_off_ms(turn)), never_glib));
})

WORK(start_and_cancel_textbook, {
    textbook_timer_start(&textbook, far_off_ms(turn), never, NULL);
    textbook_timer_cancel(&textbook);
})

static void compare_starting(void)
{
    static const contestant starting[MAX_CONTESTANTS] = {
            {"sync_timer", start_and_cancel_ours, FIGURE_TO(1000)},
            {"g_timeout_source", start_and_cancel_glib, NO_AIM},
            {"textbook: a thread each, 0 pending", start_and_cancel_textbook,
                    NO_AIM},
    };
    static sync_timer others[PENDING];
    static GSource *glib_others[PENDING];
    for (size_t i = 0; i < PENDING; i++) {
        MUST(sync_timer_init(&others[i], never, NULL));
        MUST(sync_timer_start(&others[i], far_off_ms(i)));
        glib_others[i] =
                attach(g_timeout_source_new(far_off_ms(i)), never_glib);
    }
    MUST(sync_timer_init(&ours, never, NULL));
    compare_in_loop("start, cancel; 20,000 pending", NANOSECONDS, all_together,
            starting);
    MUST(sync_timer_destroy(&ours));
    for (size_t i = 0; i < PENDING; i++) {
        MUST(sync_timer_cancel(&others[i]));
        MUST(sync_timer_destroy(&others[i]));
        cancel_glib(glib_others[i]);
    }
}

/* --- Lateness --- */

static sem_t called;
static int64_t due, late; /* written before `called` is posted */
static double all_late[MAX_TURNS];

static void be_called(void *unused)
{
    (void)unused;
    late = now_ns() - due;
    sem_post(&called);
}

static gboolean be_called_glib(void *unused)
{
    be_called(unused);
    return G_SOURCE_REMOVE;
}

static void set_due(void)
{
    due = now_ns() + (int64_t)DELAY_MS * NS_PER_MS;
}

static double lateness_when_called(void)
{
    while (sem_wait(&called) != 0)
        continue; /* a signal came */
    return (double)late;
}

WORK(wait_ours, {
    set_due();
    sync_timer_start(&ours, DELAY_MS);
    all_late[turn] = lateness_when_called();
})

WORK(wait_glib, {
    set_due();
    GSource *source = attach(g_timeout_source_new(DELAY_MS), be_called_glib);
    all_late[turn] = lateness_when_called();
    g_source_unref(source);
})

WORK(wait_bare, {
    set_due();
    struct timespec at = {due / NS_PER_SECOND, due % NS_PER_SECOND};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) != 0)
        continue; /* a signal came */
    all_late[turn] = (double)(now_ns() - due);
})

static double lateness(const trial *trial, work *work)
{
    if (trial->turns > MAX_TURNS)
        give_up("a timer came too early");
    work(trial, 0);
    return median(all_late, trial->turns);
}

static void compare_lateness(void)
{
    static const contestant waiting[MAX_CONTESTANTS] = {
            {"sync_timer", wait_ours, NO_AIM},
            {"clock_nanosleep", wait_bare, AT_MOST(1.2)},
            {"g_timeout_source", wait_glib, NO_AIM},
    };
    if (sem_init(&called, 0, 0) != 0)
        give_up("there is no semaphore to be had");
    MUST(sync_timer_init(&ours, be_called, NULL));
    compare_in_loop("lateness after 2 ms", MICROSECONDS, lateness, waiting);
    MUST(sync_timer_join(&ours));
    MUST(sync_timer_destroy(&ours));
    sem_destroy(&called);
}

void bench_timer(void)
{
    context = g_main_context_new();
    compare_starting();
    compare_lateness();
    g_main_context_unref(context);
}
