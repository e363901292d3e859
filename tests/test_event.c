#include "primitives/event.h"

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "primitives/must.h"
#include "tests/support.h"

static sync_event event;

static void setup(void)
{
    ck_ok(sync_event_init(&event));
}

static void teardown(void)
{
    ck_ok(sync_event_destroy(&event));
}

static const struct timespec BEFORE_ZERO = {-1, 0};

/* --- Alone --- */

static void check_not_set(void)
{
    ck_assert(!sync_event_is_set(&event));
    ck_error(sync_event_wait_until(&event, &PAST), ETIMEDOUT);
    ck_error(sync_event_wait_until(&event, &BEFORE_ZERO), ETIMEDOUT);
    ck_assert(!sync_event_is_set(&event));
}

static void check_set(void)
{
    struct timespec soon = in_ms(LONG_MS);
    const struct timespec *deadlines[] = {
            NULL, &soon, &PAST, &BEFORE_ZERO, &FAR_AWAY};
    ck_assert(sync_event_is_set(&event));
    ck_ok(sync_event_wait(&event));
    for (size_t i = 0; i < sizeof deadlines / sizeof deadlines[0]; i++)
        ck_ok(sync_event_wait_until(&event, deadlines[i]));
    ck_assert(sync_event_is_set(&event));
}

START_TEST(is_not_set_at_first)
{
    check_not_set();
}
END_TEST

START_TEST(once_set_it_lets_every_form_through)
{
    ck_ok(sync_event_set(&event));
    check_set();
}
END_TEST

START_TEST(set_twice_is_set)
{
    ck_ok(sync_event_set(&event));
    ck_ok(sync_event_set(&event));
    check_set();
    ck_ok(sync_event_clear(&event)); /* once is enough */
    check_not_set();
}
END_TEST

START_TEST(cleared_twice_is_not_set)
{
    ck_ok(sync_event_clear(&event));
    check_not_set();
    ck_ok(sync_event_set(&event));
    ck_ok(sync_event_clear(&event));
    ck_ok(sync_event_clear(&event));
    check_not_set();
    ck_ok(sync_event_set(&event));
    check_set();
}
END_TEST

START_TEST(the_deadline_is_waited_for)
{
    struct timespec deadline = in_ms(30);
    ck_error(sync_event_wait_until(&event, &deadline), ETIMEDOUT);
    ck_assert(!is_before(now(), deadline));
}
END_TEST

START_TEST(bad_nanoseconds_come_first)
{
    ck_error(sync_event_wait_until(&event, &NEGATIVE), EINVAL);
    ck_error(sync_event_wait_until(&event, &TOO_LARGE), EINVAL);
    ck_ok(sync_event_set(&event));
    ck_error(sync_event_wait_until(&event, &NEGATIVE), EINVAL);
    ck_error(sync_event_wait_until(&event, &TOO_LARGE), EINVAL);
    check_set();
}
END_TEST

START_TEST(it_may_end_set_or_not)
{
    sync_event e;
    for (int i = 0; i < 2; i++) {
        ck_ok(sync_event_init(&e));
        if (i == 1)
            ck_ok(sync_event_set(&e));
        ck_ok(sync_event_destroy(&e));
    }
}
END_TEST

/* --- With waiters --- */

/* A look at the private field that counts the sleepers. A counted thread keeps
 * the mutex until it sleeps, so by every call that locks it, it is waiting. No
 * look from outside could be so sure, and a set that is cleared at once passes
 * by whoever is still on the way. */
static unsigned sleepers(void)
{
    return (unsigned)(atomic_load(&event.state) / 2);
}

static void until_waiting(unsigned n)
{
    while (sleepers() != n)
        sched_yield();
}

enum { WAITERS = 4 };

static worker waiters[WAITERS];
static struct timespec soon, far_away;
static atomic_bool happened; /* the set may come from now on */

static void *wait_for_ever(void *unused)
{
    ck_ok(sync_event_wait(&event));
    ck_assert(atomic_load(&happened));
    return unused;
}

