#include "primitives/rlock.h"

#include <limits.h>
#include <stdlib.h>

#include "tests/support.h"

static sync_rlock lock;

static void setup(void)
{
    ck_ok(sync_rlock_init(&lock));
}

static void teardown(void)
{
    ck_ok(sync_rlock_destroy(&lock));
}

/* A thread that holds the lock twice from its start until it is let go. */
static worker holder;
static gate held, let_go, half_free;

static void *hold(void *unused)
{
    (void)unused;
    ck_ok(sync_rlock_acquire(&lock));
    ck_ok(sync_rlock_acquire(&lock));
    gate_open(&held);
    gate_pass(&let_go);
    ck_ok(sync_rlock_release(&lock));
    gate_open(&half_free);
    gate_pass(&let_go);
    ck_ok(sync_rlock_release(&lock));
    return NULL;
}

static void start_holder(void)
{
    gate_init(&held);
    gate_init(&let_go);
    gate_init(&half_free);
    start(&holder, hold, NULL);
    gate_pass(&held);
}

static void finish_holder(void)
{
    gate_open(&let_go);
    gate_open(&let_go);
    finish(&holder);
}

/* --- Alone --- */

START_TEST(is_free_at_first)
{
    ck_assert(!sync_rlock_is_held(&lock));
    ck_assert_uint_eq(sync_rlock_depth(&lock), 0);
}
END_TEST

START_TEST(every_form_goes_one_deeper)
{
    struct timespec soon = in_ms(LONG_MS);
    const struct timespec *deadlines[] = {NULL, &soon, &PAST, &FAR_AWAY};
    ck_ok(sync_rlock_acquire(&lock));
    ck_assert_uint_eq(sync_rlock_depth(&lock), 1);
    ck_ok(sync_rlock_try_acquire(&lock));
    ck_assert_uint_eq(sync_rlock_depth(&lock), 2);
    for (unsigned i = 0; i < 4; i++) {
        ck_ok(sync_rlock_acquire_until(&lock, deadlines[i]));
        ck_assert_uint_eq(sync_rlock_depth(&lock), 3 + i);
    }
    for (unsigned depth = 6; depth > 0; depth--) {
        ck_assert_uint_eq(sync_rlock_depth(&lock), depth);
        ck_assert(sync_rlock_is_held(&lock));
        ck_error(sync_rlock_destroy(&lock), EBUSY);
        ck_ok(sync_rlock_release(&lock));
    }
    ck_assert_uint_eq(sync_rlock_depth(&lock), 0);
    ck_assert(!sync_rlock_is_held(&lock));
}
END_TEST

START_TEST(every_form_takes_a_free_lock)
{
    struct timespec soon = in_ms(LONG_MS);
    const struct timespec *deadlines[] = {NULL, &soon, &PAST, &FAR_AWAY};
    for (size_t i = 0; i < 4; i++) {
        ck_ok(sync_rlock_acquire_until(&lock, deadlines[i]));
        ck_assert_uint_eq(sync_rlock_depth(&lock), 1);
        ck_ok(sync_rlock_release(&lock));
    }
    ck_ok(sync_rlock_try_acquire(&lock));
    ck_assert_uint_eq(sync_rlock_depth(&lock), 1);
    ck_ok(sync_rlock_release(&lock));
}
END_TEST

START_TEST(a_free_lock_cannot_be_released)
{
    ck_error(sync_rlock_release(&lock), EPERM);
    ck_ok(sync_rlock_acquire(&lock));
    ck_ok(sync_rlock_release(&lock));
    ck_error(sync_rlock_release(&lock), EPERM);
    ck_assert_uint_eq(sync_rlock_depth(&lock), 0);
}
END_TEST

