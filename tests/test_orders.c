/*
 * What comes out of a queue: in which order, and that nothing is lost on the
 * way, however many threads put and get, and whatever goes wrong meanwhile.
 */
#include "primitives/queue.h"

#include <limits.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

/* What is put. Things are numbered in the order in which they are put. */
typedef struct thing {
    int key; /* decides the order by priority */
    unsigned number;
} thing;

static int by_key(const void *a, const void *b)
{
    return ((const thing *)a)->key - ((const thing *)b)->key;
}

static int init_by_key(sync_queue *queue, size_t capacity)
{
    return sync_queue_init_priority(queue, capacity, by_key);
}

enum { FIFO, LIFO, PRIORITY, ORDERS };

static int (*const init[ORDERS])(sync_queue *, size_t) = {
        sync_queue_init_fifo, sync_queue_init_lifo, init_by_key};

static sync_queue queue;

/* A number from 0 to n-1; the same ones again if the state is (Marsaglia 2003,
 * "Xorshift RNGs"). The state is not 0. */
static unsigned random_below(unsigned n, unsigned *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state % n;
}

/* A state of its own for each thread and each run. */
static unsigned new_chance(void)
{
    static atomic_uint states;
    return 2654435761U * (1 + atomic_fetch_add(&states, 1));
}

/* --- First in, first out --- */

enum { LARGEST = 64 };

static void put_number(thing *things, unsigned number)
{
    ck_ok(sync_queue_put(&queue, &things[number]));
}

static void get_number(thing *things, unsigned number)
{
    void *item;
    ck_ok(sync_queue_try_get(&queue, &item));
    ck_assert_ptr_eq(item, &things[number]);
}

/* A ring that has room for as many as it holds, the oldest of which lies at
 * that place, is made to grow, at first without memory. */
static void grow(unsigned room, unsigned place)
{
    static thing things[3 * LARGEST];
    unsigned put = 0, got = 0;

    ck_ok(sync_queue_init_fifo(&queue, 0));
    while (put < room)
        put_number(things, put++);
    while (got < place)
        get_number(things, got++);
    while (put < place + room)
        put_number(things, put++);
    fault_arm(1);
    ck_error(sync_queue_put(&queue, &things[put]), ENOMEM);
    ck_assert(fault_disarm());
    put_number(things, put++);
    while (put < place + room + room / 2)
        put_number(things, put++);
    while (got < put)
        get_number(things, got++);
    ck_assert_uint_eq(sync_queue_size(&queue), 0);
    ck_ok(sync_queue_destroy(&queue));
}

START_TEST(a_ring_grows_wherever_it_begins)
{
    for (unsigned room = 16; room <= LARGEST; room *= 2)
        for (unsigned place = 0; place < room; place++)
            grow(room, place);
}
END_TEST

/* --- Smallest first --- */

enum { SORTED = 5000 };

static thing to_sort[SORTED], sorted[SORTED];

static int by_key_and_number(const void *a, const void *b)
{
    int order = by_key(a, b);
    unsigned m = ((const thing *)a)->number, n = ((const thing *)b)->number;
    return order != 0 ? order : (m > n) - (m < n);
}

typedef enum pattern {
    ASCENDING,
    DESCENDING,
    ALL_EQUAL,
    TWO_KEYS,
    FEW_KEYS,
    MANY_KEYS,
    PATTERNS
} pattern;

static int key_of(pattern p, int i, unsigned *chance)
{
    switch (p) {
    case ASCENDING:
        return i;
    case DESCENDING:
        return -i;
    case ALL_EQUAL:
        return 7;
    case TWO_KEYS:
        return i % 2;
    case FEW_KEYS:
        return (int)random_below(50, chance);
    default:
        return (int)random_below(INT_MAX, chance);
    }
}

