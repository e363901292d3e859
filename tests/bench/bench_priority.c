/*
 * The priority queue: filled with items in random order, and emptied. Its peers
 * are the heap of the textbooks, a balanced tree of GLib's behind a mutex, and,
 * for as long as that can be borne, GAsyncQueue, which looks for each item's
 * place along a list.
 */
#include <glib.h>
#include <stdlib.h>

#include "primitives/must.h"
#include "primitives/queue.h"
#include "tests/bench/bench.h"
#include "tests/bench/measure.h"
#include "tests/bench/textbook.h"

enum { MANY = 100000, FEW = 1000 };

static sync_queue ours;
static textbook_priority textbook;
static GMutex tree_mutex;
static GSequence *tree; /* guarded by the mutex */
static GAsyncQueue *list;

static unsigned keys[MANY]; /* the items are their addresses */

static int by_key(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}

static int by_key_glib(const void *a, const void *b, void *unused)
{
    (void)unused;
    return by_key(a, b);
}

/* Any numbers will do that look like none in particular: those of Numerical
 * Recipes' generator. */
static void make_keys(void)
{
    uint32_t random = 1;
    for (size_t i = 0; i < MANY; i++) {
        random = random * UINT32_C(1664525) + UINT32_C(1013904223);
        keys[i] = random >> 8;
    }
}

/* The item that comes out next; gives its key, for the next call. */
static unsigned expect_order(unsigned last, const unsigned *item)
{
    if (*item < last)
        give_up("a priority queue is out of order");
    return *item;
}

WORK(sort_ours, {
    unsigned last = 0;
    for (size_t i = 0; i < trial->items; i++)
        sync_queue_put(&ours, &keys[i]);
    for (size_t i = 0; i < trial->items; i++) {
        void *item = NULL;
        sync_queue_get(&ours, &item);
        last = expect_order(last, item);
    }
})

WORK(sort_textbook, {
    unsigned last = 0;
    for (size_t i = 0; i < trial->items; i++)
        textbook_priority_put(&textbook, &keys[i]);
    for (size_t i = 0; i < trial->items; i++)
        last = expect_order(last, textbook_priority_get(&textbook));
})

static void *take_from_tree(void)
{
    g_mutex_lock(&tree_mutex);
    GSequenceIter *first = g_sequence_get_begin_iter(tree);
    void *item = g_sequence_get(first);
    g_sequence_remove(first);
    g_mutex_unlock(&tree_mutex);
    return item;
}

WORK(sort_tree, {
    unsigned last = 0;
    for (size_t i = 0; i < trial->items; i++) {
        g_mutex_lock(&tree_mutex);
        g_sequence_insert_sorted(tree, &keys[i], by_key_glib, NULL);
        g_mutex_unlock(&tree_mutex);
    }
    for (size_t i = 0; i < trial->items; i++)
        last = expect_order(last, take_from_tree());
})

WORK(sort_list, {
    unsigned last = 0;
    for (size_t i = 0; i < trial->items; i++)
        g_async_queue_push_sorted(list, &keys[i], by_key_glib, NULL);
    for (size_t i = 0; i < trial->items; i++)
        last = expect_order(last, g_async_queue_pop(list));
})

/* A step is one item. */
static double sort(const trial *trial, work *work)
{
    return alone(trial, work) / (double)trial->items;
}

void bench_priority(void)
{
    static const contestant many[MAX_CONTESTANTS] = {
            {"sync_queue, priority", sort_ours, NO_AIM},
            {"textbook heap", sort_textbook, NO_AIM},
            {"GSequence and GMutex", sort_tree, NO_AIM},
    };
    static const contestant few[MAX_CONTESTANTS] = {
            {"sync_queue, priority", sort_ours, NO_AIM},
            {"textbook heap", sort_textbook, NO_AIM},
            {"GSequence and GMutex", sort_tree, NO_AIM},
            {"GAsyncQueue, push_sorted", sort_list, NO_AIM},
    };
    make_keys();
    MUST(sync_queue_init_priority(&ours, MANY, by_key));
    textbook_priority_init(&textbook, MANY, by_key);
    tree = g_sequence_new(NULL);
    list = g_async_queue_new();
    compare("put and got, each of 1,000 items", NANOSECONDS, sort,
            (trial){.items = FEW}, few);
    compare("put and got, each of 100,000", NANOSECONDS, sort,
            (trial){.items = MANY}, many);
    g_async_queue_unref(list);
    g_sequence_free(tree);
    textbook_priority_destroy(&textbook);
    MUST(sync_queue_destroy(&ours));
}