START_TEST(bad_nanoseconds_come_first)
{
    ck_error(sync_rlock_acquire_until(&lock, &NEGATIVE), EINVAL);
    ck_error(sync_rlock_acquire_until(&lock, &TOO_LARGE), EINVAL);
    ck_assert(!sync_rlock_is_held(&lock));
    ck_ok(sync_rlock_acquire(&lock));
    ck_error(sync_rlock_acquire_until(&lock, &TOO_LARGE), EINVAL);
    ck_assert_uint_eq(sync_rlock_depth(&lock), 1);
    ck_ok(sync_rlock_release(&lock));
}
END_TEST

/* To get there by four thousand million calls would take a quarter of a minute,
 * so the test reaches into the lock. */
START_TEST(the_depth_has_an_end)
{
    ck_ok(sync_rlock_acquire(&lock));
    lock.depth = UINT_MAX - 1;
    ck_ok(sync_rlock_acquire(&lock));
    ck_error(sync_rlock_acquire(&lock), EAGAIN);
    ck_error(sync_rlock_try_acquire(&lock), EAGAIN);
    ck_error(sync_rlock_acquire_until(&lock, NULL), EAGAIN);
    ck_error(sync_rlock_acquire_until(&lock, &NEGATIVE), EINVAL);
    ck_assert_uint_eq(sync_rlock_depth(&lock), UINT_MAX);
    lock.depth = 1;
    ck_ok(sync_rlock_release(&lock));
}
END_TEST

/* --- With a holder --- */

START_TEST(another_thread_cannot_have_it)
{
    start_holder();
    ck_assert(sync_rlock_is_held(&lock));
    ck_assert_uint_eq(sync_rlock_depth(&lock), 0); /* the caller's own */
    ck_error(sync_rlock_try_acquire(&lock), EBUSY);
    ck_error(sync_rlock_acquire_until(&lock, &PAST), ETIMEDOUT);
    ck_error(sync_rlock_acquire_until(&lock, &NEGATIVE), EINVAL);
    ck_error(sync_rlock_release(&lock), EPERM);
    ck_error(sync_rlock_destroy(&lock), EBUSY);
    ck_assert(sync_rlock_is_held(&lock));
    finish_holder();
    ck_assert(!sync_rlock_is_held(&lock));
}
END_TEST

START_TEST(one_release_of_two_does_not_free_it)
{
    start_holder();
    gate_open(&let_go);
    gate_pass(&half_free);
    ck_error(sync_rlock_try_acquire(&lock), EBUSY);
    ck_assert(sync_rlock_is_held(&lock));
    gate_open(&let_go);
    finish(&holder);
    ck_ok(sync_rlock_try_acquire(&lock));
    ck_ok(sync_rlock_release(&lock));
}
END_TEST

START_TEST(the_deadline_is_waited_for)
{
    start_holder();
    struct timespec deadline = in_ms(30);
    ck_error(sync_rlock_acquire_until(&lock, &deadline), ETIMEDOUT);
    ck_assert(!is_before(now(), deadline));
    ck_assert_uint_eq(sync_rlock_depth(&lock), 0);
    finish_holder();
}
END_TEST

static void *acquire_and_release(void *deadline)
{
    ck_ok(sync_rlock_acquire_until(&lock, deadline));
    ck_assert_uint_eq(sync_rlock_depth(&lock), 1);
    ck_ok(sync_rlock_release(&lock));
    return NULL;
}

static void *acquire_with_wait(void *unused)
{
    ck_ok(sync_rlock_acquire(&lock));
    ck_assert_uint_eq(sync_rlock_depth(&lock), 1);
    ck_ok(sync_rlock_release(&lock));
    return unused;
}

START_TEST(a_waiter_gets_it_after_the_last_release)
{
    struct timespec deadlines[] = {in_ms(LONG_MS), FAR_AWAY};
    worker waiters[3];
    start_holder();
    start(&waiters[0], acquire_with_wait, NULL);
    start(&waiters[1], acquire_and_release, &deadlines[0]);
    start(&waiters[2], acquire_and_release, &deadlines[1]);
    for (int i = 0; i < 3; i++)
        until_asleep(&waiters[i]);
    finish_holder();
    for (int i = 0; i < 3; i++)
        finish(&waiters[i]);
}
END_TEST