START_TEST(sorts_and_keeps_the_order_of_equals)
{
    unsigned chance = new_chance();
    for (size_t capacity = 0; capacity <= SORTED; capacity += SORTED) {
        for (int i = 0; i < SORTED; i++)
            to_sort[i] = (thing){key_of(_i, i, &chance), (unsigned)i};
        memcpy(sorted, to_sort, sizeof sorted);
        qsort(sorted, SORTED, sizeof sorted[0], by_key_and_number);

        ck_ok(sync_queue_init_priority(&queue, capacity, by_key));
        for (int i = 0; i < SORTED; i++)
            ck_ok(sync_queue_try_put(&queue, &to_sort[i]));
        for (int i = 0; i < SORTED; i++) {
            void *item;
            ck_ok(sync_queue_try_get(&queue, &item));
            ck_assert_ptr_eq(item, &to_sort[sorted[i].number]);
        }
        ck_ok(sync_queue_destroy(&queue));
    }
}
END_TEST

START_TEST(priority_wants_a_compare_function)
{
    long before = fault_held();
    ck_error(sync_queue_init_priority(&queue, 0, NULL), EINVAL);
    ck_error(sync_queue_init_priority(&queue, 5, NULL), EINVAL);
    ck_assert_int_eq(fault_held(), before);
}
END_TEST

static struct timespec hold_up; /* until then */
static bool in_time;            /* a comparison began before the deadline */

typedef struct late_put {
    thing item;
    struct timespec deadline;
    int error;
} late_put;

static late_put put;

/* Compares late. The mutex is held meanwhile, so nobody else can go on. */
static int by_key_late(const void *a, const void *b)
{
    in_time = in_time || is_before(now(), put.deadline);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &hold_up, NULL);
    return by_key(a, b);
}

static void *put_late(void *unused)
{
    put.error = sync_queue_put_until(&queue, &put.item, &put.deadline);
    return unused;
}

/* Has a putter wait, with a deadline so far from now, for a place that is made
 * while the deadline passes: whether it was so, and not too late already. */
static bool a_place_comes_late(long ms)
{
    static thing things[2];
    worker putter;
    void *item;
    put.deadline = hold_up = PAST;
    in_time = false;
    ck_ok(sync_queue_init_priority(&queue, 2, by_key_late));
    ck_ok(sync_queue_put(&queue, &things[0]));
    ck_ok(sync_queue_put(&queue, &things[1]));

    put.deadline = in_ms(ms);
    hold_up = in_ms(ms + 1); /* comes after the deadline */
    start(&putter, put_late, NULL);
    until_asleep(&putter);
    ck_ok(sync_queue_get(&queue, &item));
    finish(&putter);
    if (in_time)
        ck_ok(put.error);

    while (sync_queue_try_get(&queue, &item) == 0)
        continue;
    ck_ok(sync_queue_destroy(&queue));
    return in_time;
}

/* When the deadline passes another thread is about to make a place, with the
 * mutex held. When the putter can look again, the place is there, and it must
 * be taken. A machine that is too slow for the deadline gets a longer one. */
START_TEST(a_place_that_came_too_late_is_taken_all_the_same)
{
    long ms = 10;
    while (!a_place_comes_late(ms))
        ms *= 2;
}
END_TEST

/* --- Every order against a list that is searched from end to end --- */

enum { STEPS = 6000, PHASE = 250 };

static thing *list[STEPS]; /* in the order in which they were put */
static unsigned listed;

static thing *take_from_list(int order)
{
    unsigned next = order == LIFO ? listed - 1 : 0;
    for (unsigned i = 0; order == PRIORITY && i < listed; i++)
        if (by_key(list[i], list[next]) < 0)
            next = i;
    thing *taken = list[next];
    memmove(&list[next], &list[next + 1], (--listed - next) * sizeof(thing *));
    return taken;
}

