#include "primitives/local.h"

#include <limits.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

/* --- What is kept in the copies, and what becomes of them --- */

enum { SIZE = 64, COPIES = 1024 };

typedef struct note {
    int id; /* of the copy, given by its thread; 0: none yet */
    int filler[SIZE / sizeof(int) - 1];
} note;

/* Cleanups are counted by what they find in the copy, under a mutex of the
 * test's own, for several threads may end at once. */
static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;
static int cleanups[COPIES]; /* by id */
static int cleanups_in_all;
static pthread_t last_cleaner;

static void count_cleanup(void *copy)
{
    note *n = copy;
    ck_ok(pthread_mutex_lock(&counting));
    cleanups[n->id]++;
    cleanups_in_all++;
    last_cleaner = pthread_self();
    ck_ok(pthread_mutex_unlock(&counting));
}

static sync_local local;
static long held_before;

static void setup(void)
{
    held_before = fault_held();
    ck_ok(sync_local_init(&local, sizeof(note), count_cleanup));
}

/* For the tests that have ended the local themselves. */
static void check_nothing_is_left(void)
{
    ck_assert_int_eq(fault_held(), held_before);
}

static void teardown(void)
{
    ck_ok(sync_local_destroy(&local));
    check_nothing_is_left();
}

static bool is_zero(const void *copy, size_t size)
{
    const unsigned char *bytes = copy;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

/* The thread's own copy, whole and new. */
static note *get_new(void)
{
    note *n = sync_local_get(&local);
    ck_assert_ptr_nonnull(n);
    ck_assert(is_zero(n, sizeof *n));
    return n;
}

/* Threads that get a copy, write their number all over it, and then live on
 * until they are let go. */
typedef struct owner {
    worker worker;
    gate let_go;
    int id;
    note *copy;
} owner;

static gate written;

static void *own(void *arg)
{
    owner *o = arg;
    o->copy = get_new();
    memset(o->copy, o->id, sizeof *o->copy);
    o->copy->id = o->id;
    gate_open(&written);
    gate_pass(&o->let_go);
    return NULL;
}

static void start_owner(owner *o, int id)
{
    o->id = id;
    gate_init(&written);
    gate_init(&o->let_go);
    start(&o->worker, own, o);
    gate_pass(&written);
}

static void finish_owner(owner *o)
{
    gate_open(&o->let_go);
    finish(&o->worker);
}

/* --- Alone --- */

START_TEST(a_copy_is_zeroed_and_stays_where_it_is)
{
    note *n = get_new();
    n->id = 1;
    for (int i = 0; i < 10; i++)
        ck_assert_ptr_eq(sync_local_get(&local), n);
    ck_assert_int_eq(n->id, 1);
    ck_assert_int_eq(cleanups_in_all, 0);
}
END_TEST

START_TEST(a_copy_has_its_size_and_is_aligned)
{
    const size_t sizes[] = {0, 1, 3, 8, 15, 16, 17, 100, 4096, 1000000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        sync_local sized;
        ck_ok(sync_local_init(&sized, sizes[i], NULL));
        void *copy = sync_local_get(&sized);
        ck_assert_ptr_nonnull(copy);
        ck_assert_uint_eq((uintptr_t)copy % alignof(max_align_t), 0);
        ck_assert(is_zero(copy, sizes[i]));
        memset(copy, 0xff, sizes[i]);
        ck_assert_ptr_eq(sync_local_get(&sized), copy);
        ck_ok(sync_local_reset(&sized));
        ck_assert(is_zero(copy, sizes[i]));
        ck_ok(sync_local_destroy(&sized));
    }
    check_nothing_is_left();
}
END_TEST

/* The second leaves no room for what the library puts before it; the third
 * does, but no memory is so large. */
START_TEST(a_copy_may_be_too_large)
{
    const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 - 1000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        sync_local large;
        ck_ok(sync_local_init(&large, sizes[i], NULL));
        long before = fault_held();
        fault_arm(1); /* the sanitizers would stop at so large a request */
        ck_assert_ptr_null(sync_local_get(&large));
        ck_assert(fault_disarm() == (i == 2));
        ck_assert_int_eq(fault_held(), before);
        ck_ok(sync_local_reset(&large));
        ck_ok(sync_local_destroy(&large));
    }
    check_nothing_is_left();
}
END_TEST

