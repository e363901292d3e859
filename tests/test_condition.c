#include "primitives/condition.h"

#include <limits.h>
#include <sched.h>
#include <stdlib.h>

#include "tests/support.h"

static sync_lock lock;
static sync_condition condition;

/* What the condition is about; guarded by the lock. */
static bool told;
static unsigned inside; /* threads that wait, or are just about to */
static unsigned woken;

static void setup(void)
{
    told = false;
    inside = 0;
    woken = 0;
    ck_ok(sync_lock_init(&lock));
    ck_ok(sync_condition_init(&condition, &lock));
}

static void teardown(void)
{
    ck_ok(sync_condition_destroy(&condition));
    ck_ok(sync_lock_destroy(&lock));
}

/* Takes the lock when the number that it guards is at least so much. Threads
 * that raise `inside` give the lock up only by waiting: so they wait. */
static void acquire_when(const unsigned *number, unsigned least)
{
    ck_ok(sync_lock_acquire(&lock));
    while (*number < least) {
        ck_ok(sync_lock_release(&lock));
        sched_yield();
        ck_ok(sync_lock_acquire(&lock));
    }
}

static void tell(void)
{
    told = true;
    ck_ok(sync_condition_notify_all(&condition));
}

/* --- A predicate that looks who asks, and how often --- */

typedef struct question {
    bool answer; /* guarded by the lock */
    unsigned asked;
    pthread_t asker;
    const struct timespec *from; /* if not NULL: true from then on */
} question;

static bool ask(void *arg)
{
    question *q = arg;
    q->asked++;
    ck_assert(sync_lock_is_mine(&lock));
    ck_assert(pthread_equal(q->asker, pthread_self()));
    return q->from != NULL ? !is_before(now(), *q->from) : q->answer;
}

static bool never_asked(void *unused)
{
    (void)unused;
    ck_abort_msg("the predicate was called");
    return true;
}

/* --- Alone --- */

static void every_call_is_refused(void)
{
    const struct timespec *deadlines[] = {NULL, &PAST, &FAR_AWAY};
    ck_error(sync_condition_wait(&condition), EPERM);
    for (int i = 0; i < 3; i++) {
        ck_error(sync_condition_wait_until(&condition, deadlines[i]), EPERM);
        ck_error(sync_condition_wait_for(
                         &condition, never_asked, NULL, deadlines[i]),
                EPERM);
    }
    ck_error(sync_condition_notify(&condition), EPERM);
    ck_error(sync_condition_notify_many(&condition, 0), EPERM);
    ck_error(sync_condition_notify_many(&condition, 1), EPERM);
    ck_error(sync_condition_notify_many(&condition, UINT_MAX), EPERM);
    ck_error(sync_condition_notify_all(&condition), EPERM);
    ck_assert(!sync_lock_is_mine(&lock));
}

START_TEST(every_call_wants_the_lock)
{
    every_call_is_refused();
    ck_assert(!sync_lock_is_held(&lock));
}
END_TEST

static gate held, let_go;

static void *hold(void *unused)
{
    ck_ok(sync_lock_acquire(&lock));
    gate_open(&held);
    gate_pass(&let_go);
    ck_ok(sync_lock_release(&lock));
    return unused;
}

START_TEST(that_another_thread_has_the_lock_does_not_help)
{
    worker holder;
    gate_init(&held);
    gate_init(&let_go);
    start(&holder, hold, NULL);
    gate_pass(&held);
    every_call_is_refused();
    ck_assert(sync_lock_is_held(&lock));
    gate_open(&let_go);
    finish(&holder);
}
END_TEST

START_TEST(bad_nanoseconds_come_first)
{
    const struct timespec *bad[] = {&NEGATIVE, &TOO_LARGE};
    for (int i = 0; i < 4; i++) {
        const struct timespec *deadline = bad[i % 2];
        if (i == 2)
            ck_ok(sync_lock_acquire(&lock));
        ck_error(sync_condition_wait_until(&condition, deadline), EINVAL);
        ck_error(sync_condition_wait_for(
                         &condition, never_asked, NULL, deadline),
                EINVAL);
        ck_assert_int_eq(sync_lock_is_mine(&lock), i >= 2);
    }
    ck_ok(sync_lock_release(&lock));
}
END_TEST

