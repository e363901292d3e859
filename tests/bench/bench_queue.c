/*
 * The queue, first in first out, beside the ring of the textbooks and GLib's
 * GAsyncQueue, which has no bound: its producers never wait.
 */
#include <glib.h>
#include <stdio.h>

#include "primitives/must.h"
#include "primitives/queue.h"
#include "tests/bench/bench.h"
#include "tests/bench/measure.h"
#include "tests/bench/textbook.h"

enum { MAX_SIDE = 4 };

static OWN_LINE sync_queue ours;
static OWN_LINE textbook_queue textbook;
static GAsyncQueue *glib;

/* The first half of the threads put the addresses of numbers in, one a turn,
 * going through all numbers again and again. The others get them, and each adds
 * up what it got. */
enum { NUMBERS = 1024 };
static unsigned numbers[NUMBERS];

static bool puts_in(const trial *trial, unsigned me)
{
    return me < trial->threads / 2;
}

static struct {
    OWN_LINE size_t sum;
} got_by[2 * MAX_SIDE];

static void add_up(unsigned me, const unsigned *number)
{
    got_by[me].sum += *number;
}

WORK(carry_ours, {
    if (puts_in(trial, me)) {
        sync_queue_put(&ours, &numbers[turn % NUMBERS]);
    } else {
        void *item = NULL;
        sync_queue_get(&ours, &item);
        add_up(me, item);
    }
})

WORK(carry_glib, {
    if (puts_in(trial, me))
        g_async_queue_push(glib, &numbers[turn % NUMBERS]);
    else
        add_up(me, g_async_queue_pop(glib));
})

WORK(carry_textbook, {
    if (puts_in(trial, me))
        textbook_queue_put(&textbook, &numbers[turn % NUMBERS]);
    else
        add_up(me, textbook_queue_get(&textbook));
})

static size_t sum_of_put(size_t turns)
{
    size_t sum = 0;
    for (size_t turn = 0; turn < turns; turn++)
        sum += numbers[turn % NUMBERS];
    return sum;
}

/* A step is one item. */
static double carry(const trial *trial, work *work)
{
    size_t side = trial->threads / 2, got = 0;
    for (unsigned i = 0; i < trial->threads; i++)
        got_by[i].sum = 0;
    double ns = run_together(trial, work);
    for (unsigned i = 0; i < trial->threads; i++)
        got += got_by[i].sum;
    if (got != side * sum_of_put(trial->turns))
        give_up("a queue has not carried what was put into it");
    return ns / (double)(side * trial->turns);
}

static void compare_carrying(unsigned side, size_t capacity)
{
    static const contestant carrying[MAX_CONTESTANTS] = {
            {"sync_queue", carry_ours, NO_AIM},
            {"GAsyncQueue, unbounded", carry_glib, AT_LEAST(1)},
            {"textbook", carry_textbook, NO_AIM},
    };
    static const contestant hand_to_hand[MAX_CONTESTANTS] = {
            {"sync_queue", carry_ours, NO_AIM},
            {"GAsyncQueue, unbounded", carry_glib, AT_LEAST(1)},
            {"textbook", carry_textbook, AT_LEAST(10)},
    };
    char what[64];
    snprintf(what, sizeof what, "%u to %u threads, capacity %zu", side, side,
            capacity);
    bool small = side == 1 && capacity == 64;
    MUST(sync_queue_init_fifo(&ours, capacity));
    textbook_queue_init(&textbook, capacity);
    glib = g_async_queue_new();
    compare(what, MILLIONS_A_SECOND, carry, (trial){.threads = 2 * side},
            small ? hand_to_hand : carrying);
    g_async_queue_unref(glib);
    textbook_queue_destroy(&textbook);
    MUST(sync_queue_destroy(&ours));
}

void bench_queue(void)
{
    for (unsigned i = 0; i < NUMBERS; i++)
        numbers[i] = i;
    for (unsigned side = 1; side <= MAX_SIDE; side *= 2) {
        compare_carrying(side, 64);
        compare_carrying(side, 1024);
    }
}
