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

static const long delays_ms[] = {0, 1, 999, 1000, 1001, 59999, 86400000L};

START_TEST(is_that_many_milliseconds_from_now)
{
    long ms = delays_ms[_i];
    struct timespec from = in_ms(ms);
    struct timespec deadline = sync_deadline_after_ms(ms);
    struct timespec to = in_ms(ms);
    check_between(from, deadline, to);
}
END_TEST

/* The rest is reckoned by a stopped clock, so that the result is exact. */
static void check_exact(
        struct timespec at, long ms, time_t seconds, long nanoseconds)
{
    fault_stop_clock(&at);
    struct timespec deadline = sync_deadline_after_ms(ms);
    fault_stop_clock(NULL);
    ck_assert_int_eq(deadline.tv_sec, seconds);
    ck_assert_int_eq(deadline.tv_nsec, nanoseconds);
}

START_TEST(carries_and_borrows)
{
    struct timespec even = {50, 0}, odd = {50, 700000001};
    check_exact(even, 0, 50, 0);
    check_exact(even, 1, 50, 1000000);
    check_exact(even, 999, 50, 999000000);
    check_exact(even, 1000, 51, 0);
    check_exact(even, -1, 49, 999000000);
    check_exact(even, -1000, 49, 0);
    check_exact(even, -50000, 0, 0);
    check_exact(odd, 299, 50, 999000001);
    check_exact(odd, 300, 51, 1);
    check_exact(odd, 2300, 53, 1);
    check_exact(odd, -700, 50, 1);
    check_exact(odd, -701, 49, 999000001);
    check_exact((struct timespec){50, 1000000}, 999, 51, 0);
}
END_TEST

START_TEST(saturates)
{
    time_t last = FAR_AWAY.tv_sec;
    struct timespec early = {1, 500000000}, late = {last - 2, 500000000};
    check_exact(early, -1200, 0, 300000000);
    check_exact(early, -1500, 0, 0);
    check_exact(early, -1501, 0, 0);
    check_exact(early, -9000, 0, 0);
    check_exact(early, LONG_MIN, 0, 0);
    check_exact(late, 2499, last, 999000000);
    check_exact(late, 2500, last, 999999999);
    check_exact(late, 9000, last, 999999999);
    check_exact(late, LONG_MAX, last, 999999999);
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
