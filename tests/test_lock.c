#include "primitives/lock.h"

#include <stdlib.h>

#include "primitives/deadline.h"
#include "tests/support.h"

static sync_lock lock;

static void setup(void)
{
    ck_ok(sync_lock_init(&lock));
}

static void teardown(void)
{
    ck_ok(sync_lock_destroy(&lock));
}

/* A thread that holds the lock from its start until it is let go. */
static worker holder;
static gate held, let_go;

static void *hold(void *unused)
{
    (void)unused;
    ck_ok(sync_lock_acquire(&lock));
    gate_open(&held);
    gate_pass(&let_go);
    ck_ok(sync_lock_release(&lock));
    return NULL;
}

static void start_holder(void)
{
    gate_init(&held);
    gate_init(&let_go);
    start(&holder, hold, NULL);
    gate_pass(&held);
}

static void finish_holder(void)
{
    gate_open(&let_go);
    finish(&holder);
}

/* --- Alone --- */

START_TEST(is_free_at_first)
{
    ck_assert(!sync_lock_is_held(&lock));
    ck_assert(!sync_lock_is_mine(&lock));
}
END_TEST

START_TEST(is_held_between_acquire_and_release)
{
    ck_ok(sync_lock_acquire(&lock));
    ck_assert(sync_lock_is_held(&lock));
    ck_assert(sync_lock_is_mine(&lock));
    ck_ok(sync_lock_release(&lock));
    ck_assert(!sync_lock_is_held(&lock));
    ck_assert(!sync_lock_is_mine(&lock));
}
END_TEST

START_TEST(every_form_takes_a_free_lock)
{
    struct timespec soon = in_ms(LONG_MS);
    const struct timespec *deadlines[] = {NULL, &soon, &PAST, &FAR_AWAY};
    for (size_t i = 0; i < sizeof deadlines / sizeof deadlines[0]; i++) {
        ck_ok(sync_lock_acquire_until(&lock, deadlines[i]));
        ck_assert(sync_lock_is_mine(&lock));
        ck_ok(sync_lock_release(&lock));
    }
    ck_ok(sync_lock_try_acquire(&lock));
    ck_assert(sync_lock_is_mine(&lock));
    ck_ok(sync_lock_release(&lock));
}
END_TEST

START_TEST(the_holder_is_told_instead_of_waiting_for_itself)
{
    ck_ok(sync_lock_acquire(&lock));
    ck_error(sync_lock_acquire(&lock), EDEADLK);
    ck_error(sync_lock_acquire_until(&lock, NULL), EDEADLK);
    ck_error(sync_lock_acquire_until(&lock, &PAST), EDEADLK);
    ck_error(sync_lock_try_acquire(&lock), EBUSY);
    ck_error(sync_lock_destroy(&lock), EBUSY);
    ck_assert(sync_lock_is_mine(&lock)); /* nothing has changed */
    ck_ok(sync_lock_release(&lock));
    ck_assert(!sync_lock_is_held(&lock));
}
END_TEST

START_TEST(a_free_lock_cannot_be_released)
{
    ck_error(sync_lock_release(&lock), EPERM);
    ck_ok(sync_lock_acquire(&lock));
    ck_ok(sync_lock_release(&lock));
    ck_error(sync_lock_release(&lock), EPERM);
    ck_assert(!sync_lock_is_held(&lock));
}
END_TEST

START_TEST(bad_nanoseconds_come_first)
{
    ck_error(sync_lock_acquire_until(&lock, &NEGATIVE), EINVAL);
    ck_error(sync_lock_acquire_until(&lock, &TOO_LARGE), EINVAL);
    ck_assert(!sync_lock_is_held(&lock));
    ck_ok(sync_lock_acquire(&lock));
    ck_error(sync_lock_acquire_until(&lock, &NEGATIVE), EINVAL);
    ck_ok(sync_lock_release(&lock));
}
END_TEST

/* --- With a holder --- */

START_TEST(another_thread_cannot_have_it)
{
    start_holder();
    ck_assert(sync_lock_is_held(&lock));
    ck_assert(!sync_lock_is_mine(&lock));
    ck_error(sync_lock_try_acquire(&lock), EBUSY);
    ck_error(sync_lock_acquire_until(&lock, &PAST), ETIMEDOUT);
    ck_error(sync_lock_acquire_until(&lock, &NEGATIVE), EINVAL);
    ck_error(sync_lock_release(&lock), EPERM);
    ck_error(sync_lock_destroy(&lock), EBUSY);
    ck_assert(sync_lock_is_held(&lock)); /* nothing has changed */
    finish_holder();
    ck_assert(!sync_lock_is_held(&lock));
}
END_TEST