START_TEST(a_notification_for_nobody_is_no_error)
{
    ck_ok(sync_lock_acquire(&lock));
    ck_ok(sync_condition_notify(&condition));
    ck_ok(sync_condition_notify_many(&condition, 0));
    ck_ok(sync_condition_notify_many(&condition, 1));
    ck_ok(sync_condition_notify_many(&condition, UINT_MAX));
    ck_ok(sync_condition_notify_all(&condition));
    ck_assert(sync_lock_is_mine(&lock));
    ck_ok(sync_lock_release(&lock));
}
END_TEST

/* Waits until the deadline, however often it is woken before. */
static int wait_out(const struct timespec *deadline)
{
    int error;
    do
        error = sync_condition_wait_until(&condition, deadline);
    while (error == 0);
    return error;
}

START_TEST(the_deadline_is_waited_for)
{
    ck_ok(sync_lock_acquire(&lock));
    struct timespec deadline = in_ms(30);
    ck_error(wait_out(&deadline), ETIMEDOUT);
    ck_assert(!is_before(now(), deadline));
    ck_assert(sync_lock_is_mine(&lock));
    ck_error(wait_out(&PAST), ETIMEDOUT);
    ck_assert(sync_lock_is_mine(&lock));
    ck_assert(sync_lock_is_held(&lock));
    ck_ok(sync_lock_release(&lock));
}
END_TEST

START_TEST(what_is_true_already_is_not_waited_for)
{
    const struct timespec *deadlines[] = {NULL, &PAST, &FAR_AWAY};
    question q = {.answer = true, .asker = pthread_self()};
    ck_ok(sync_lock_acquire(&lock));
    for (unsigned i = 0; i < 3; i++) {
        ck_ok(sync_condition_wait_for(&condition, ask, &q, deadlines[i]));
        ck_assert_uint_eq(q.asked, i + 1);
        ck_assert(sync_lock_is_mine(&lock));
    }
    ck_ok(sync_lock_release(&lock));
}
END_TEST

START_TEST(what_stays_false_times_out)
{
    question q = {.asker = pthread_self()};
    ck_ok(sync_lock_acquire(&lock));
    ck_error(sync_condition_wait_for(&condition, ask, &q, &PAST), ETIMEDOUT);
    ck_assert_uint_ge(q.asked, 2); /* before the wait, and after it */
    ck_assert(sync_lock_is_mine(&lock));

    struct timespec deadline = in_ms(30);
    ck_error(
            sync_condition_wait_for(&condition, ask, &q, &deadline), ETIMEDOUT);
    ck_assert(!is_before(now(), deadline));
    ck_assert(sync_lock_is_mine(&lock));
    ck_ok(sync_lock_release(&lock));
}
END_TEST

START_TEST(what_is_true_in_the_end_wins_over_the_deadline)
{
    struct timespec deadline = in_ms(30);
    question q = {.asker = pthread_self(), .from = &deadline};
    ck_ok(sync_lock_acquire(&lock));
    ck_ok(sync_condition_wait_for(&condition, ask, &q, &deadline));
    ck_assert(!is_before(now(), deadline));
    ck_assert(sync_lock_is_mine(&lock));
    ck_ok(sync_lock_release(&lock));
}
END_TEST

/* --- With a waiter --- */

static gate about_to_wait;

/* Waits until told, by the form that goes with the deadline. */
static void *wait_until_told(void *deadline)
{
    ck_ok(sync_lock_acquire(&lock));
    gate_open(&about_to_wait);
    inside++;
    while (!told) {
        if (deadline == NULL)
            ck_ok(sync_condition_wait(&condition));
        else
            ck_ok(sync_condition_wait_until(&condition, deadline));
        ck_assert(sync_lock_is_mine(&lock));
        ck_assert(sync_lock_is_held(&lock));
    }
    ck_ok(sync_lock_release(&lock));
    return NULL;
}

START_TEST(a_waiter_gives_the_lock_up_and_has_it_again)
{
    worker waiter;
    gate_init(&about_to_wait);
    start(&waiter, wait_until_told, NULL);
    gate_pass(&about_to_wait);
    while (sync_lock_is_held(&lock)) /* nobody else could give it up */
        sched_yield();
    ck_ok(sync_lock_acquire(&lock));
    tell();
    ck_assert(sync_lock_is_mine(&lock)); /* notifying does not give it up */
    ck_ok(sync_lock_release(&lock));
    finish(&waiter);
    ck_assert(!sync_lock_is_held(&lock));
}
END_TEST