START_TEST(a_reset_cleans_up_and_fills_with_zeroes)
{
    note *n = get_new();
    for (int id = 1; id <= 3; id++) {
        memset(n, 0xff, sizeof *n);
        n->id = id;
        ck_ok(sync_local_reset(&local));
        ck_assert_int_eq(cleanups[id], 1);
        ck_assert_int_eq(cleanups_in_all, id);
        ck_assert_ptr_eq(get_new(), n);
    }
    ck_assert(pthread_equal(last_cleaner, pthread_self()));
}
END_TEST

START_TEST(without_a_copy_there_is_nothing_to_reset)
{
    long before = fault_held();
    ck_ok(sync_local_reset(&local));
    ck_assert_int_eq(fault_held(), before);
    ck_assert_int_eq(cleanups_in_all, 0);
}
END_TEST

static void *reset_without_a_copy(void *unused)
{
    ck_ok(sync_local_reset(&local));
    return unused;
}

START_TEST(a_reset_leaves_the_copies_of_others)
{
    owner owner;
    note *n = get_new();
    n->id = 1;
    start_owner(&owner, 2);
    run_threads(1, reset_without_a_copy, NULL, 0);
    ck_assert_int_eq(n->id, 1);
    ck_ok(sync_local_reset(&local));
    ck_assert_int_eq(cleanups[1], 1);
    ck_assert_int_eq(cleanups_in_all, 1);
    ck_assert_int_eq(owner.copy->id, 2); /* peeped at while it waits */
    finish_owner(&owner);
}
END_TEST

START_TEST(a_cleanup_is_not_needed)
{
    sync_local plain;
    ck_ok(sync_local_init(&plain, sizeof(int), NULL));
    int *copy = sync_local_get(&plain);
    ck_assert_ptr_nonnull(copy);
    *copy = 1;
    ck_ok(sync_local_reset(&plain));
    ck_assert_int_eq(*copy, 0);
    ck_ok(sync_local_destroy(&plain));
    check_nothing_is_left();
}
END_TEST

/* --- Threads that end --- */

START_TEST(each_thread_has_its_own)
{
    owner owners[3];
    note *mine = get_new();
    mine->id = 9;
    for (int i = 0; i < 3; i++) {
        start_owner(&owners[i], i + 1);
        ck_assert_ptr_ne(owners[i].copy, mine);
        ck_assert_int_eq(mine->id, 9);
        for (int j = 0; j < i; j++)
            ck_assert_ptr_ne(owners[i].copy, owners[j].copy);
    }
    /* Whichever ends first, the list of the others holds together. */
    const int order[] = {1, 0, 2};
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(cleanups_in_all, i);
        finish_owner(&owners[order[i]]);
        ck_assert_int_eq(cleanups[order[i] + 1], 1);
    }
    ck_assert_ptr_eq(sync_local_get(&local), mine);
    ck_assert_int_eq(cleanups_in_all, 3);
}
END_TEST

static void *note_who_cleans(void *unused)
{
    (void)unused;
    pthread_t *self = malloc(sizeof *self);
    ck_assert_ptr_nonnull(self);
    *self = pthread_self();
    get_new()->id = 1;
    return self;
}

START_TEST(the_thread_that_ends_cleans_up_and_frees)
{
    worker w;
    long before = fault_held();
    start(&w, note_who_cleans, NULL);
    pthread_t *self = finish(&w);
    ck_assert_int_eq(cleanups_in_all, 1);
    ck_assert(pthread_equal(last_cleaner, *self));
    ck_assert_int_eq(fault_held(), before);
    free(self);
}
END_TEST

static void *reset_and_end(void *unused)
{
    get_new()->id = 1;
    ck_ok(sync_local_reset(&local));
    get_new()->id = 2;
    return unused;
}