START_TEST(the_deadline_is_waited_for)
{
    start_holder();
    struct timespec deadline = in_ms(30);
    ck_error(sync_lock_acquire_until(&lock, &deadline), ETIMEDOUT);
    ck_assert(!is_before(now(), deadline));
    ck_assert(!sync_lock_is_mine(&lock));
    finish_holder();
}
END_TEST

static void *acquire_and_release(void *deadline)
{
    ck_ok(sync_lock_acquire_until(&lock, deadline));
    ck_ok(sync_lock_release(&lock));
    return NULL;
}

static void *acquire_with_wait(void *unused)
{
    ck_ok(sync_lock_acquire(&lock));
    ck_ok(sync_lock_release(&lock));
    return unused;
}

START_TEST(a_waiter_gets_it_after_the_release)
{
    struct timespec deadlines[] = {in_ms(LONG_MS), FAR_AWAY};
    worker waiters[3];
    start_holder();
    start(&waiters[0], acquire_with_wait, NULL);
    start(&waiters[1], acquire_and_release, &deadlines[0]);
    start(&waiters[2], acquire_and_release, &deadlines[1]);
    for (int i = 0; i < 3; i++)
        until_asleep(&waiters[i]);
    ck_assert(sync_lock_is_held(&lock));
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

enum { THREADS = 64, ROUNDS = 200 };

static long counter; /* guarded by the lock */
static int inside;   /* guarded by the lock */

/* Takes the lock by the form whose turn it is. */
static void acquire_somehow(int turn)
{
    struct timespec deadline = in_ms(LONG_MS);
    switch (turn % 3) {
    case 0:
        ck_ok(sync_lock_acquire(&lock));
        break;
    case 1:
        ck_ok(sync_lock_acquire_until(&lock, &deadline));
        break;
    default:
        if (sync_lock_try_acquire(&lock) != 0)
            ck_ok(sync_lock_acquire(&lock));
    }
}

static void *count_up(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        acquire_somehow(i);
        ck_assert_int_eq(inside++, 0);
        ck_assert(sync_lock_is_mine(&lock));
        counter++;
        ck_assert_int_eq(--inside, 0);
        ck_ok(sync_lock_release(&lock));
    }
    return unused;
}

START_TEST(one_at_a_time_of_64)
{
    counter = 0;
    run_threads(THREADS, count_up, NULL, 0);
    ck_assert_int_eq(counter, (long)THREADS * ROUNDS);
}
END_TEST

/* --- The end --- */

typedef struct shared {
    sync_lock lock;
    int users;
} shared;

/* The last user frees what the lock lies in, as soon as it has released it. */
static void *leave(void *arg)
{
    shared *s = arg;
    ck_ok(sync_lock_acquire(&s->lock));
    bool last = --s->users == 0;
    ck_ok(sync_lock_release(&s->lock));
    if (last) {
        ck_ok(sync_lock_destroy(&s->lock));
        free(s);
    }
    return NULL;
}

START_TEST(the_last_user_may_free_it)
{
    shared *s = malloc(sizeof *s);
    ck_assert_ptr_nonnull(s);
    ck_ok(sync_lock_init(&s->lock));
    s->users = 4;
    run_threads(4, leave, s, 0);
}
END_TEST

static int make(void)
{
    return sync_lock_init(&lock);
}

static int unmake(void)
{
    return sync_lock_destroy(&lock);
}

START_TEST(init_reports_what_it_lacks)
{
    check_faults(make, unmake);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("lock");

    TCase *alone = add_case(suite, "alone");
    tcase_add_checked_fixture(alone, setup, teardown);
    tcase_add_test(alone, is_free_at_first);
    tcase_add_test(alone, is_held_between_acquire_and_release);
    tcase_add_test(alone, every_form_takes_a_free_lock);
    tcase_add_test(alone, the_holder_is_told_instead_of_waiting_for_itself);
    tcase_add_test(alone, a_free_lock_cannot_be_released);
    tcase_add_test(alone, bad_nanoseconds_come_first);

    TCase *contended = add_case(suite, "contended");
    tcase_add_checked_fixture(contended, setup, teardown);
    tcase_add_test(contended, another_thread_cannot_have_it);
    tcase_add_test(contended, the_deadline_is_waited_for);
    tcase_add_test(contended, a_waiter_gets_it_after_the_release);
    tcase_add_test(contended, signals_do_not_end_a_wait);
    tcase_add_test(contended, one_at_a_time_of_64);

    TCase *ends = add_case(suite, "ends");
    tcase_add_loop_test(ends, the_last_user_may_free_it, 0, 50);
    tcase_add_test(ends, init_reports_what_it_lacks);
    return suite;
}