static void *wait_until_null(void *unused)
{
    ck_ok(sync_lock_acquire(&lock));
    inside++;
    while (!told)
        ck_ok(sync_condition_wait_until(&condition, NULL));
    ck_ok(sync_lock_release(&lock));
    return unused;
}

START_TEST(every_form_is_notified)
{
    struct timespec soon = in_ms(LONG_MS), last = FAR_AWAY;
    worker waiters[4];
    gate_init(&about_to_wait);
    start(&waiters[0], wait_until_told, NULL);
    start(&waiters[1], wait_until_told, &soon);
    start(&waiters[2], wait_until_told, &last);
    start(&waiters[3], wait_until_null, NULL);
    acquire_when(&inside, 4);
    tell();
    ck_ok(sync_lock_release(&lock));
    for (int i = 0; i < 4; i++)
        finish(&waiters[i]);
}
END_TEST

START_TEST(that_others_wait_gives_nobody_the_right_to_notify)
{
    worker waiters[2];
    gate_init(&about_to_wait);
    for (int i = 0; i < 2; i++)
        start(&waiters[i], wait_until_told, NULL);
    acquire_when(&inside, 2);
    ck_ok(sync_lock_release(&lock));
    every_call_is_refused();
    ck_ok(sync_lock_acquire(&lock));
    tell();
    ck_ok(sync_lock_release(&lock));
    for (int i = 0; i < 2; i++)
        finish(&waiters[i]);
}
END_TEST

START_TEST(signals_do_not_end_a_wait)
{
    struct timespec deadline = in_ms(LONG_MS);
    worker patient, punctual;
    gate_init(&about_to_wait);
    start(&patient, wait_until_told, NULL);
    start(&punctual, wait_until_told, &deadline);
    acquire_when(&inside, 2);
    ck_ok(sync_lock_release(&lock));
    interrupt(&patient, 10);
    interrupt(&punctual, 10);
    ck_ok(sync_lock_acquire(&lock));
    tell();
    ck_ok(sync_lock_release(&lock));
    finish(&patient);
    finish(&punctual);
}
END_TEST

static question asked;
static const struct timespec *patience;

static void *wait_for_it(void *unused)
{
    ck_ok(sync_lock_acquire(&lock));
    asked = (question){.asker = pthread_self()};
    inside++;
    ck_ok(sync_condition_wait_for(&condition, ask, &asked, patience));
    ck_assert(sync_lock_is_mine(&lock));
    ck_assert(asked.answer);
    ck_ok(sync_lock_release(&lock));
    return unused;
}

START_TEST(a_notified_waiter_looks_again)
{
    const struct timespec soon = in_ms(LONG_MS);
    const struct timespec *deadlines[] = {NULL, &soon, &FAR_AWAY};
    worker waiter;
    patience = deadlines[_i];
    start(&waiter, wait_for_it, NULL);
    acquire_when(&inside, 1);
    for (unsigned i = 1; i <= 20; i++) {
        unsigned least = asked.asked + 1;
        ck_ok(sync_condition_notify(&condition));
        ck_ok(sync_lock_release(&lock));
        acquire_when(&asked.asked, least); /* it is false, so it waits again */
    }
    ck_ok(sync_lock_release(&lock));
    interrupt(&waiter, 10);
    ck_ok(sync_lock_acquire(&lock));
    asked.answer = true;
    ck_ok(sync_condition_notify(&condition));
    ck_ok(sync_lock_release(&lock));
    finish(&waiter);
}
END_TEST

START_TEST(destroy_is_refused_until_the_waiter_has_returned)
{
    worker waiter;
    gate_init(&about_to_wait);
    start(&waiter, wait_until_told, NULL);
    acquire_when(&inside, 1);
    ck_error(sync_condition_destroy(&condition), EBUSY);
    tell();
    ck_error(sync_condition_destroy(&condition), EBUSY); /* it wants the lock */
    ck_ok(sync_lock_release(&lock));
    finish(&waiter);
}
END_TEST