START_TEST(after_a_reset_the_copy_is_cleaned_up_anew)
{
    run_threads(1, reset_and_end, NULL, 0);
    ck_assert_int_eq(cleanups[1], 1);
    ck_assert_int_eq(cleanups[2], 1);
    ck_assert_int_eq(cleanups_in_all, 2);
}
END_TEST

static void *touch_nothing(void *unused)
{
    return unused;
}

START_TEST(a_thread_that_never_asked_has_none)
{
    run_threads(3, touch_nothing, NULL, 0);
    ck_assert_int_eq(cleanups_in_all, 0);
}
END_TEST

/* A cleanup that needs a copy, so many times, itself. */
static sync_local clinging;
static int copies_wanted;

static void get_another(void *copy)
{
    cleanups_in_all++;
    if (--copies_wanted > 0) {
        int *another = sync_local_get(&clinging);
        ck_assert_ptr_nonnull(another);
        ck_assert_ptr_ne(another, copy);
        ck_assert_int_eq(*another, 0);
        *another = 1;
    }
}

static void *get_one(void *unused)
{
    ck_assert_ptr_nonnull(sync_local_get(&clinging));
    return unused;
}

START_TEST(a_cleanup_may_get_a_new_copy)
{
    ck_ok(sync_local_init(&clinging, sizeof(int), get_another));
    long before = fault_held();
    copies_wanted = 3;
    run_threads(1, get_one, NULL, 0);
    ck_assert_int_eq(cleanups_in_all, 3);
    ck_assert_int_eq(fault_held(), before);
    ck_ok(sync_local_destroy(&clinging));
    check_nothing_is_left();
}
END_TEST

/* The system gives up after some rounds; destroy() then finds the last copy,
 * and calls the cleanup a last time. A thread sanitizer forgets the thread
 * before the last round, and cannot follow. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ /* gcc's name for it */
#endif
#endif

#ifndef __SANITIZE_THREAD__
START_TEST(a_cleanup_that_never_ends_loses_nothing)
{
    enum { ROUNDS = 1000000 };
    ck_ok(sync_local_init(&clinging, sizeof(int), get_another));
    copies_wanted = ROUNDS;
    run_threads(1, get_one, NULL, 0);
    int rounds = cleanups_in_all;
    ck_assert_int_lt(rounds, ROUNDS);
    copies_wanted = 1;
    ck_ok(sync_local_destroy(&clinging));
    ck_assert_int_eq(cleanups_in_all, rounds + 1);
    check_nothing_is_left();
}
END_TEST
#endif

/* --- Destroy --- */

START_TEST(destroy_cleans_up_each_copy_once)
{
    enum { OWNERS = 4 };
    owner owners[OWNERS];
    get_new()->id = OWNERS + 1;
    for (int i = 0; i < OWNERS; i++)
        start_owner(&owners[i], i + 1);
    finish_owner(&owners[0]); /* has ended; the others live on */
    ck_assert_int_eq(cleanups_in_all, 1);

    ck_ok(sync_local_destroy(&local));
    check_nothing_is_left();
    ck_assert(pthread_equal(last_cleaner, pthread_self()));
    for (int i = 1; i < OWNERS; i++)
        finish_owner(&owners[i]); /* and do not clean up any more */
    for (int id = 1; id <= OWNERS + 1; id++)
        ck_assert_int_eq(cleanups[id], 1);
    ck_assert_int_eq(cleanups_in_all, OWNERS + 1);
}
END_TEST

START_TEST(destroy_without_copies_does_nothing)
{
    ck_ok(sync_local_destroy(&local));
    ck_assert_int_eq(cleanups_in_all, 0);
    check_nothing_is_left();
}
END_TEST

/* A thread outlives two locals of the same key. */
static gate go_on;

static void *outlive(void *unused)
{
    get_new()->id = 1;
    gate_open(&written);
    gate_pass(&go_on);
    get_new()->id = 2; /* not what is left of the first */
    return unused;
}