static void *wait_until(void *deadline)
{
    ck_ok(sync_event_wait_until(&event, deadline));
    ck_assert(atomic_load(&happened));
    return NULL;
}

static void start_waiters(void)
{
    soon = in_ms(LONG_MS);
    far_away = FAR_AWAY;
    atomic_init(&happened, false);
    start(&waiters[0], wait_for_ever, NULL);
    start(&waiters[1], wait_until, NULL);
    start(&waiters[2], wait_until, &soon);
    start(&waiters[3], wait_until, &far_away);
    until_waiting(WAITERS);
}

static void set_and_finish_waiters(void)
{
    atomic_store(&happened, true);
    ck_ok(sync_event_set(&event));
    for (int i = 0; i < WAITERS; i++)
        finish(&waiters[i]);
}

START_TEST(set_releases_all_who_wait_and_all_who_come_later)
{
    start_waiters();
    ck_assert(!sync_event_is_set(&event));
    set_and_finish_waiters();
    check_set();
}
END_TEST

/* At once: without a word to Check in between. */
static int set_and_clear(void)
{
    int error = sync_event_set(&event);
    return error != 0 ? error : sync_event_clear(&event);
}

START_TEST(set_releases_who_waits_even_if_cleared_at_once)
{
    start_waiters();
    atomic_store(&happened, true);
    ck_ok(set_and_clear());
    for (int i = 0; i < WAITERS; i++)
        finish(&waiters[i]);
    check_not_set(); /* those who come later wait */
}
END_TEST

START_TEST(a_clear_releases_nobody)
{
    start_waiters();
    ck_ok(sync_event_clear(&event));
    for (int i = 0; i < WAITERS; i++)
        until_asleep(&waiters[i]);
    until_waiting(WAITERS);
    set_and_finish_waiters();
}
END_TEST

START_TEST(the_end_is_refused_while_a_thread_waits)
{
    start_waiters();
    for (int i = 0; i < 2; i++) {
        ck_error(sync_event_destroy(&event), EBUSY);
        ck_error(sync_event_wait_until(&event, &NEGATIVE), EINVAL);
        check_not_set();
        until_waiting(WAITERS);
    }
    set_and_finish_waiters();
    check_set();
}
END_TEST

START_TEST(one_waiter_is_enough_to_refuse_the_end)
{
    worker waiter;
    atomic_init(&happened, true);
    start(&waiter, wait_for_ever, NULL);
    until_waiting(1);
    ck_error(sync_event_destroy(&event), EBUSY);
    ck_ok(sync_event_set(&event));
    finish(&waiter);
}
END_TEST

START_TEST(a_set_that_comes_before_the_sleep_is_not_missed)
{
    worker w;
    atomic_init(&happened, true);
    ck_ok(pthread_mutex_lock(&event.mutex)); /* nobody can go to sleep */
    start(&w, wait_for_ever, NULL);
    until_asleep(&w);
    ck_ok(sync_event_set(&event));
    ck_ok(pthread_mutex_unlock(&event.mutex));
    finish(&w);
}
END_TEST

START_TEST(signals_do_not_end_a_wait)
{
    start_waiters();
    for (int i = 0; i < WAITERS; i++)
        interrupt(&waiters[i], 5);
    until_waiting(WAITERS);
    set_and_finish_waiters();
}
END_TEST

/* Wakes who sleeps at the event without a reason, as POSIX allows. */
static void wake_for_nothing(void)
{
    ck_ok(pthread_mutex_lock(&event.mutex));
    ck_ok(pthread_cond_broadcast(&event.is_set));
    ck_ok(pthread_mutex_unlock(&event.mutex));
}

START_TEST(waking_up_for_nothing_does_not_end_a_wait)
{
    start_waiters();
    for (int i = 0; i < 5; i++) {
        wake_for_nothing();
        for (int j = 0; j < WAITERS; j++)
            until_asleep(&waiters[j]);
    }
    until_waiting(WAITERS);
    set_and_finish_waiters();
}
END_TEST