START_TEST(a_late_waiter_is_still_waited_for)
{
    ck_ok(sync_lock_acquire(&lock));
    ck_error(wait_out(&PAST), ETIMEDOUT);
    ck_ok(sync_condition_destroy(&condition)); /* it is not counted any more */
    ck_ok(sync_condition_init(&condition, &lock));
    ck_ok(sync_lock_release(&lock));
}
END_TEST

/* --- How many are woken --- */

enum { WAITERS = 5 };

static gate woke;

static void *wait_once(void *unused)
{
    ck_ok(sync_lock_acquire(&lock));
    inside++;
    ck_ok(sync_condition_wait(&condition));
    ck_assert(sync_lock_is_mine(&lock));
    woken++;
    ck_ok(sync_lock_release(&lock));
    gate_open(&woke);
    gate_pass(&let_go);
    return unused;
}

/* Notifies WAITERS waiters in that way, waits until `least` of them have been
 * woken and all have gone to sleep again, and tells how many were woken. */
static unsigned woken_by(int (*notify)(unsigned), unsigned n, unsigned least)
{
    worker waiters[WAITERS];
    inside = 0;
    woken = 0;
    gate_init(&woke);
    gate_init(&let_go);
    for (int i = 0; i < WAITERS; i++)
        start(&waiters[i], wait_once, NULL);
    acquire_when(&inside, WAITERS);
    ck_ok(notify(n));
    ck_assert(sync_lock_is_mine(&lock));
    ck_ok(sync_lock_release(&lock));

    for (unsigned i = 0; i < least; i++)
        gate_pass(&woke);
    for (int i = 0; i < WAITERS; i++)
        until_asleep(&waiters[i]);
    ck_ok(sync_lock_acquire(&lock));
    unsigned were_woken = woken;
    ck_ok(sync_condition_notify_all(&condition));
    ck_ok(sync_lock_release(&lock));
    for (int i = 0; i < WAITERS; i++)
        gate_open(&let_go);
    for (int i = 0; i < WAITERS; i++)
        finish(&waiters[i]);
    return were_woken;
}

/* A waiter may be woken without a reason, but not each time. */
static void check_woken_by(int (*notify)(unsigned), unsigned n, unsigned want)
{
    unsigned were_woken = WAITERS + 1;
    for (int tries = 0; tries < 3 && were_woken > want; tries++)
        were_woken = woken_by(notify, n, want);
    ck_assert_uint_eq(were_woken, want);
}

static int notify_one(unsigned unused)
{
    (void)unused;
    return sync_condition_notify(&condition);
}

START_TEST(notify_wakes_one)
{
    check_woken_by(notify_one, 0, 1);
}
END_TEST

static int notify_many(unsigned n)
{
    return sync_condition_notify_many(&condition, n);
}

static const unsigned numbers[] = {
        0, 1, 2, WAITERS - 1, WAITERS, WAITERS + 1, UINT_MAX};

START_TEST(notify_many_wakes_so_many)
{
    unsigned n = numbers[_i];
    check_woken_by(notify_many, n, n < WAITERS ? n : WAITERS);
}
END_TEST

static int notify_one_after_another(unsigned n)
{
    int error = 0;
    for (; n > 0 && error == 0; n--)
        error = sync_condition_notify(&condition);
    return error;
}

/* Those that were woken before and have not got the lock yet do not count. */
START_TEST(every_notification_wakes_another)
{
    check_woken_by(notify_one_after_another, 3, 3);
    check_woken_by(notify_one_after_another, WAITERS, WAITERS);
}
END_TEST

static int notify_all(unsigned unused)
{
    (void)unused;
    return sync_condition_notify_all(&condition);
}

START_TEST(notify_all_wakes_all)
{
    check_woken_by(notify_all, 0, WAITERS);
}
END_TEST

/* --- Many threads: a bounded buffer with two conditions on one lock --- */

enum { CAPACITY = 3, MOST_ITEMS = 6400 };

static sync_condition not_full;
static sync_condition *const not_empty = &condition;
static unsigned items[CAPACITY]; /* all these are guarded by the lock */
static unsigned first, size;
static unsigned times_taken[MOST_ITEMS];
static unsigned items_each; /* these two do not change while threads run */
static unsigned sides;

static bool has_room(void *unused)
{
    (void)unused;
    return size < CAPACITY;
}