START_TEST(a_later_local_is_new_to_old_threads)
{
    worker w;
    gate_init(&written);
    gate_init(&go_on);
    start(&w, outlive, NULL);
    gate_pass(&written);
    pthread_key_t key = local.key;
    ck_ok(sync_local_destroy(&local));
    ck_ok(sync_local_init(&local, sizeof(note), count_cleanup));
    ck_assert_uint_eq(local.key, key); /* or it would prove little */
    gate_open(&go_on);
    finish(&w);
    ck_assert_int_eq(cleanups[1], 1);
    ck_assert_int_eq(cleanups[2], 1);
    ck_assert_int_eq(cleanups_in_all, 2);
    ck_ok(sync_local_destroy(&local));
    check_nothing_is_left();
}
END_TEST

/* --- Many --- */

enum { THREADS = 64, LOCALS = 100 };

START_TEST(threads_have_copies_of_their_own)
{
    static owner owners[THREADS];
    for (int i = 0; i < THREADS; i++)
        start_owner(&owners[i], i + 1);
    for (int i = 0; i < THREADS; i++)
        for (int j = 0; j < i; j++)
            ck_assert_ptr_ne(owners[i].copy, owners[j].copy);
    for (int i = 0; i < THREADS; i++)
        gate_open(&owners[i].let_go); /* they end all at once */
    for (int i = 0; i < THREADS; i++)
        finish(&owners[i].worker);
    for (int id = 1; id <= THREADS; id++)
        ck_assert_int_eq(cleanups[id], 1);
    ck_assert_int_eq(cleanups_in_all, THREADS);
}
END_TEST

static sync_local locals[LOCALS];

/* The value tells the thread and the local. */
static void *use_them_all(void *arg)
{
    int self = *(int *)arg;
    int *copies[LOCALS];
    for (int i = 0; i < LOCALS; i++) {
        copies[i] = sync_local_get(&locals[i]);
        ck_assert_ptr_nonnull(copies[i]);
        ck_assert_int_eq(*copies[i], 0);
        *copies[i] = self * LOCALS + i;
    }
    for (int i = 0; i < LOCALS; i++) {
        ck_assert_ptr_eq(sync_local_get(&locals[i]), copies[i]);
        ck_assert_int_eq(*copies[i], self * LOCALS + i);
        if (i % 2 == 0)
            ck_ok(sync_local_reset(&locals[i]));
        ck_assert_int_eq(*copies[i], i % 2 == 0 ? 0 : self * LOCALS + i);
    }
    return NULL;
}

START_TEST(threads_may_have_copies_of_many)
{
    int ids[THREADS];
    long nothing = fault_held();
    for (int i = 0; i < LOCALS; i++)
        ck_ok(sync_local_init(&locals[i], sizeof(int), NULL));
    long without_copies = fault_held();
    for (int i = 0; i < THREADS; i++)
        ids[i] = i + 1;
    run_threads(THREADS, use_them_all, ids, sizeof ids[0]);
    ck_assert_int_eq(fault_held(), without_copies);
    for (int i = 0; i < LOCALS; i++)
        ck_ok(sync_local_destroy(&locals[i]));
    ck_assert_int_eq(fault_held(), nothing);
}
END_TEST

/* Threads begin and end at the same time as others. */
enum { ROUNDS = 20, STARTERS = 8, STARTED = STARTERS * ROUNDS };

static void *begin_threads(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        owner o;
        o.id = 1;
        gate_init(&o.let_go);
        gate_open(&o.let_go);
        start(&o.worker, own, &o);
        finish(&o.worker);
    }
    return unused;
}

START_TEST(threads_may_begin_and_end_at_once)
{
    gate_init(&written);
    run_threads(STARTERS, begin_threads, NULL, 0);
    ck_assert_int_eq(cleanups[1], STARTED);
    ck_assert_int_eq(cleanups_in_all, STARTED);
}
END_TEST

/* --- What the system lacks --- */

static int make(void)
{
    return sync_local_init(&local, sizeof(note), count_cleanup);
}

static int unmake(void)
{
    return sync_local_destroy(&local);
}

START_TEST(init_reports_what_it_lacks)
{
    check_faults(make, unmake);
}
END_TEST

/* The first fault is in the memory; the second, if there is one, in giving it
 * to the key. */
