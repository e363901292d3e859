/*
 * How far the search is, in a line that is written over again and again; and
 * whether it is to stop: its time is over, or somebody asked for it.
 */
#include "tests/explorer/search/search.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t is_asked_to_stop;
static struct timespec began;
static double shown_at; /* seconds since it began */
static int shown;       /* columns in use; 0: no line is there */

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - began.tv_sec) +
           (double)(now.tv_nsec - began.tv_nsec) / 1e9;
}

void explorer_stop(void)
{
    is_asked_to_stop = 1;
}

/* --- How much is done ------------------------------------------------------*/

/* The share of the classes that is done, if each of the turns that are known at
 * a node stands for as many (Knuth, "Estimating the efficiency of
 * backtrack programs", 1975; Kilby et al., "Estimating search tree size", AAAI
 * 2006). Nodes get more turns as the search goes on, so it may shrink: it
 * is no promise. */
static double share_done(void)
{
    double done = 0, share = 1;
    for (uint32_t i = 0; i < seek.depth; i++) {
        const node *n = &nodes[i];
        int turns_done = count_of(n->done);
        int known = turns_done + count_of(n->todo & ~n->done & ~n->asleep);
        if (known > 1) {
            done += share * turns_done / known;
            share /= known;
        }
        if (n->ways > 1) {
            done += share * n->way / n->ways;
            share /= n->ways;
        }
    }
    return done;
}

/* --- The line --------------------------------------------------------------*/

static int columns(void)
{
    struct winsize size = {0};
    const char *given = getenv("COLUMNS");
    long wide = given == NULL ? 0 : strtol(given, NULL, 10);
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        wide = size.ws_col;
    return wide > 0 && wide < 80 ? (int)wide - 1 : 79;
}

/* What is said, as far as it fits. */
typedef struct line {
    char s[80];
    int length, room;
} line;

static void add(line *l, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
static void add(line *l, const char *format, ...)
{
    char more[80];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(more, sizeof more, format, list);
    va_end(list);
    if (length > l->room - l->length) {
        l->room = 0;
        return;
    }
    memcpy(l->s + l->length, more, (size_t)length + 1);
    l->length += length;
}

/* 1,234,567 */
static const char *with_commas(char text[32], unsigned long n)
{
    char *at = text + 31;
    *at = '\0';
    for (int digits = 0; n > 0 || digits == 0; n /= 10, digits++) {
        if (digits > 0 && digits % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + n % 10);
    }
    return at;
}

/* Two digits of it: more would not be true. */
static unsigned long roughly(double n)
{
    double unit = 1;
    while (n / unit >= 100)
        unit *= 10;
    return (unsigned long)(n / unit + 0.5) * (unsigned long)unit;
}

static void add_estimate(line *l)
{
    char number[32];
    double done = share_done();
    double known = done > 0 ? (double)result->executions / done : 0;
    if (known <= 0 || known > 1e15)
        return;
    add(l, ", %.*f %%", done < 0.01 ? 2 : 0, 100 * done);
    add(l, " of about %s", with_commas(number, roughly(known)));
    add(l, " known so far");
}

static void tell(line *l)
{
    char number[32];
    add(l, "%s", with_commas(number, runs_so_far()));
    add(l, seek.proves ? " classes" : " runs");
    if (options.mode == EXPLORER_PROVE)
        add_estimate(l);
    else if (options.mode == EXPLORER_RANDOM)
        add(l, " of %s", with_commas(number, options.max_executions));
    else if (options.mode == EXPLORER_FIND && !seek.proves)
        add(l, ", up to %u delays", seek.bound);
    add(l, ", %.0f s", shown_at);
    add(l, " (Ctrl-C ends it)");
}

/* The cursor stays in the first column: what the terminal writes there, as ^C,
 * is written over as well. */
static void show(void)
{
    line l = {.room = columns()};
    tell(&l);
    fprintf(stderr, "\r%-*s\r", shown > l.length ? shown : l.length, l.s);
    shown = l.length;
}

/* --- For the search --------------------------------------------------------*/

void progress_begins(void)
{
    clock_gettime(CLOCK_MONOTONIC, &began);
    shown_at = 0;
    shown = 0;
}

void progress_ends(void)
{
    if (shown > 0)
        fprintf(stderr, "\r%*s\r", shown, "");
    shown = 0;
    is_asked_to_stop = 0;
}

enum { STEPS = 10000 }; /* about a millisecond */
static const double EVERY = 0.5;

bool must_stop(uint32_t steps)
{
    static uint32_t since;
    since += steps + 1;
    if (is_asked_to_stop)
        seek.is_out_of_time = true;
    if (since < STEPS || seek.is_out_of_time)
        return seek.is_out_of_time;
    since = 0;
    double now = seconds();
    if (options.max_seconds > 0 && now > options.max_seconds)
        seek.is_out_of_time = true;
    if (options.shows_progress && now > shown_at + EVERY &&
            isatty(STDERR_FILENO)) {
        shown_at = now;
        show();
    }
    return seek.is_out_of_time;
}
