#include "primitives/barrier.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

/*
 * The threads of the tests about order and memory use neither asserts nor
 * anything else that orders them while they run, so that the thread sanitizer
 * sees whatever order the barrier fails to make. They count what is wrong.
 */

static sync_barrier barrier;

/* --- Arrivals: threads that come to the barrier once --- */

enum { UNTOUCHED = 12345 };

typedef struct arrival {
    worker worker;
    const struct timespec *deadline;
    int result;
    unsigned index;
} arrival;

static void *arrive(void *arg)
{
    arrival *a = arg;
    if (a->deadline == NULL)
        a->result = sync_barrier_wait(&barrier, &a->index);
    else
        a->result = sync_barrier_wait_until(&barrier, &a->index, a->deadline);
    return NULL;
}

static void come(arrival *a, const struct timespec *deadline)
{
    a->deadline = deadline;
    a->index = UNTOUCHED;
    start(&a->worker, arrive, a);
}

/* What the arrival got; an index goes with success, and with nothing else. */
static int result_of(arrival *a)
{
    finish(&a->worker);
    ck_assert_int_eq(a->result == 0, a->index != UNTOUCHED);
    return a->result;
}

/* Returns when so many have arrived and wait. */
static void until_waiting(unsigned n)
{
    while (sync_barrier_waiting(&barrier) != n)
        sched_yield();
}

/* The barrier is whole and empty, and its parties can meet; there are three. */
static void three_can_meet(void)
{
    ck_assert(!sync_barrier_is_broken(&barrier));
    ck_assert_uint_eq(sync_barrier_waiting(&barrier), 0);
    arrival others[2];
    for (unsigned i = 0; i < 2; i++) {
        come(&others[i], NULL);
        until_waiting(i + 1);
    }
    unsigned index = UNTOUCHED;
    ck_ok(sync_barrier_wait(&barrier, &index));
    ck_assert_uint_eq(index, 2);
    ck_assert_uint_eq(sync_barrier_waiting(&barrier), 0); /* they may go */
    for (unsigned i = 0; i < 2; i++) {
        ck_ok(result_of(&others[i]));
        ck_assert_uint_eq(others[i].index, i);
    }
}

/* Nobody can come, whatever the deadline. */
static void is_closed(void)
{
    unsigned index = UNTOUCHED;
    ck_assert(sync_barrier_is_broken(&barrier));
    ck_assert_uint_eq(sync_barrier_waiting(&barrier), 0);
    ck_error(sync_barrier_wait(&barrier, &index), ECANCELED);
    ck_error(sync_barrier_wait_until(&barrier, &index, &PAST), ECANCELED);
    ck_error(sync_barrier_wait_until(&barrier, &index, &FAR_AWAY), ECANCELED);
    ck_error(sync_barrier_wait_until(&barrier, &index, &NEGATIVE), EINVAL);
    ck_assert_uint_eq(index, UNTOUCHED);
    ck_assert_uint_eq(sync_barrier_waiting(&barrier), 0);
}

/* --- Actions --- */

static unsigned actions; /* in all; the barrier orders them */

static void count(void *counter)
{
    *(unsigned *)counter += 1;
}

static void make_barrier(unsigned parties, void (*action)(void *), void *arg)
{
    actions = 0;
    ck_ok(sync_barrier_init(&barrier, parties, action, arg));
}

/* An action that lasts until it is let go. */
static gate acting, let_go;

static void stay(void *unused)
{
    (void)unused;
    actions++;
    gate_open(&acting);
    gate_pass(&let_go);
}

/* Has two arrivals meet at a barrier of two, and the action stay. */
static void start_action(arrival *first, arrival *last)
{
    gate_init(&acting);
    gate_init(&let_go);
    make_barrier(2, stay, NULL);
    come(first, &FAR_AWAY);
    until_waiting(1);
    come(last, NULL);
    gate_pass(&acting);
}

/* --- Alone --- */

START_TEST(a_barrier_for_nobody_is_refused)
{
    ck_error(sync_barrier_init(&barrier, 0, NULL, NULL), EINVAL);
    ck_error(sync_barrier_init(&barrier, 0, count, &actions), EINVAL);
}
END_TEST