static bool has_item(void *unused)
{
    (void)unused;
    return size > 0;
}

/* Waits by the form whose turn it is. */
static void wait_somehow(
        sync_condition *c, bool (*predicate)(void *), unsigned turn)
{
    struct timespec deadline = in_ms(LONG_MS);
    switch (turn % 4) {
    case 0:
        while (!predicate(NULL))
            ck_ok(sync_condition_wait(c));
        break;
    case 1:
        while (!predicate(NULL))
            ck_ok(sync_condition_wait_until(c, &deadline));
        break;
    case 2: /* the deadline passes now and then */
        while (!predicate(NULL)) {
            deadline = in_ms(1);
            int error = sync_condition_wait_until(c, &deadline);
            ck_assert(error == 0 || error == ETIMEDOUT);
        }
        break;
    default:
        ck_ok(sync_condition_wait_for(c, predicate, NULL, &deadline));
    }
}

static void put(unsigned item)
{
    ck_ok(sync_lock_acquire(&lock));
    wait_somehow(&not_full, has_room, item);
    items[(first + size) % CAPACITY] = item;
    size++;
    ck_ok(sync_condition_notify(not_empty));
    ck_ok(sync_lock_release(&lock));
}

static void take(unsigned turn)
{
    ck_ok(sync_lock_acquire(&lock));
    wait_somehow(not_empty, has_item, turn);
    times_taken[items[first]]++;
    first = (first + 1) % CAPACITY;
    size--;
    ck_ok(sync_condition_notify(&not_full));
    ck_ok(sync_lock_release(&lock));
}

/* One thread in two puts, the other takes. */
static void *put_or_take(void *arg)
{
    unsigned me = *(unsigned *)arg;
    for (unsigned i = 0; i < items_each; i++) {
        if (me < sides)
            put(me * items_each + i);
        else
            take(i);
    }
    return NULL;
}

static const unsigned crowds[] = {1, 4, 32}; /* threads on either side */

START_TEST(every_item_of_a_bounded_buffer_is_taken_once)
{
    unsigned names[64];
    for (unsigned i = 0; i < 64; i++)
        names[i] = i;
    sides = crowds[_i];
    items_each = 3000 / sides;
    first = 0;
    size = 0;
    for (unsigned i = 0; i < MOST_ITEMS; i++)
        times_taken[i] = 0;
    ck_ok(sync_condition_init(&not_full, &lock));
    run_threads(2 * sides, put_or_take, names, sizeof names[0]);
    ck_ok(sync_condition_destroy(&not_full));
    ck_assert_uint_eq(size, 0);
    for (unsigned i = 0; i < sides * items_each; i++)
        ck_assert_uint_eq(times_taken[i], 1);
}
END_TEST

/* --- The end --- */

enum { SHARERS = 4 };

typedef struct shared {
    sync_lock lock;
    sync_condition condition;
    unsigned inside;  /* guarded by the lock */
    unsigned waiting; /* guarded by the lock */
    bool told;        /* guarded by the lock */
} shared;

/* The last waiter to return frees what the condition lies in. */
static void *wait_and_leave(void *arg)
{
    shared *s = arg;
    ck_ok(sync_lock_acquire(&s->lock));
    s->inside++;
    while (!s->told)
        ck_ok(sync_condition_wait(&s->condition));
    bool last = --s->waiting == 0;
    ck_error(sync_condition_destroy(&s->condition), last ? 0 : EBUSY);
    ck_ok(sync_lock_release(&s->lock));
    if (last) {
        ck_ok(sync_lock_destroy(&s->lock));
        free(s);
    }
    return NULL;
}

START_TEST(the_last_waiter_may_free_it)
{
    shared *s = calloc(1, sizeof *s);
    ck_assert_ptr_nonnull(s);
    ck_ok(sync_lock_init(&s->lock));
    ck_ok(sync_condition_init(&s->condition, &s->lock));
    s->waiting = SHARERS;
    worker waiters[SHARERS];
    for (int i = 0; i < SHARERS; i++)
        start(&waiters[i], wait_and_leave, s);

    bool all = false;
    while (!all) {
        ck_ok(sync_lock_acquire(&s->lock));
        all = s->inside == SHARERS;
        if (all) {
            s->told = true;
            ck_ok(sync_condition_notify_all(&s->condition));
        }
        ck_ok(sync_lock_release(&s->lock));
        sched_yield();
    }
    for (int i = 0; i < SHARERS; i++)
        finish(&waiters[i]);
}
END_TEST