static gate over, let_go;

static void *time_out(void *deadline)
{
    ck_error(sync_event_wait_until(&event, deadline), ETIMEDOUT);
    ck_assert(!is_before(now(), *(struct timespec *)deadline));
    sigset_t all; /* for Helgrind, an interrupted gate is an error */
    ck_ok(sigfillset(&all));
    ck_ok(pthread_sigmask(SIG_BLOCK, &all, NULL));
    gate_open(&over);
    gate_pass(&let_go);
    return NULL;
}

START_TEST(no_disturbance_moves_the_deadline)
{
    worker w;
    gate_init(&over);
    gate_init(&let_go);
    struct timespec deadline = in_ms(60);
    start(&w, time_out, &deadline);
    for (int i = 0; i < 5; i++) {
        interrupt(&w, 1);
        wake_for_nothing();
    }
    gate_pass(&over);
    gate_open(&let_go);
    finish(&w);
}
END_TEST

/* --- Round after round --- */

enum { ROUNDS = 150 };

static pthread_barrier_t line; /* where a round begins, and where it ends */
static struct timespec moment; /* when waits end, and the set comes */

static void meet(void)
{
    int result = pthread_barrier_wait(&line);
    ck_assert(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
}

static void until_moment(void)
{
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, NULL) ==
            EINTR)
        continue;
}

static void *wait_each_round(void *deadline)
{
    for (int i = 0; i < ROUNDS; i++) {
        ck_ok(sync_event_wait_until(&event, deadline));
        meet();
    }
    return NULL;
}

START_TEST(each_set_and_clear_releases_each_waiter_once)
{
    struct timespec limit = in_ms(LONG_MS);
    ck_ok(pthread_barrier_init(&line, NULL, WAITERS + 1));
    for (int i = 0; i < WAITERS; i++)
        start(&waiters[i], wait_each_round, i % 2 == 0 ? &limit : NULL);
    for (int i = 0; i < ROUNDS; i++) {
        until_waiting(WAITERS);
        ck_ok(set_and_clear());
        meet();
    }
    for (int i = 0; i < WAITERS; i++)
        finish(&waiters[i]);
    ck_ok(pthread_barrier_destroy(&line));
}
END_TEST

static atomic_bool given; /* the event has been set, for the one waiter */

static void *wait_in_the_end(void *unused)
{
    int error;
    do {
        struct timespec deadline = in_ms(10);
        error = sync_event_wait_until(&event, &deadline);
        ck_assert(error == 0 || !atomic_load(&given));
    } while (error == ETIMEDOUT);
    ck_ok(error);
    return unused;
}

/* The event is set by hand while the mutex keeps the waiter from going: by then
 * its deadline has passed. */
START_TEST(a_set_that_comes_with_the_deadline_is_seen)
{
    worker w;
    atomic_init(&given, false);
    start(&w, wait_in_the_end, NULL);
    ck_ok(pthread_mutex_lock(&event.mutex));
    while (sleepers() == 0) {
        ck_ok(pthread_mutex_unlock(&event.mutex));
        sched_yield();
        ck_ok(pthread_mutex_lock(&event.mutex));
    }
    moment = in_ms(10);
    until_moment();
    atomic_store(&given, true);
    atomic_fetch_add(&event.state, 1);
    ck_ok(pthread_mutex_unlock(&event.mutex));
    finish(&w);
}
END_TEST

static int results[WAITERS];

static void *race(void *result)
{
    for (int i = 0; i < ROUNDS; i++) {
        meet();
        *(int *)result = sync_event_wait_until(&event, &moment);
        meet();
    }
    return NULL;
}