START_TEST(gives_what_a_plain_list_gives)
{
    static const size_t sizes[] = {0, 1, 2, 3, 7, 100};
    static thing things[STEPS];
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        size_t capacity = sizes[s];
        unsigned chance = new_chance(), puts_of_8 = 0;
        void *item;
        listed = 0;
        ck_ok(init[_i](&queue, capacity));
        for (unsigned i = 0; i < STEPS; i++) {
            if (i % PHASE == 0) /* now it fills up, now it runs empty */
                puts_of_8 = 1 + random_below(7, &chance);
            things[i] = (thing){(int)random_below(20, &chance), i};
            if (random_below(8, &chance) >= puts_of_8) {
                int error = sync_queue_try_get(&queue, &item);
                ck_assert_int_eq(error, listed > 0 ? 0 : EAGAIN);
                if (error == 0)
                    ck_assert_ptr_eq(item, take_from_list(_i));
            } else if (capacity == 0 || listed < capacity) {
                ck_ok(sync_queue_try_put(&queue, &things[i]));
                list[listed++] = &things[i];
            } else {
                ck_error(sync_queue_try_put(&queue, &things[i]), EAGAIN);
            }
            ck_assert_uint_eq(sync_queue_size(&queue), listed);
        }
        while (sync_queue_try_get(&queue, &item) == 0)
            ck_assert_ptr_eq(item, take_from_list(_i));
        ck_assert_uint_eq(listed, 0);
        ck_ok(sync_queue_destroy(&queue));
    }
}
END_TEST

/* --- Many threads: nothing is lost, and nothing comes twice --- */

enum { PARCELS = 1024, MOST = 32, NEVER = 1000000 };

typedef struct parcel {
    thing thing; /* the queue looks at the key */
    unsigned producer;
    unsigned number; /* of this producer's, from 1 */
    unsigned seal;   /* plain data that is handed over */
    unsigned got;    /* how often; plain, for only one thread can have it */
    bool put;        /* or else it has stayed with its producer */
} parcel;

static parcel parcels[PARCELS];
static unsigned producers, consumers;
static worker producing[MOST], consuming[MOST];
static unsigned quota;     /* when a consumer has got so many it leaves */
static size_t limit;       /* the queue's capacity */
static bool oldest_first;  /* the queue's order */
static atomic_bool closed; /* or about to be */
static atomic_uint wrong;  /* answers and parcels that should not be so */

static void check(bool right)
{
    if (!right)
        atomic_fetch_add(&wrong, 1);
}

static struct timespec in_us(unsigned us)
{
    struct timespec at = now();
    at.tv_nsec += (long)us * 1000;
    at.tv_sec += at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    return at;
}

static const struct timespec *deadline_somehow(
        unsigned *chance, struct timespec *soon)
{
    switch (random_below(4, chance)) {
    case 0:
        return &PAST;
    case 1:
        return &FAR_AWAY;
    case 2:
        return NULL;
    default:
        *soon = in_us(random_below(200, chance));
        return soon;
    }
}

static int put_somehow(parcel *p, unsigned *chance)
{
    struct timespec soon;
    switch (random_below(3, chance)) {
    case 0:
        return sync_queue_put(&queue, p);
    case 1:
        return sync_queue_try_put(&queue, p);
    default:
        return sync_queue_put_until(&queue, p, deadline_somehow(chance, &soon));
    }
}

static int get_somehow(void **item, unsigned *chance)
{
    struct timespec soon;
    switch (random_below(3, chance)) {
    case 0:
        return sync_queue_get(&queue, item);
    case 1:
        return sync_queue_try_get(&queue, item);
    default:
        return sync_queue_get_until(
                &queue, item, deadline_somehow(chance, &soon));
    }
}

/* Every other parcel is kept by its producer if it cannot be put at once. */
static void *produce(void *arg)
{
    parcel *p = arg;
    unsigned chance = new_chance();
    int error = 0;
    for (unsigned i = 0; i < PARCELS / producers && error != ECANCELED; i++) {
        p->seal = p->number ^ p->producer;
        do
            error = put_somehow(p, &chance);
        while ((error == EAGAIN || error == ETIMEDOUT) && i % 2 == 0);
        check(error != ECANCELED || atomic_load(&closed));
        p++->put = error == 0;
    }
    return NULL;
}