START_TEST(a_copy_that_failed_can_be_asked_for_again)
{
    unsigned faults = 0;
    ck_ok(make());
    for (long before = fault_held();; faults++) {
        fault_arm(faults + 1);
        note *n = sync_local_get(&local);
        if (!fault_disarm()) {
            ck_assert_ptr_eq(n, sync_local_get(&local));
            break;
        }
        ck_assert_ptr_null(n);
        ck_assert_int_eq(fault_held(), before);
        ck_ok(sync_local_reset(&local)); /* has none */
    }
    ck_assert_uint_ge(faults, 2);
    ck_assert(is_zero(sync_local_get(&local), sizeof(note)));
    ck_ok(unmake());
    ck_assert_int_eq(cleanups_in_all, 1);
}
END_TEST

static pthread_key_t keys[PTHREAD_KEYS_MAX];

START_TEST(keys_may_run_out_and_come_back)
{
    long nothing = fault_held();
    int n = 0;
    ck_ok(make());
    while (n < PTHREAD_KEYS_MAX && pthread_key_create(&keys[n], NULL) == 0)
        n++;

    sync_local another;
    long before = fault_held();
    ck_error(sync_local_init(&another, 1, NULL), EAGAIN);
    ck_assert_int_eq(fault_held(), before);
    ck_assert_ptr_nonnull(sync_local_get(&local));

    ck_ok(sync_local_destroy(&local)); /* gives one back */
    ck_ok(sync_local_init(&another, 1, NULL));
    ck_error(sync_local_init(&local, 1, NULL), EAGAIN);
    ck_assert_ptr_nonnull(sync_local_get(&another));
    ck_ok(sync_local_destroy(&another));
    while (n > 0)
        ck_ok(pthread_key_delete(keys[--n]));
    ck_assert_int_eq(fault_held(), nothing);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("local");

    TCase *alone = add_case(suite, "alone");
    tcase_add_checked_fixture(alone, setup, teardown);
    tcase_add_test(alone, a_copy_is_zeroed_and_stays_where_it_is);
    tcase_add_test(alone, a_reset_cleans_up_and_fills_with_zeroes);
    tcase_add_test(alone, without_a_copy_there_is_nothing_to_reset);
    tcase_add_test(alone, a_reset_leaves_the_copies_of_others);

    TCase *sizes = add_case(suite, "sizes");
    tcase_add_test(sizes, a_copy_has_its_size_and_is_aligned);
    tcase_add_test(sizes, a_copy_may_be_too_large);
    tcase_add_test(sizes, a_cleanup_is_not_needed);

    TCase *ending = add_case(suite, "threads that end");
    tcase_add_checked_fixture(ending, setup, teardown);
    tcase_add_test(ending, each_thread_has_its_own);
    tcase_add_test(ending, the_thread_that_ends_cleans_up_and_frees);
    tcase_add_test(ending, after_a_reset_the_copy_is_cleaned_up_anew);
    tcase_add_test(ending, a_thread_that_never_asked_has_none);

    TCase *clings = add_case(suite, "a cleanup that gets a copy");
    tcase_add_test(clings, a_cleanup_may_get_a_new_copy);
#ifndef __SANITIZE_THREAD__
    tcase_add_test(clings, a_cleanup_that_never_ends_loses_nothing);
#endif

    TCase *destroy = add_case(suite, "destroy");
    tcase_add_checked_fixture(destroy, setup, NULL);
    tcase_add_test(destroy, destroy_cleans_up_each_copy_once);
    tcase_add_test(destroy, destroy_without_copies_does_nothing);
    tcase_add_test(destroy, a_later_local_is_new_to_old_threads);

    TCase *crowd = add_case(suite, "many");
    tcase_add_checked_fixture(crowd, setup, teardown);
    tcase_add_test(crowd, threads_have_copies_of_their_own);
    tcase_add_test(crowd, threads_may_have_copies_of_many);
    tcase_add_test(crowd, threads_may_begin_and_end_at_once);

    TCase *lacks = add_case(suite, "what the system lacks");
    tcase_add_test(lacks, init_reports_what_it_lacks);
    tcase_add_test(lacks, a_copy_that_failed_can_be_asked_for_again);
    tcase_add_test(lacks, keys_may_run_out_and_come_back);
    return suite;
}