START_TEST(a_time_out_that_races_with_a_set_leaves_no_trace)
{
    bool patient = _i == 1; /* somebody waits for ever beside */
    ck_ok(pthread_barrier_init(&line, NULL, WAITERS + 1));
    for (int i = 0; i < WAITERS; i++)
        start(&waiters[i], race, &results[i]);
    for (int i = 0; i < ROUNDS; i++) {
        worker w;
        atomic_store(&happened, true);
        if (patient) {
            start(&w, wait_for_ever, NULL);
            until_waiting(1);
        }
        moment = in_ms(1);
        meet();
        until_moment();
        int error = set_and_clear();
        meet();
        ck_ok(error);
        if (patient)
            finish(&w);
        until_waiting(0);
        for (int j = 0; j < WAITERS; j++)
            ck_assert(results[j] == 0 || results[j] == ETIMEDOUT);
        check_not_set();
    }
    for (int i = 0; i < WAITERS; i++)
        finish(&waiters[i]);
    ck_ok(pthread_barrier_destroy(&line));
}
END_TEST

/* --- Many threads --- */

enum { THREADS = 64, TURNS = 100 };

START_TEST(one_set_releases_64)
{
    static worker many[THREADS];
    atomic_init(&happened, false);
    soon = in_ms(LONG_MS);
    for (int i = 0; i < THREADS; i++)
        start(&many[i], i % 2 == 0 ? wait_until : wait_for_ever, &soon);
    if (_i == 0) /* or they are caught on the way */
        until_waiting(THREADS);
    atomic_store(&happened, true);
    ck_ok(sync_event_set(&event));
    for (int i = 0; i < THREADS; i++)
        finish(&many[i]);
    check_set();
}
END_TEST

/* The threads of the following tests keep their errors to themselves until they
 * are done: what Check does for an assertion would order them. */

static void *use_somehow(void *arg)
{
    unsigned me = *(unsigned *)arg;
    int error, errors = 0, wrong = 0;
    meet();
    for (unsigned i = 0; i < TURNS; i++) {
        struct timespec deadline = in_ms(1);
        switch ((me + i) % 5) {
        case 0:
            errors |= sync_event_set(&event);
            break;
        case 1:
            errors |= sync_event_clear(&event);
            break;
        case 2:
            errors |= sync_event_is_set(&event) ? 0 : sync_event_set(&event);
            break;
        default:
            error = sync_event_wait_until(&event, &deadline);
            wrong += error != 0 && error != ETIMEDOUT;
        }
    }
    ck_ok(errors);
    ck_assert_int_eq(wrong, 0);
    return NULL;
}

START_TEST(all_is_well_when_64_do_as_they_like)
{
    unsigned numbers[THREADS];
    for (unsigned i = 0; i < THREADS; i++)
        numbers[i] = i;
    ck_ok(pthread_barrier_init(&line, NULL, THREADS));
    run_threads(THREADS, use_somehow, numbers, sizeof numbers[0]);
    ck_ok(pthread_barrier_destroy(&line));
    ck_ok(sync_event_clear(&event));
    check_not_set();
    ck_ok(sync_event_set(&event));
    check_set();
}
END_TEST

/* --- What is ordered by it: the thread sanitizers and Helgrind look on --- */

enum { HOPS = 2000 };

static long baton; /* guarded by whose turn it is */
static sync_event turns[2];

/* As a spin, it never comes by the mutex, which would order by itself. */
static int spin(sync_event *e)
{
    while (!sync_event_is_set(e))
        sched_yield();
    return 0;
}

static int wait_somehow(sync_event *e, unsigned turn)
{
    switch (turn % 4) {
    case 0:
    case 1:
        return spin(e);
    case 2:
        return sync_event_wait(e);
    default:
        return sync_event_wait_until(e, &soon);
    }
}

static void *play(void *arg)
{
    unsigned me = *(unsigned *)arg;
    int errors = 0;
    for (unsigned i = 0; i < HOPS; i++) {
        errors |= wait_somehow(&turns[me], i + 2 * me);
        errors |= sync_event_clear(&turns[me]);
        baton++;
        errors |= sync_event_set(&turns[1 - me]);
    }
    ck_ok(errors);
    return NULL;
}

