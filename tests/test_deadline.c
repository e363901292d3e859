#include "primitives/deadline.h"

#include <limits.h>

#include "tests/support.h"

/* The deadline lies between two times that were reckoned here. */
static void check_between(
        struct timespec from, struct timespec deadline, struct timespec to)
{
    ck_assert(!is_before(deadline, from));
    ck_assert(!is_before(to, deadline));
}

static void check_normal(struct timespec deadline)
{
    ck_assert_int_ge(deadline.tv_sec, 0);
    ck_assert_int_ge(deadline.tv_nsec, 0);
    ck_assert_int_lt(deadline.tv_nsec, 1000000000);
    ck_ok(sync_deadline_check(&deadline));
}

static const long delays_ms[] = {0, 1, 999, 1000, 1001, 59999, 86400000L};

START_TEST(is_that_many_milliseconds_from_now)
{
    long ms = delays_ms[_i];
    struct timespec from = in_ms(ms);
    struct timespec deadline = sync_deadline_after_ms(ms);
    struct timespec to = in_ms(ms);
    check_normal(deadline);
    check_between(from, deadline, to);
}
END_TEST

/* Near the end of a second the nanoseconds carry over, near its start they
 * borrow: enough calls to see both. */
START_TEST(carries_and_borrows)
{
    for (long ms = -1100; ms <= 1100; ms++) {
        struct timespec before = now();
        struct timespec deadline = sync_deadline_after_ms(ms);
        check_normal(deadline);
        ck_assert_int_eq(is_before(deadline, before), ms < 0);
    }
}
END_TEST

START_TEST(a_negative_delay_is_in_the_past)
{
    struct timespec before = now();
    struct timespec deadline = sync_deadline_after_ms(-50);
    struct timespec after = now();
    check_normal(deadline);

    /* 50 ms later it is between the two */
    deadline.tv_nsec += 50000000;
    deadline.tv_sec += deadline.tv_nsec / 1000000000;
    deadline.tv_nsec %= 1000000000;
    check_between(before, deadline, after);
}
END_TEST

START_TEST(saturates)
{
    check_normal(sync_deadline_after_ms(LONG_MAX));
    check_normal(sync_deadline_after_ms(LONG_MAX - 999));
    ck_assert(is_before(in_ms(86400000L), sync_deadline_after_ms(LONG_MAX)));

    struct timespec longest_ago = sync_deadline_after_ms(LONG_MIN);
    ck_assert_int_eq(longest_ago.tv_sec, 0);
    ck_assert_int_eq(longest_ago.tv_nsec, 0);
    longest_ago = sync_deadline_after_ms(LONG_MIN + 1);
    ck_assert_int_eq(longest_ago.tv_sec, 0);
    ck_assert_int_eq(longest_ago.tv_nsec, 0);
}
END_TEST

START_TEST(a_longer_delay_is_a_later_deadline)
{
    static const long ms[] = {LONG_MIN, LONG_MIN / 2, -1000000, -1, 0, 1,
            1000000, LONG_MAX / 1000, LONG_MAX / 2, LONG_MAX};
    struct timespec earlier = sync_deadline_after_ms(ms[0]);
    for (size_t i = 1; i < sizeof ms / sizeof ms[0]; i++) {
        struct timespec later = sync_deadline_after_ms(ms[i]);
        ck_assert(!is_before(later, earlier));
        earlier = later;
    }
}
END_TEST

START_TEST(nanoseconds_are_checked)
{
    const struct timespec last = {0, 999999999}, first = {0, 0};
    const struct timespec long_ago = {-1, 0};
    ck_ok(sync_deadline_check(NULL));
    ck_ok(sync_deadline_check(&first));
    ck_ok(sync_deadline_check(&last));
    ck_ok(sync_deadline_check(&long_ago));
    ck_ok(sync_deadline_check(&FAR_AWAY));
    ck_error(sync_deadline_check(&NEGATIVE), EINVAL);
    ck_error(sync_deadline_check(&TOO_LARGE), EINVAL);
}
END_TEST

/* --- How the modules wait --- */

static pthread_mutex_t mutex;
static pthread_cond_t first, second;
static pthread_cond_t *const conds[] = {&first, &second};

static void setup(void)
{
    ck_ok(sync_monitor_init(&mutex, conds, 2));
}

static void teardown(void)
{
    sync_monitor_destroy(&mutex, conds, 2);
}

static const struct timespec BEFORE_TIME_BEGAN = {-1, 0};

START_TEST(a_condition_times_out_and_not_before)
{
    struct timespec soon = in_ms(20);
    const struct timespec *deadlines[] = {&PAST, &BEFORE_TIME_BEGAN, &soon};
    ck_ok(pthread_mutex_lock(&mutex));
    for (size_t i = 0; i < 3; i++) {
        int error = 0;
        while (error == 0) /* a spurious wakeup is no time-out */
            error = sync_cond_wait_until(&first, &mutex, deadlines[i]);
        ck_error(error, ETIMEDOUT);
        ck_assert(!is_before(now(), *deadlines[i]));
    }
    ck_ok(pthread_mutex_unlock(&mutex));
}
END_TEST

static void *try_to_lock(void *deadline)
{
    ck_error(sync_mutex_lock_until(&mutex, deadline), ETIMEDOUT);
    return NULL;
}

START_TEST(a_mutex_times_out_and_not_before)
{
    struct timespec deadlines[] = {PAST, BEFORE_TIME_BEGAN, in_ms(20)};
    ck_ok(pthread_mutex_lock(&mutex));
    run_threads(3, try_to_lock, deadlines, sizeof deadlines[0]);
    ck_assert(!is_before(now(), deadlines[2]));
    ck_ok(pthread_mutex_unlock(&mutex));
}
END_TEST

START_TEST(a_free_mutex_is_locked_whatever_the_deadline)
{
    const struct timespec *deadlines[] = {NULL, &PAST, &FAR_AWAY};
    for (size_t i = 0; i < 3; i++) {
        ck_ok(sync_mutex_lock_until(&mutex, deadlines[i]));
        ck_ok(pthread_mutex_unlock(&mutex));
    }
}
END_TEST

static int make(void)
{
    return sync_monitor_init(&mutex, conds, 2);
}

static int unmake(void)
{
    sync_monitor_destroy(&mutex, conds, 2);
    return 0;
}

START_TEST(a_monitor_is_made_whole_or_not_at_all)
{
    check_faults(make, unmake);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("deadline");

    TCase *reckoning = add_case(suite, "reckoning");
    int delays = sizeof delays_ms / sizeof delays_ms[0];
    tcase_add_loop_test(
            reckoning, is_that_many_milliseconds_from_now, 0, delays);
    tcase_add_test(reckoning, carries_and_borrows);
    tcase_add_test(reckoning, a_negative_delay_is_in_the_past);
    tcase_add_test(reckoning, saturates);
    tcase_add_test(reckoning, a_longer_delay_is_a_later_deadline);
    tcase_add_test(reckoning, nanoseconds_are_checked);

    TCase *waiting = add_case(suite, "waiting");
    tcase_add_checked_fixture(waiting, setup, teardown);
    tcase_add_test(waiting, a_condition_times_out_and_not_before);
    tcase_add_test(waiting, a_mutex_times_out_and_not_before);
    tcase_add_test(waiting, a_free_mutex_is_locked_whatever_the_deadline);

    TCase *ends = add_case(suite, "ends");
    tcase_add_test(ends, a_monitor_is_made_whole_or_not_at_all);
    return suite;
}
