/*
 * Orders: which item a queue hands out next.
 *
 * Some items are there. One thread puts another, one gets what comes first; and
 * when both have ended main gets the rest.
 */
#include "primitives/queue.h"

#include "tests/prove/prove.h"

enum { ITEMS = 40, WRITTEN = 100, FIRST = 10, SMALLEST = 0, LARGEST = 39 };

static sync_queue queue;
static int numbers[ITEMS]; /* what the items point to; i holds WRITTEN + i */
static int at_first;       /* items that are there: FIRST, FIRST + 1 ... */
static int late;           /* the item that is put meanwhile */
static int came[ITEMS];    /* the numbers of the items as they are got */

static void *item_of(int i)
{
    numbers[i] = WRITTEN + i;
    return &numbers[i];
}

static int number_of(const void *item)
{
    int i = (int)((const int *)item - numbers);
    PROMISE(numbers[i] == WRITTEN + i);
    return i;
}

static int get_number(void)
{
    void *item = NULL;
    PROMISE(sync_queue_get_until(&queue, &item, &prove_past) == 0);
    return number_of(item);
}

static void fill(int count)
{
    for (at_first = 0; at_first < count; at_first++)
        PROMISE(sync_queue_put(&queue, item_of(FIRST + at_first)) == 0);
}

static void *put_largest(void *unused)
{
    (void)unused;
    late = LARGEST;
    PROMISE(sync_queue_put(&queue, item_of(LARGEST)) == 0);
    return prove_result(0);
}

static void *put_smallest(void *unused)
{
    (void)unused;
    late = SMALLEST;
    PROMISE(sync_queue_put(&queue, item_of(SMALLEST)) == 0);
    return prove_result(0);
}

static void *get_first(void *unused)
{
    (void)unused;
    came[0] = get_number();
    return prove_result(0);
}

/* Without the late one, they come in the order in which they came in, or the
 * other way round. Gives the late one's place. */
static int check_order(bool is_reversed)
{
    int place = 0, next = is_reversed ? at_first - 1 : 0;
    for (int i = 1; i <= at_first; i++)
        came[i] = get_number();
    PROMISE(sync_queue_size(&queue) == 0);
    for (int i = 0; i <= at_first; i++) {
        if (came[i] == late) {
            place = i;
            continue;
        }
        PROMISE(came[i] == FIRST + next);
        next += is_reversed ? -1 : 1;
    }
    PROMISE(sync_queue_destroy(&queue) == 0);
    return place;
}

static void end_last(void)
{
    PROMISE(check_order(false) == at_first);
}

/* It is the next to come: the first, unless one was got before it was put. */
static void end_next(void)
{
    PROMISE(check_order(false) <= 1);
}

static void end_reversed(void)
{
    PROMISE(check_order(true) <= 1);
}

/* The ring has turned by some places. */
static void fill_ring(int count)
{
    for (int i = 0; i < 2; i++) {
        PROMISE(sync_queue_put(&queue, item_of(i)) == 0);
        PROMISE(get_number() == i);
    }
    fill(count);
}

static void begin_fifo_of_3(void)
{
    PROMISE(sync_queue_init_fifo(&queue, 3) == 0);
    fill_ring(2);
}

static void begin_lifo_of_3(void)
{
    PROMISE(sync_queue_init_lifo(&queue, 3) == 0);
    fill(2);
}

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void begin_priority_of_4(void)
{
    PROMISE(sync_queue_init_priority(&queue, 4, compare) == 0);
    fill(3);
}

static int all_are_equal(const void *a, const void *b)
{
    (void)a;
    (void)b;
    return 0;
}

static void begin_priority_equal(void)
{
    PROMISE(sync_queue_init_priority(&queue, 4, all_are_equal) == 0);
    fill(3);
}

/* The first room is for 16 items. */
static void begin_fifo_growing(void)
{
    PROMISE(sync_queue_init_fifo(&queue, 0) == 0);
    fill_ring(16);
}

static void begin_lifo_growing(void)
{
    PROMISE(sync_queue_init_lifo(&queue, 0) == 0);
    fill(16);
}

static void begin_priority_growing(void)
{
    PROMISE(sync_queue_init_priority(&queue, 0, compare) == 0);
    fill(16);
}

#define LATE(which) THREADS(OPERATION(put_##which), OPERATION(get_first))

static const prove_scenario scenarios[] = {
        {.name = "fifo: the late one is last",
                LATE(smallest),
                .begin = begin_fifo_of_3,
                .end = end_last},
        {.name = "fifo: the same, growing",
                LATE(smallest),
                .begin = begin_fifo_growing,
                .end = end_last},
        {.name = "lifo: the late one is next",
                LATE(smallest),
                .begin = begin_lifo_of_3,
                .end = end_reversed},
        {.name = "lifo: the same, growing",
                LATE(smallest),
                .begin = begin_lifo_growing,
                .end = end_reversed},
        {.name = "priority: the smallest is next",
                LATE(smallest),
                .begin = begin_priority_of_4,
                .end = end_next},
        {.name = "priority: the same, growing",
                LATE(smallest),
                .begin = begin_priority_growing,
                .end = end_next},
        {.name = "priority: the largest is last",
                LATE(largest),
                .begin = begin_priority_of_4,
                .end = end_last},
        {.name = "priority: of equals the late one is last",
                LATE(smallest),
                .begin = begin_priority_equal,
                .end = end_last},
        LAST,
};

const prove_module scenario_module = {
        "orders", NULL, scenarios, NULL, NULL, NULL, false};