START_TEST(what_was_done_before_a_set_is_seen_after_the_wait)
{
    unsigned players[2] = {0, 1};
    baton = 0;
    soon = in_ms(LONG_MS);
    ck_ok(sync_event_init(&turns[0]));
    ck_ok(sync_event_init(&turns[1]));
    ck_ok(sync_event_set(&turns[0]));
    run_threads(2, play, players, sizeof players[0]);
    ck_assert_int_eq(baton, 2 * HOPS);
    ck_ok(sync_event_destroy(&turns[0]));
    ck_ok(sync_event_destroy(&turns[1]));
}
END_TEST

enum { PAGES = 300, READERS = 3 };

static unsigned news[PAGES]; /* each page guarded by its event */
static sync_event published[PAGES];

/* Every other page finds two readers asleep, and one spinning. */
static void *publish(void *unused)
{
    int errors = 0;
    for (unsigned i = 0; i < PAGES; i++) {
        news[i] = i;
        while (i % 2 == 0 && atomic_load(&published[i].state) / 2 < 2)
            sched_yield();
        errors |= sync_event_set(&published[i]);
    }
    ck_ok(errors);
    return unused;
}

static void *read_all(void *form)
{
    unsigned sum = 0;
    int errors = 0;
    for (unsigned i = 0; i < PAGES; i++) {
        errors |= wait_somehow(&published[i], *(unsigned *)form);
        sum += news[i];
    }
    ck_ok(errors);
    ck_assert_uint_eq(sum, PAGES * (PAGES - 1) / 2);
    return NULL;
}

START_TEST(one_set_shows_the_same_to_all)
{
    unsigned forms[READERS] = {1, 2, 3};
    worker readers[READERS], writer;
    soon = in_ms(LONG_MS);
    for (int i = 0; i < PAGES; i++)
        ck_ok(sync_event_init(&published[i]));
    for (int i = 0; i < READERS; i++)
        start(&readers[i], read_all, &forms[i]);
    start(&writer, publish, NULL);
    finish(&writer);
    for (int i = 0; i < READERS; i++)
        finish(&readers[i]);
    for (int i = 0; i < PAGES; i++)
        ck_ok(sync_event_destroy(&published[i]));
}
END_TEST

/* --- The end --- */

enum { ENDS = 200 };

/* Waits asleep, by chance after a time-out, and wide awake. */
static int see(sync_event *e, int turn)
{
    int error;
    switch (turn % 3) {
    case 0:
        return sync_event_wait(e);
    case 1:
        error = sync_event_wait_until(e, &moment);
        return error == ETIMEDOUT ? spin(e) : error;
    default:
        return spin(e);
    }
}

static sync_event *current; /* changes when it has been set */
static gate ready;

static void *set_each(void *unused)
{
    int errors = 0;
    for (int i = 0; i < ENDS; i++) {
        gate_pass(&ready);
        if (i % 3 < 2)
            until_moment();
        errors |= sync_event_set(current);
    }
    ck_ok(errors);
    return unused;
}

START_TEST(it_may_lie_on_the_stack_of_the_waiter)
{
    worker setter;
    gate_init(&ready);
    start(&setter, set_each, NULL);
    for (int i = 0; i < ENDS; i++) {
        sync_event on_stack; /* gone at the end of each turn */
        ck_ok(sync_event_init(&on_stack));
        current = &on_stack;
        moment = in_ms(1);
        gate_open(&ready);
        int errors = see(&on_stack, i);
        errors |= sync_event_destroy(&on_stack);
        ck_ok(errors);
    }
    finish(&setter);
}
END_TEST

/* Lives for one round: the last guest frees it. */
typedef struct visit {
    sync_event event;
    atomic_uint guests;
} visit;

static visit *visits[ENDS]; /* one a round, made before it begins */