static void *consume(void *unused)
{
    unsigned last[MOST] = {0}; /* number from each producer */
    unsigned chance = new_chance();
    int error = 0;
    for (unsigned taken = 0; taken < quota && error != ECANCELED;) {
        void *item;
        error = get_somehow(&item, &chance);
        check(error != ECANCELED || atomic_load(&closed));
        if (error != 0)
            continue;
        parcel *p = item;
        check(p->seal == (p->number ^ p->producer));
        check(!oldest_first || p->number > last[p->producer]);
        check(limit == 0 || sync_queue_size(&queue) <= limit);
        last[p->producer] = p->number;
        p->got++;
        taken++;
    }
    return unused;
}

static void start_crowd(int order, size_t capacity)
{
    unsigned each = PARCELS / producers, chance = new_chance();
    for (unsigned i = 0; i < PARCELS; i++)
        parcels[i] = (parcel){.thing.key = (int)random_below(100, &chance),
                .producer = i / each,
                .number = i % each + 1};
    ck_ok(init[order](&queue, capacity));
    limit = capacity;
    oldest_first = order == FIFO;
    atomic_store(&closed, false);
    for (unsigned i = 0; i < producers; i++)
        start(&producing[i], produce, &parcels[i * each]);
    for (unsigned i = 0; i < consumers; i++)
        start(&consuming[i], consume, NULL);
}

static void finish_all(worker *workers, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        finish(&workers[i]);
}

static void close_queue(void)
{
    atomic_store(&closed, true);
    ck_ok(sync_queue_close(&queue));
}

/* Each was got once, or is still there, or has stayed with its producer. */
static void check_parcels(void)
{
    void *rest;
    unsigned put = 0;
    while (sync_queue_try_get(&queue, &rest) == 0)
        ((parcel *)rest)->got++;
    for (unsigned i = 0; i < PARCELS; i++) {
        put += parcels[i].put;
        check(parcels[i].got == parcels[i].put);
    }
    ck_assert_uint_gt(put, 0);
    ck_assert_uint_eq(wrong, 0);
    ck_ok(sync_queue_destroy(&queue));
}

static const unsigned crowds[][2] = {
        {1, 1}, {1, 4}, {4, 1}, {2, 2}, {8, 8}, {32, 32}};
static const size_t capacities[] = {1, 3, 64, 0};

enum {
    CROWDS = sizeof crowds / sizeof crowds[0],
    CAPACITIES = sizeof capacities / sizeof capacities[0]
};

START_TEST(what_is_put_is_got_once)
{
    producers = crowds[_i / ORDERS][0];
    consumers = crowds[_i / ORDERS][1];
    quota = NEVER;
    for (int c = 0; c < CAPACITIES; c++) {
        start_crowd(_i % ORDERS, capacities[c]);
        finish_all(producing, producers);
        close_queue();
        finish_all(consuming, consumers);
        check_parcels();
    }
}
END_TEST

/* Consumers leave early, and the queue is closed while there are items in it
 * and producers that wait for a place. */
START_TEST(a_close_in_between_loses_nothing)
{
    producers = crowds[_i / ORDERS][0];
    consumers = crowds[_i / ORDERS][1];
    quota = PARCELS / 8 / consumers;
    for (int c = 0; c < CAPACITIES; c++) {
        start_crowd(_i % ORDERS, capacities[c]);
        finish_all(consuming, consumers);
        close_queue();
        finish_all(producing, producers);
        check_parcels();
    }
}
END_TEST

/* --- Time-outs cost nobody else the wake-up --- */

enum { PATIENT = 4, HASTY = 4, SHARE = 150, RACES = 400 };

static thing any, last_of_all;
static atomic_bool over;
static atomic_uint successes;

/* Gives who waits a little time, now more, now less. */
static void pause_somehow(unsigned *chance)
{
    for (unsigned turns = random_below(30, chance); turns > 0; turns--)
        sched_yield();
}

static void *get_until_told(void *unused)
{
    void *item;
    for (;;) {
        ck_ok(sync_queue_get(&queue, &item));
        if (item == &last_of_all)
            return unused;
        atomic_fetch_add(&successes, 1);
    }
}