static void *wait_at_heap(void *arg)
{
    sync_condition *c = arg;
    ck_ok(sync_lock_acquire(&lock));
    inside++;
    while (!told)
        ck_ok(sync_condition_wait(c));
    ck_ok(sync_lock_release(&lock));
    return NULL;
}

/* Without the lock, and with no other proof than destroy's own answer. */
START_TEST(once_destroyed_it_may_be_freed)
{
    sync_condition *c = malloc(sizeof *c);
    ck_assert_ptr_nonnull(c);
    ck_ok(sync_condition_init(c, &lock));
    worker waiters[2];
    for (int i = 0; i < 2; i++)
        start(&waiters[i], wait_at_heap, c);
    acquire_when(&inside, 2);
    told = true;
    ck_ok(sync_condition_notify_all(c));
    ck_ok(sync_lock_release(&lock));
    int error;
    while ((error = sync_condition_destroy(c)) == EBUSY)
        sched_yield();
    free(c); /* before an assert, which orders threads */
    ck_ok(error);
    for (int i = 0; i < 2; i++)
        finish(&waiters[i]);
}
END_TEST

static int make(void)
{
    return sync_condition_init(&condition, &lock);
}

static int unmake(void)
{
    return sync_condition_destroy(&condition);
}

START_TEST(init_reports_what_it_lacks)
{
    ck_ok(sync_lock_init(&lock));
    check_faults(make, unmake);
    ck_ok(sync_lock_destroy(&lock));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("condition");

    TCase *alone = add_case(suite, "alone");
    tcase_add_checked_fixture(alone, setup, teardown);
    tcase_add_test(alone, every_call_wants_the_lock);
    tcase_add_test(alone, that_another_thread_has_the_lock_does_not_help);
    tcase_add_test(alone, bad_nanoseconds_come_first);
    tcase_add_test(alone, a_notification_for_nobody_is_no_error);
    tcase_add_test(alone, the_deadline_is_waited_for);
    tcase_add_test(alone, what_is_true_already_is_not_waited_for);
    tcase_add_test(alone, what_stays_false_times_out);
    tcase_add_test(alone, what_is_true_in_the_end_wins_over_the_deadline);

    TCase *waited = add_case(suite, "waited for");
    tcase_add_checked_fixture(waited, setup, teardown);
    tcase_add_test(waited, a_waiter_gives_the_lock_up_and_has_it_again);
    tcase_add_test(waited, every_form_is_notified);
    tcase_add_test(waited, that_others_wait_gives_nobody_the_right_to_notify);
    tcase_add_test(waited, signals_do_not_end_a_wait);
    tcase_add_loop_test(waited, a_notified_waiter_looks_again, 0, 3);
    tcase_add_test(waited, destroy_is_refused_until_the_waiter_has_returned);
    tcase_add_test(waited, a_late_waiter_is_still_waited_for);

    TCase *counted = add_case(suite, "counted");
    tcase_add_checked_fixture(counted, setup, teardown);
    tcase_add_test(counted, notify_wakes_one);
    tcase_add_loop_test(counted, notify_many_wakes_so_many, 0,
            (int)(sizeof numbers / sizeof numbers[0]));
    tcase_add_test(counted, every_notification_wakes_another);
    tcase_add_test(counted, notify_all_wakes_all);

    TCase *many = add_case(suite, "many");
    tcase_add_checked_fixture(many, setup, teardown);
    tcase_add_loop_test(many, every_item_of_a_bounded_buffer_is_taken_once, 0,
            (int)(sizeof crowds / sizeof crowds[0]));

    TCase *ends = add_case(suite, "ends");
    tcase_add_loop_test(ends, the_last_waiter_may_free_it, 0, 50);
    tcase_add_test(ends, init_reports_what_it_lacks);

    TCase *freed = add_case(suite, "freed");
    tcase_add_checked_fixture(freed, setup, teardown);
    tcase_add_loop_test(freed, once_destroyed_it_may_be_freed, 0, 50);
    return suite;
}