static void *be_guest(void *unused)
{
    int errors = 0;
    for (int i = 0; i < ENDS; i++) {
        meet();
        visit *v = visits[i];
        errors |= see(&v->event, i);
        TOOL_RELEASE(v->guests);
        if (atomic_fetch_sub(&v->guests, 1) == 1) {
            TOOL_ACQUIRE(v->guests);
            errors |= sync_event_destroy(&v->event);
            free(v);
        }
        meet();
    }
    ck_ok(errors);
    return unused;
}

START_TEST(the_last_waiter_may_free_it)
{
    int errors = 0;
    ck_ok(pthread_barrier_init(&line, NULL, WAITERS + 1));
    for (int i = 0; i < WAITERS; i++)
        start(&waiters[i], be_guest, NULL);
    for (int i = 0; i < ENDS; i++) {
        visit *v = visits[i] = malloc(sizeof *v);
        ck_assert_ptr_nonnull(v);
        ck_ok(sync_event_init(&v->event));
        atomic_init(&v->guests, WAITERS);
        moment = in_ms(1);
        meet();
        if (i % 3 < 2)
            until_moment();
        errors |= sync_event_set(&v->event);
        meet();
    }
    ck_ok(errors);
    for (int i = 0; i < WAITERS; i++)
        finish(&waiters[i]);
    ck_ok(pthread_barrier_destroy(&line));
}
END_TEST

static int make(void)
{
    return sync_event_init(&event);
}

static int unmake(void)
{
    return sync_event_destroy(&event);
}

START_TEST(init_reports_what_it_lacks)
{
    check_faults(make, unmake);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("event");

    TCase *alone = add_case(suite, "alone");
    tcase_add_checked_fixture(alone, setup, teardown);
    tcase_add_test(alone, is_not_set_at_first);
    tcase_add_test(alone, once_set_it_lets_every_form_through);
    tcase_add_test(alone, set_twice_is_set);
    tcase_add_test(alone, cleared_twice_is_not_set);
    tcase_add_test(alone, the_deadline_is_waited_for);
    tcase_add_test(alone, bad_nanoseconds_come_first);
    tcase_add_test(alone, it_may_end_set_or_not);

    TCase *waiting = add_case(suite, "waiting");
    tcase_add_checked_fixture(waiting, setup, teardown);
    tcase_add_test(waiting, set_releases_all_who_wait_and_all_who_come_later);
    tcase_add_test(waiting, set_releases_who_waits_even_if_cleared_at_once);
    tcase_add_test(waiting, a_clear_releases_nobody);
    tcase_add_test(waiting, the_end_is_refused_while_a_thread_waits);
    tcase_add_test(waiting, one_waiter_is_enough_to_refuse_the_end);
    tcase_add_test(waiting, a_set_that_comes_before_the_sleep_is_not_missed);
    tcase_add_test(waiting, signals_do_not_end_a_wait);
    tcase_add_test(waiting, waking_up_for_nothing_does_not_end_a_wait);
    tcase_add_test(waiting, no_disturbance_moves_the_deadline);
    tcase_add_test(waiting, each_set_and_clear_releases_each_waiter_once);
    tcase_add_test(waiting, a_set_that_comes_with_the_deadline_is_seen);
    tcase_add_loop_test(
            waiting, a_time_out_that_races_with_a_set_leaves_no_trace, 0, 2);

    TCase *crowded = add_case(suite, "crowded");
    tcase_add_checked_fixture(crowded, setup, teardown);
    tcase_add_loop_test(crowded, one_set_releases_64, 0, 2);
    tcase_add_test(crowded, all_is_well_when_64_do_as_they_like);

    TCase *order = add_case(suite, "order");
    tcase_add_test(order, what_was_done_before_a_set_is_seen_after_the_wait);
    tcase_add_test(order, one_set_shows_the_same_to_all);

    TCase *ends = add_case(suite, "ends");
    tcase_add_test(ends, it_may_lie_on_the_stack_of_the_waiter);
    tcase_add_test(ends, the_last_waiter_may_free_it);
    tcase_add_test(ends, init_reports_what_it_lacks);
    return suite;
}