static void *get_hastily(void *unused)
{
    unsigned chance = new_chance();
    while (!atomic_load(&over)) {
        void *item;
        struct timespec soon = in_us(random_below(100, &chance));
        if (sync_queue_get_until(&queue, &item, &soon) == 0)
            atomic_fetch_add(&successes, 1);
    }
    return unused;
}

static void *put_share(void *unused)
{
    for (int i = 0; i < SHARE; i++)
        ck_ok(sync_queue_put(&queue, &any));
    return unused;
}

static void *put_hastily(void *unused)
{
    unsigned chance = new_chance();
    while (!atomic_load(&over)) {
        struct timespec soon = in_us(random_below(100, &chance));
        if (sync_queue_put_until(&queue, &any, &soon) == 0)
            atomic_fetch_add(&successes, 1);
    }
    return unused;
}

static worker patient[PATIENT], hasty[HASTY];

static void start_both(void *(*patiently)(void *), void *(*hastily)(void *))
{
    for (unsigned i = 0; i < PATIENT; i++)
        start(&patient[i], patiently, NULL);
    for (unsigned i = 0; i < HASTY; i++)
        start(&hasty[i], hastily, NULL);
}

static void finish_hasty(void)
{
    atomic_store(&over, true);
    finish_all(hasty, HASTY);
}

/* At the end there is an item for each patient thread to leave with, and nobody
 * else who takes it: a thread that sleeps on has lost a wake-up. */
START_TEST(getters_that_time_out_take_no_wakeup_along)
{
    unsigned chance = new_chance();
    void *item;
    ck_ok(init[_i](&queue, 0));
    start_both(get_until_told, get_hastily);
    for (int i = 0; i < RACES; i++) {
        ck_ok(sync_queue_put(&queue, &any));
        pause_somehow(&chance);
    }
    finish_hasty();
    for (int i = 0; i < PATIENT; i++)
        ck_ok(sync_queue_put(&queue, &last_of_all));
    finish_all(patient, PATIENT);
    while (sync_queue_try_get(&queue, &item) == 0)
        atomic_fetch_add(&successes, 1);
    ck_assert_uint_eq(successes, RACES);
    ck_ok(sync_queue_destroy(&queue));
}
END_TEST

/* At the end all that is put is taken: one that sleeps on keeps its share. */
START_TEST(putters_that_time_out_take_no_wakeup_along)
{
    unsigned chance = new_chance();
    void *item;
    ck_ok(init[_i](&queue, 1));
    start_both(put_share, put_hastily);
    for (int i = 0; i < RACES; i++) {
        ck_ok(sync_queue_get(&queue, &item));
        pause_somehow(&chance);
    }
    finish_hasty();
    unsigned left = PATIENT * SHARE + successes - RACES;
    for (unsigned i = 0; i < left; i++)
        ck_ok(sync_queue_get(&queue, &item));
    finish_all(patient, PATIENT);
    ck_ok(sync_queue_destroy(&queue));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("orders");

    TCase *alone = add_case(suite, "alone");
    tcase_add_test(alone, a_ring_grows_wherever_it_begins);
    tcase_add_loop_test(
            alone, sorts_and_keeps_the_order_of_equals, 0, PATTERNS);
    tcase_add_test(alone, priority_wants_a_compare_function);
    tcase_add_test(alone, a_place_that_came_too_late_is_taken_all_the_same);
    tcase_add_loop_test(alone, gives_what_a_plain_list_gives, 0, ORDERS);

    TCase *crowd = add_case(suite, "crowd");
    tcase_add_loop_test(crowd, what_is_put_is_got_once, 0, ORDERS * CROWDS);
    tcase_add_loop_test(
            crowd, a_close_in_between_loses_nothing, 0, ORDERS * CROWDS);
    tcase_add_loop_test(
            crowd, getters_that_time_out_take_no_wakeup_along, 0, ORDERS);
    tcase_add_loop_test(
            crowd, putters_that_time_out_take_no_wakeup_along, 0, ORDERS);
    return suite;
}