START_TEST(a_party_of_one_has_nobody_to_wait_for)
{
    struct timespec soon = in_ms(LONG_MS);
    const struct timespec *deadlines[] = {NULL, &soon, &PAST, &FAR_AWAY};
    make_barrier(1, count, &actions);
    for (unsigned i = 0; i < 4; i++) {
        unsigned index = UNTOUCHED;
        ck_ok(sync_barrier_wait_until(&barrier, &index, deadlines[i]));
        ck_assert_uint_eq(index, 0);
        index = UNTOUCHED;
        ck_ok(sync_barrier_wait(&barrier, &index));
        ck_assert_uint_eq(index, 0);
        ck_ok(sync_barrier_wait(&barrier, NULL));
        ck_ok(sync_barrier_wait_until(&barrier, NULL, deadlines[i]));
        ck_assert_uint_eq(actions, 4 * (i + 1));
        ck_assert_uint_eq(sync_barrier_waiting(&barrier), 0);
        ck_assert(!sync_barrier_is_broken(&barrier));
    }
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

START_TEST(who_has_bad_nanoseconds_does_not_arrive)
{
    const struct timespec *bad[] = {&NEGATIVE, &TOO_LARGE};
    unsigned index = UNTOUCHED;
    for (unsigned parties = 1; parties <= 2; parties++) {
        make_barrier(parties, count, &actions);
        for (int i = 0; i < 2; i++)
            ck_error(sync_barrier_wait_until(&barrier, &index, bad[i]), EINVAL);
        ck_assert_uint_eq(index, UNTOUCHED);
        ck_assert_uint_eq(actions, 0);
        ck_assert_uint_eq(sync_barrier_waiting(&barrier), 0);
        ck_assert(!sync_barrier_is_broken(&barrier));
        ck_ok(sync_barrier_destroy(&barrier));
    }
}
END_TEST

START_TEST(a_deadline_that_has_passed_breaks_it)
{
    unsigned index = UNTOUCHED;
    make_barrier(3, count, &actions);
    ck_error(sync_barrier_wait_until(&barrier, &index, &PAST), ETIMEDOUT);
    ck_assert_uint_eq(index, UNTOUCHED);
    is_closed();
    ck_assert_uint_eq(actions, 0);
    ck_ok(sync_barrier_reset(&barrier));
    three_can_meet();
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

START_TEST(an_empty_one_can_be_aborted_and_reset)
{
    make_barrier(3, NULL, NULL);
    ck_ok(sync_barrier_reset(&barrier));
    three_can_meet();
    ck_ok(sync_barrier_reset(&barrier));
    ck_ok(sync_barrier_abort(&barrier));
    is_closed();
    ck_ok(sync_barrier_abort(&barrier));
    is_closed();
    ck_ok(sync_barrier_reset(&barrier));
    ck_ok(sync_barrier_reset(&barrier));
    three_can_meet();
    ck_ok(sync_barrier_abort(&barrier));
    ck_ok(sync_barrier_destroy(&barrier)); /* a broken one, too */
}
END_TEST

/* --- A few threads --- */

START_TEST(nobody_goes_on_before_the_last_has_come)
{
    make_barrier(3, count, &actions);
    for (unsigned round = 1; round <= 20; round++) {
        three_can_meet();
        ck_assert_uint_eq(actions, round);
    }
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

START_TEST(the_last_to_come_goes_through_with_any_deadline)
{
    struct timespec soon = in_ms(LONG_MS);
    const struct timespec *deadlines[] = {NULL, &soon, &PAST, &FAR_AWAY};
    make_barrier(4, NULL, NULL);
    for (unsigned i = 0; i < 4; i++) {
        arrival others[3];
        come(&others[0], NULL);
        come(&others[1], &soon);
        come(&others[2], &FAR_AWAY);
        until_waiting(3);
        ck_error(sync_barrier_wait_until(&barrier, NULL, &TOO_LARGE), EINVAL);
        ck_assert_uint_eq(sync_barrier_waiting(&barrier), 3);
        unsigned index = UNTOUCHED;
        ck_ok(sync_barrier_wait_until(&barrier, &index, deadlines[i]));
        ck_assert_uint_eq(index, 3);
        for (int k = 0; k < 3; k++)
            ck_ok(result_of(&others[k]));
    }
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

static void *wait_for_ever_by_wait_until(void *unused)
{
    ck_ok(sync_barrier_wait_until(&barrier, NULL, NULL));
    return unused;
}

START_TEST(no_deadline_is_for_ever)
{
    worker patient;
    make_barrier(2, NULL, NULL);
    start(&patient, wait_for_ever_by_wait_until, NULL);
    until_waiting(1);
    until_asleep(&patient);
    ck_ok(sync_barrier_wait(&barrier, NULL));
    finish(&patient);
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

START_TEST(signals_do_not_end_a_wait)
{
    struct timespec deadline = in_ms(LONG_MS);
    arrival patient, punctual;
    make_barrier(3, NULL, NULL);
    come(&patient, NULL);
    come(&punctual, &deadline);
    until_waiting(2);
    interrupt(&patient.worker, 10);
    interrupt(&punctual.worker, 10);
    ck_assert_uint_eq(sync_barrier_waiting(&barrier), 2);
    ck_ok(sync_barrier_wait(&barrier, NULL));
    ck_ok(result_of(&patient));
    ck_ok(result_of(&punctual));
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

START_TEST(destroy_is_refused_while_a_thread_waits)
{
    arrival waiter;
    make_barrier(2, NULL, NULL);
    come(&waiter, NULL);
    until_waiting(1);
    ck_error(sync_barrier_destroy(&barrier), EBUSY);
    ck_assert_uint_eq(sync_barrier_waiting(&barrier), 1); /* as it was */
    ck_assert(!sync_barrier_is_broken(&barrier));
    ck_ok(sync_barrier_wait(&barrier, NULL));
    ck_ok(sync_barrier_destroy(&barrier));
    ck_ok(result_of(&waiter));
}
END_TEST

/* --- Broken and reset --- */

START_TEST(a_deadline_is_waited_for_and_breaks_it_for_all)
{
    arrival others[2];
    make_barrier(4, count, &actions);
    come(&others[0], NULL);
    come(&others[1], &FAR_AWAY);
    until_waiting(2);
    unsigned index = UNTOUCHED;
    struct timespec deadline = in_ms(30);
    ck_error(sync_barrier_wait_until(&barrier, &index, &deadline), ETIMEDOUT);
    ck_assert(!is_before(now(), deadline));
    ck_assert_uint_eq(index, UNTOUCHED);
    is_closed();
    for (int i = 0; i < 2; i++)
        ck_error(result_of(&others[i]), ECANCELED);
    is_closed();
    ck_assert_uint_eq(actions, 0);
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

START_TEST(of_two_that_are_late_one_breaks_it)
{
    make_barrier(3, NULL, NULL);
    struct timespec deadline = in_ms(20);
    arrival others[2];
    come(&others[0], &deadline);
    come(&others[1], &deadline);
    int late = 0;
    for (int i = 0; i < 2; i++) {
        int result = result_of(&others[i]);
        ck_assert(result == ETIMEDOUT || result == ECANCELED);
        late += result == ETIMEDOUT;
    }
    ck_assert_int_eq(late, 1);
    ck_assert(!is_before(now(), deadline));
    ck_ok(sync_barrier_reset(&barrier));
    three_can_meet();
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

/* Two arrivals wait at a barrier of three, both asleep. */
static void start_two(arrival waiters[2])
{
    for (unsigned i = 0; i < 2; i++)
        come(&waiters[i], i == 0 ? NULL : &FAR_AWAY);
    until_waiting(2);
    until_asleep(&waiters[0].worker);
    until_asleep(&waiters[1].worker);
}

static void both_are_cancelled(arrival waiters[2])
{
    for (int i = 0; i < 2; i++)
        ck_error(result_of(&waiters[i]), ECANCELED);
}

START_TEST(abort_cancels_who_waits_and_who_comes)
{
    arrival waiters[2];
    make_barrier(3, NULL, NULL);
    start_two(waiters);
    ck_ok(sync_barrier_abort(&barrier));
    is_closed();
    both_are_cancelled(waiters);
    is_closed();
    ck_ok(sync_barrier_reset(&barrier));
    three_can_meet();
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

START_TEST(reset_cancels_who_waits_but_not_who_comes)
{
    arrival waiters[2];
    make_barrier(3, NULL, NULL);
    for (int i = 0; i < 10; i++) {
        start_two(waiters);
        if (i % 2 == 1) /* the way out of a broken barrier is the same */
            ck_ok(sync_barrier_abort(&barrier));
        ck_ok(sync_barrier_reset(&barrier));
        three_can_meet();
        both_are_cancelled(waiters);
    }
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

START_TEST(the_resetter_may_come_at_once)
{
    arrival before[2], after[2];
    make_barrier(3, count, &actions);
    for (unsigned i = 0; i < 10; i++) {
        start_two(before);
        ck_ok(sync_barrier_reset(&barrier));
        come(&after[0], NULL);
        come(&after[1], &FAR_AWAY);
        unsigned index = UNTOUCHED;
        ck_ok(sync_barrier_wait(&barrier, &index));
        unsigned indices = 1u << index;
        for (int k = 0; k < 2; k++) {
            ck_ok(result_of(&after[k]));
            indices |= 1u << after[k].index;
        }
        ck_assert_uint_eq(indices, 7); /* 0, 1 and 2 */
        both_are_cancelled(before);
        ck_assert_uint_eq(actions, i + 1);
    }
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

START_TEST(what_a_reset_interrupts_may_be_aborted)
{
    arrival waiters[2];
    make_barrier(3, NULL, NULL);
    for (int i = 0; i < 10; i++) {
        start_two(waiters);
        ck_ok(sync_barrier_reset(&barrier));
        ck_ok(sync_barrier_abort(&barrier));
        is_closed();
        both_are_cancelled(waiters);
        is_closed(); /* who leaves does not mend it */
        ck_ok(sync_barrier_reset(&barrier));
    }
    three_can_meet();
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

/* --- The action --- */

static bool action_saw_it_broken;
static unsigned action_saw_waiting;

static void look(void *unused)
{
    (void)unused;
    actions++;
    action_saw_it_broken = sync_barrier_is_broken(&barrier);
    action_saw_waiting = sync_barrier_waiting(&barrier);
}

START_TEST(the_action_may_look)
{
    make_barrier(3, look, NULL);
    action_saw_it_broken = true;
    action_saw_waiting = UNTOUCHED;
    three_can_meet();
    ck_assert_uint_eq(actions, 1);
    ck_assert(!action_saw_it_broken);
    ck_assert_uint_eq(action_saw_waiting, 0); /* nobody waits for the rest */
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

static void abort_the_first(void *unused)
{
    (void)unused;
    if (++actions == 1)
        ck_ok(sync_barrier_abort(&barrier));
}

START_TEST(the_action_may_abort)
{
    arrival waiters[2];
    unsigned index = UNTOUCHED;
    make_barrier(3, abort_the_first, NULL);
    start_two(waiters);
    ck_error(sync_barrier_wait(&barrier, &index), ECANCELED);
    ck_assert_uint_eq(index, UNTOUCHED);
    is_closed();
    both_are_cancelled(waiters);
    ck_assert_uint_eq(actions, 1);
    ck_ok(sync_barrier_reset(&barrier));
    three_can_meet();
    ck_assert_uint_eq(actions, 2);
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

static void reset_the_first(void *unused)
{
    (void)unused;
    if (++actions == 1)
        ck_ok(sync_barrier_reset(&barrier));
}

START_TEST(the_action_may_reset)
{
    arrival waiters[2];
    unsigned index = UNTOUCHED;
    make_barrier(3, reset_the_first, NULL);
    start_two(waiters);
    ck_error(sync_barrier_wait(&barrier, &index), ECANCELED);
    ck_assert_uint_eq(index, UNTOUCHED);
    ck_assert_uint_eq(actions, 1);
    three_can_meet();
    ck_assert_uint_eq(actions, 2);
    both_are_cancelled(waiters);
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

/* Comes twice during the action, and sleeps until that has ended. */
static void come_early(arrival early[2], const struct timespec *deadline)
{
    come(&early[0], deadline);
    come(&early[1], NULL);
    until_asleep(&early[0].worker);
    until_asleep(&early[1].worker);
    ck_assert_uint_eq(sync_barrier_waiting(&barrier), 0);
    ck_assert(!sync_barrier_is_broken(&barrier));
    ck_assert_uint_eq(actions, 1);
}

/* These two, and nobody else, meet in the round that comes next. */
static void the_two_meet(arrival early[2])
{
    gate_pass(&acting);
    gate_open(&let_go);
    for (int i = 0; i < 2; i++)
        ck_ok(result_of(&early[i]));
    ck_assert_uint_eq(early[0].index + early[1].index, 1);
    ck_assert_uint_eq(actions, 2);
    ck_ok(sync_barrier_destroy(&barrier));
}

START_TEST(who_comes_during_the_action_is_of_the_next_round)
{
    struct timespec deadline = in_ms(LONG_MS);
    arrival first, last, early[2];
    start_action(&first, &last);
    come_early(early, &deadline);
    interrupt(&early[0].worker, 10);
    interrupt(&early[1].worker, 10);
    ck_error(sync_barrier_destroy(&barrier), EBUSY);
    gate_open(&let_go);
    ck_ok(result_of(&first));
    ck_ok(result_of(&last));
    ck_assert_uint_eq(first.index, 0);
    ck_assert_uint_eq(last.index, 1);
    the_two_meet(early);
}
END_TEST

START_TEST(abort_during_the_action_cancels_its_round)
{
    arrival first, last, early[2];
    start_action(&first, &last);
    ck_ok(sync_barrier_abort(&barrier));
    ck_error(result_of(&first), ECANCELED); /* it need not wait for the end */
    is_closed();
    ck_ok(sync_barrier_reset(&barrier));
    come_early(early, NULL);
    gate_open(&let_go);
    ck_error(result_of(&last), ECANCELED);
    the_two_meet(early);
}
END_TEST

START_TEST(abort_during_the_action_cancels_who_came_early)
{
    arrival first, last, early[2];
    start_action(&first, &last);
    come_early(early, &FAR_AWAY);
    ck_ok(sync_barrier_abort(&barrier));
    both_are_cancelled(early);
    ck_error(result_of(&first), ECANCELED);
    gate_open(&let_go);
    ck_error(result_of(&last), ECANCELED);
    is_closed();
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

/* The thread in the action is the last of its group to leave. Those who come
 * after the reset are enough for a round, and for one with it. */
START_TEST(after_a_reset_the_two_groups_never_mix)
{
    arrival first, last, early[2];
    start_action(&first, &last);
    ck_ok(sync_barrier_reset(&barrier));
    ck_error(result_of(&first), ECANCELED);
    come_early(early, &FAR_AWAY);
    for (int i = 0; i < 3; i++) { /* once more changes nothing */
        ck_ok(sync_barrier_reset(&barrier));
        until_asleep(&early[0].worker);
        until_asleep(&early[1].worker);
        ck_assert_uint_eq(sync_barrier_waiting(&barrier), 0);
        ck_assert_uint_eq(actions, 1);
    }
    gate_open(&let_go);
    ck_error(result_of(&last), ECANCELED);
    the_two_meet(early);
}
END_TEST

START_TEST(abort_after_a_reset_cancels_who_is_kept_out)
{
    arrival first, last, early[2];
    start_action(&first, &last);
    ck_ok(sync_barrier_reset(&barrier));
    come_early(early, NULL);
    ck_ok(sync_barrier_abort(&barrier));
    both_are_cancelled(early);
    is_closed();
    gate_open(&let_go);
    ck_error(result_of(&first), ECANCELED);
    ck_error(result_of(&last), ECANCELED);
    is_closed();
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

START_TEST(destroy_is_refused_while_the_action_runs)
{
    arrival first, last;
    start_action(&first, &last);
    ck_error(sync_barrier_destroy(&barrier), EBUSY);
    gate_open(&let_go);
    ck_ok(result_of(&first));
    ck_ok(result_of(&last));
    ck_assert_uint_eq(actions, 1);
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

/* Found by `make prove`: it waited for the action, and inside the action for
 * ever. */
START_TEST(destroy_is_refused_though_the_action_s_round_was_cancelled)
{
    arrival first, last;
    start_action(&first, &last);
    ck_ok(_i == 0 ? sync_barrier_abort(&barrier)
                  : sync_barrier_reset(&barrier));
    ck_error(result_of(&first), ECANCELED);
    ck_error(sync_barrier_destroy(&barrier), EBUSY);
    gate_open(&let_go);
    ck_error(result_of(&last), ECANCELED);
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

static void outlast_the_deadline(void *arg)
{
    arrival *punctual = arg;
    actions++;
    while (is_before(now(), *punctual->deadline))
        sched_yield();
    interrupt(&punctual->worker, 2); /* it sees the time, and sleeps again */
}

static void *arrive_and_stay(void *arg)
{
    arrive(arg);
    gate_pass(&let_go);
    return NULL;
}

START_TEST(deadlines_do_not_matter_once_all_have_come)
{
    arrival punctual;
    make_barrier(2, outlast_the_deadline, &punctual);
    gate_init(&let_go);
    for (long ms = 20; actions == 0; ms *= 2) { /* until all came in time */
        struct timespec deadline = in_ms(ms);
        punctual.deadline = &deadline;
        punctual.index = UNTOUCHED;
        start(&punctual.worker, arrive_and_stay, &punctual);
        while (sync_barrier_waiting(&barrier) == 0 &&
                !sync_barrier_is_broken(&barrier))
            sched_yield();
        until_asleep(&punctual.worker);
        int result = sync_barrier_wait(&barrier, NULL);
        gate_open(&let_go);
        ck_error(result, actions == 1 ? 0 : ECANCELED);
        ck_error(result_of(&punctual), actions == 1 ? 0 : ETIMEDOUT);
        ck_ok(sync_barrier_reset(&barrier));
    }
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

/* --- Many threads --- */

enum { MOST = 64 };

/* A thread that goes through many rounds, and what it found. */
typedef struct runner {
    unsigned me;
    unsigned wrong;
    unsigned passes_at[MOST]; /* by index */
} runner;

static runner runners[MOST];
static unsigned parties, laps;

/* Plain data, for two laps in turn: by the time that a thread writes the data
 * of the lap after the next, all have been to the barrier since they read. */
static unsigned written[2][MOST]; /* by thread: the lap, before the wait */
static unsigned indexed[2][MOST]; /* by index: the lap, after the wait */
static pthread_t actor;

static void set_up_runners(unsigned n)
{
    memset(runners, 0, sizeof runners);
    memset(written, 0, sizeof written);
    memset(indexed, 0, sizeof indexed);
    for (unsigned i = 0; i < MOST; i++)
        runners[i].me = i;
    parties = n;
}

static unsigned run_all(unsigned n, void *(*body)(void *))
{
    unsigned wrong = 0;
    run_threads(n, body, runners, sizeof runners[0]);
    for (unsigned i = 0; i < n; i++)
        wrong += runners[i].wrong;
    return wrong;
}

/* How many of the parties' numbers are not that of the lap. */
static unsigned not_of_lap(const unsigned *numbers, unsigned lap)
{
    unsigned n = 0;
    for (unsigned i = 0; i < parties; i++)
        n += numbers[i] != lap;
    return n;
}

static void note_actor(void *unused)
{
    (void)unused;
    actions++;
    actor = pthread_self();
}

static void *run_laps(void *arg)
{
    runner *r = arg;
    for (unsigned lap = 1; lap <= laps; lap++) {
        unsigned index = MOST;
        written[lap % 2][r->me] = lap;
        int error = lap % 2 == 0 ? sync_barrier_wait(&barrier, &index)
                                 : sync_barrier_wait_until(
                                           &barrier, &index, &FAR_AWAY);
        if (error != 0 || index >= parties) {
            r->wrong++;
            break;
        }
        bool acted = pthread_equal(actor, pthread_self()) != 0;
        r->wrong += acted != (index == parties - 1);
        r->wrong += actions != lap;
        r->wrong += not_of_lap(written[lap % 2], lap);
        r->wrong += not_of_lap(indexed[(lap - 1) % 2], lap - 1);
        indexed[lap % 2][index] = lap;
    }
    return NULL;
}

static const unsigned crowds[] = {2, 3, 4, 8, 17, MOST};

START_TEST(all_parties_are_in_the_same_lap)
{
    set_up_runners(crowds[_i]);
    make_barrier(parties, note_actor, NULL);
    laps = 1200 / parties;
    ck_assert_uint_eq(run_all(parties, run_laps), 0);
    ck_assert_uint_eq(actions, laps);
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

static void abort_the_last(void *unused)
{
    (void)unused;
    if (++actions > laps)
        sync_barrier_abort(&barrier);
}

static void *run_until_cancelled(void *arg)
{
    runner *r = arg;
    unsigned index = MOST;
    int error;
    while ((error = sync_barrier_wait(&barrier, &index)) == 0) {
        r->wrong += index >= parties;
        r->passes_at[index % MOST]++;
        index = MOST;
    }
    r->wrong += error != ECANCELED || index != MOST;
    return NULL;
}

/* Whoever comes first makes up a round; in all, each place is taken once a
 * round, and nobody goes through in the round that was cancelled. */
START_TEST(there_may_be_more_threads_than_parties)
{
    enum { CROWD = 8 };
    set_up_runners(3);
    make_barrier(parties, abort_the_last, NULL);
    laps = 300;
    ck_assert_uint_eq(run_all(CROWD, run_until_cancelled), 0);
    ck_assert_uint_eq(actions, laps + 1);
    for (unsigned index = 0; index < MOST; index++) {
        unsigned passes = 0;
        for (unsigned i = 0; i < CROWD; i++)
            passes += runners[i].passes_at[index];
        ck_assert_uint_eq(passes, index < parties ? laps : 0);
    }
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

static unsigned random_number(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

/* Comes to the barrier, perhaps too late, perhaps after some mischief. */
static int come_somehow(unsigned *index, unsigned *seed)
{
    switch (random_number(seed) % 16) {
    case 0:
        return sync_barrier_wait_until(&barrier, index, &PAST);
    case 1:
        sync_barrier_abort(&barrier);
        sync_barrier_reset(&barrier);
        break;
    case 2:
        sync_barrier_reset(&barrier);
        break;
    case 3:
        return sync_barrier_wait_until(&barrier, index, &FAR_AWAY);
    default:
        break;
    }
    return sync_barrier_wait(&barrier, index);
}

/* Interferes from outside, at any time, even during an action. */
static void make_trouble(unsigned seed)
{
    for (int i = 0; i < 300; i++) {
        if (random_number(&seed) % 2 == 0)
            sync_barrier_abort(&barrier);
        sync_barrier_reset(&barrier);
        sched_yield();
    }
}

/* As many threads as parties, so that a round is completed by all or by none.
 * If the groups before and after a reset were mixed, some thread would be in
 * another lap than the others. */
static void *run_laps_with_mischief(void *arg)
{
    runner *r = arg;
    unsigned seed = r->me + parties;
    if (r->me == parties) {
        make_trouble(seed);
        return NULL;
    }
    for (unsigned lap = 1; lap <= laps; lap++) {
        unsigned index = MOST;
        int error;
        written[lap % 2][r->me] = lap;
        while ((error = come_somehow(&index, &seed)) != 0) {
            r->wrong += error != ECANCELED && error != ETIMEDOUT;
            r->wrong += index != MOST;
            if (error == ETIMEDOUT)
                sync_barrier_reset(&barrier);
            sched_yield();
        }
        r->wrong += not_of_lap(written[lap % 2], lap);
        r->wrong += not_of_lap(indexed[(lap - 1) % 2], lap - 1);
        r->wrong += index >= parties;
        indexed[lap % 2][index % MOST] = lap;
    }
    return NULL;
}

static void give_way(void *unused)
{
    (void)unused;
    actions++;
    sched_yield();
}

START_TEST(mischief_never_parts_the_parties)
{
    set_up_runners((unsigned)_i);
    make_barrier(parties, give_way, NULL);
    laps = 900 / (parties * parties);
    ck_assert_uint_eq(run_all(parties + 1, run_laps_with_mischief), 0);
    ck_assert_uint_ge(actions, laps); /* some were for cancelled rounds */
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

/* One waits until the deadline, and the other comes at about that time. */
enum { CLOSE_CALLS = 500, NS_EACH = 100000 };

static struct timespec deadline_of_call;
static gate next_call, call_over;
static int result_of_call;

static void *wait_until_the_last_moment(void *unused)
{
    for (int i = 0; i < CLOSE_CALLS; i++) {
        gate_pass(&next_call);
        result_of_call =
                sync_barrier_wait_until(&barrier, NULL, &deadline_of_call);
        gate_open(&call_over);
    }
    return unused;
}

static struct timespec later(struct timespec at, unsigned ns)
{
    at.tv_nsec += ns;
    at.tv_sec += at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    return at;
}

START_TEST(a_close_call_ends_alike_for_both)
{
    unsigned seed = 1;
    worker other;
    gate_init(&next_call);
    gate_init(&call_over);
    make_barrier(2, NULL, NULL);
    start(&other, wait_until_the_last_moment, NULL);
    for (int i = 0; i < CLOSE_CALLS; i++) {
        deadline_of_call = later(now(), NS_EACH);
        struct timespec moment =
                later(deadline_of_call, random_number(&seed) % NS_EACH);
        gate_open(&next_call);
        while (is_before(now(), moment))
            continue; /* to give way here could be to come far too late */
        int result = sync_barrier_wait(&barrier, NULL);
        bool broken = sync_barrier_is_broken(&barrier);
        gate_pass(&call_over);
        ck_error(result, broken ? ECANCELED : 0);
        ck_error(result_of_call, broken ? ETIMEDOUT : 0);
        ck_ok(sync_barrier_reset(&barrier));
    }
    finish(&other);
    ck_ok(sync_barrier_destroy(&barrier));
}
END_TEST

/* --- The end --- */

enum { BARRIERS = 300 };

static sync_barrier *barriers[BARRIERS];
static gate first_out[BARRIERS];

static void set_up_barriers(unsigned n)
{
    for (unsigned i = 0; i < BARRIERS; i++) {
        barriers[i] = malloc(sizeof *barriers[i]);
        ck_assert_ptr_nonnull(barriers[i]);
        ck_ok(sync_barrier_init(barriers[i], n, NULL, NULL));
        gate_init(&first_out[i]);
        gate_open(&first_out[i]);
    }
}

static void *meet_at_all(void *arg)
{
    runner *r = arg;
    for (unsigned i = 0; i < BARRIERS; i++) {
        r->wrong += sync_barrier_wait(barriers[i], NULL) != 0;
        r->wrong += sync_barrier_wait(barriers[i], NULL) != 0;
        if (sem_trywait(&first_out[i]) == 0) {
            r->wrong += sync_barrier_destroy(barriers[i]) != 0;
            free(barriers[i]);
        }
    }
    return NULL;
}

START_TEST(the_first_to_return_may_free_it)
{
    set_up_runners((unsigned)_i);
    set_up_barriers(parties);
    ck_assert_uint_eq(run_all(parties, meet_at_all), 0);
}
END_TEST

/* All meet. Then some of them come again, and one cancels these: threads of
 * both rounds may still be on their way out when it ends the barrier. */
static void *cancel_at_all(void *arg)
{
    runner *r = arg;
    for (unsigned i = 0; i < BARRIERS; i++) {
        sync_barrier *b = barriers[i];
        unsigned again = 1 + i / 2 % (parties - 1);
        r->wrong += sync_barrier_wait(b, NULL) != 0;
        if (r->me < again)
            r->wrong += sync_barrier_wait(b, NULL) != ECANCELED;
        if (r->me != again)
            continue;
        while (sync_barrier_waiting(b) < again)
            sched_yield();
        if (i % 2 == 0)
            sync_barrier_abort(b);
        else
            sync_barrier_reset(b);
        r->wrong += sync_barrier_destroy(b) != 0;
        free(b);
    }
    return NULL;
}

static const unsigned companies[] = {2, 3, 16};

START_TEST(who_has_cancelled_the_others_may_free_it)
{
    set_up_runners(companies[_i]);
    set_up_barriers(parties);
    ck_assert_uint_eq(run_all(parties, cancel_at_all), 0);
}
END_TEST

static int make(void)
{
    return sync_barrier_init(&barrier, 3, count, &actions);
}

static int unmake(void)
{
    return sync_barrier_destroy(&barrier);
}

START_TEST(init_reports_what_it_lacks)
{
    check_faults(make, unmake);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("barrier");

    TCase *alone = add_case(suite, "alone");
    tcase_add_test(alone, a_barrier_for_nobody_is_refused);
    tcase_add_test(alone, a_party_of_one_has_nobody_to_wait_for);
    tcase_add_test(alone, who_has_bad_nanoseconds_does_not_arrive);
    tcase_add_test(alone, a_deadline_that_has_passed_breaks_it);
    tcase_add_test(alone, an_empty_one_can_be_aborted_and_reset);

    TCase *few = add_case(suite, "few");
    tcase_add_test(few, nobody_goes_on_before_the_last_has_come);
    tcase_add_test(few, the_last_to_come_goes_through_with_any_deadline);
    tcase_add_test(few, no_deadline_is_for_ever);
    tcase_add_test(few, signals_do_not_end_a_wait);
    tcase_add_test(few, destroy_is_refused_while_a_thread_waits);

    TCase *broken = add_case(suite, "broken");
    tcase_add_test(broken, a_deadline_is_waited_for_and_breaks_it_for_all);
    tcase_add_test(broken, of_two_that_are_late_one_breaks_it);
    tcase_add_test(broken, abort_cancels_who_waits_and_who_comes);
    tcase_add_test(broken, reset_cancels_who_waits_but_not_who_comes);
    tcase_add_test(broken, the_resetter_may_come_at_once);
    tcase_add_test(broken, what_a_reset_interrupts_may_be_aborted);

    TCase *action = add_case(suite, "action");
    tcase_add_test(action, the_action_may_look);
    tcase_add_test(action, the_action_may_abort);
    tcase_add_test(action, the_action_may_reset);
    tcase_add_test(action, who_comes_during_the_action_is_of_the_next_round);
    tcase_add_test(action, abort_during_the_action_cancels_its_round);
    tcase_add_test(action, abort_during_the_action_cancels_who_came_early);
    tcase_add_test(action, after_a_reset_the_two_groups_never_mix);
    tcase_add_test(action, abort_after_a_reset_cancels_who_is_kept_out);
    tcase_add_test(action, destroy_is_refused_while_the_action_runs);
    tcase_add_loop_test(action,
            destroy_is_refused_though_the_action_s_round_was_cancelled, 0, 2);
    tcase_add_test(action, deadlines_do_not_matter_once_all_have_come);

    TCase *many = add_case(suite, "many");
    tcase_add_loop_test(many, all_parties_are_in_the_same_lap, 0,
            (int)(sizeof crowds / sizeof crowds[0]));
    tcase_add_test(many, there_may_be_more_threads_than_parties);
    tcase_add_loop_test(many, mischief_never_parts_the_parties, 2, 6);

    tcase_add_test(many, a_close_call_ends_alike_for_both);

    TCase *ends = add_case(suite, "ends");
    tcase_add_loop_test(ends, the_first_to_return_may_free_it, 2, 5);
    tcase_add_loop_test(ends, who_has_cancelled_the_others_may_free_it, 0,
            (int)(sizeof companies / sizeof companies[0]));
    tcase_add_test(ends, init_reports_what_it_lacks);
    return suite;
}