START_TEST(signals_do_not_end_a_wait)
{
    struct timespec deadline = in_ms(LONG_MS);
    worker patient, punctual;
    start_holder();
    start(&patient, acquire_with_wait, NULL);
    start(&punctual, acquire_and_release, &deadline);
    interrupt(&patient, 10);
    interrupt(&punctual, 10);
    finish_holder();
    finish(&patient);
    finish(&punctual);
}
END_TEST

/* --- Many threads --- */

enum { THREADS = 64, ROUNDS = 200, DEEPEST = 4 };

static long counter; /* guarded by the lock */
static int inside;   /* guarded by the lock */

/* Calls itself with the lock held, as a locked function that calls another. */
static void count_up_from(int depth)
{
    struct timespec deadline = in_ms(LONG_MS);
    if (depth % 2 == 0)
        ck_ok(sync_rlock_acquire(&lock));
    else
        ck_ok(sync_rlock_acquire_until(&lock, &deadline));
    ck_assert_int_eq(inside, depth);
    inside++;
    counter++;
    if (depth + 1 < DEEPEST)
        count_up_from(depth + 1);
    inside--;
    ck_ok(sync_rlock_release(&lock));
}

static void *count_up(void *unused)
{
    for (int i = 0; i < ROUNDS; i++)
        count_up_from(0);
    return unused;
}

START_TEST(one_at_a_time_of_64)
{
    counter = 0;
    run_threads(THREADS, count_up, NULL, 0);
    ck_assert_int_eq(counter, (long)THREADS * ROUNDS * DEEPEST);
}
END_TEST

/* --- The end --- */

typedef struct shared {
    sync_rlock lock;
    int users;
} shared;

/* The last user frees what the lock lies in, as soon as it has released it. */
static void *leave(void *arg)
{
    shared *s = arg;
    ck_ok(sync_rlock_acquire(&s->lock));
    ck_ok(sync_rlock_acquire(&s->lock));
    bool last = --s->users == 0;
    ck_ok(sync_rlock_release(&s->lock));
    ck_ok(sync_rlock_release(&s->lock));
    if (last) {
        ck_ok(sync_rlock_destroy(&s->lock));
        free(s);
    }
    return NULL;
}

START_TEST(the_last_user_may_free_it)
{
    shared *s = malloc(sizeof *s);
    ck_assert_ptr_nonnull(s);
    ck_ok(sync_rlock_init(&s->lock));
    s->users = 4;
    run_threads(4, leave, s, 0);
}
END_TEST

static int make(void)
{
    return sync_rlock_init(&lock);
}

static int unmake(void)
{
    return sync_rlock_destroy(&lock);
}

START_TEST(init_reports_what_it_lacks)
{
    check_faults(make, unmake);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("rlock");

    TCase *alone = add_case(suite, "alone");
    tcase_add_checked_fixture(alone, setup, teardown);
    tcase_add_test(alone, is_free_at_first);
    tcase_add_test(alone, every_form_goes_one_deeper);
    tcase_add_test(alone, every_form_takes_a_free_lock);
    tcase_add_test(alone, a_free_lock_cannot_be_released);
    tcase_add_test(alone, bad_nanoseconds_come_first);
    tcase_add_test(alone, the_depth_has_an_end);

    TCase *contended = add_case(suite, "contended");
    tcase_add_checked_fixture(contended, setup, teardown);
    tcase_add_test(contended, another_thread_cannot_have_it);
    tcase_add_test(contended, one_release_of_two_does_not_free_it);
    tcase_add_test(contended, the_deadline_is_waited_for);
    tcase_add_test(contended, a_waiter_gets_it_after_the_last_release);
    tcase_add_test(contended, signals_do_not_end_a_wait);
    tcase_add_test(contended, one_at_a_time_of_64);

    TCase *ends = add_case(suite, "ends");
    tcase_add_loop_test(ends, the_last_user_may_free_it, 0, 50);
    tcase_add_test(ends, init_reports_what_it_lacks);
    return suite;
}
