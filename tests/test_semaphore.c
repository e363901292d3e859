#include "primitives/semaphore.h"

#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "primitives/must.h"
#include "tests/support.h"

enum { WAITERS = 4 };

/* Its limit is WAITERS, where a test does not make it anew. */
static sync_semaphore permits;

static void setup(void)
{
    ck_ok(sync_semaphore_init_bounded(&permits, 0, WAITERS));
}

static void teardown(void)
{
    ck_ok(sync_semaphore_destroy(&permits));
}

static void make_anew(unsigned value, unsigned limit)
{
    ck_ok(sync_semaphore_destroy(&permits));
    ck_ok(sync_semaphore_init_bounded(&permits, value, limit));
}

static void check_value(unsigned value)
{
    ck_assert_uint_eq(sync_semaphore_value(&permits), value);
}

static const struct timespec BEFORE_ZERO = {-1, 0};

/* --- Alone --- */

START_TEST(it_begins_with_its_value)
{
    static const unsigned values[] = {0, 1, 3, UINT_MAX};
    sync_semaphore s;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        ck_ok(sync_semaphore_init(&s, values[i]));
        ck_assert_uint_eq(sync_semaphore_value(&s), values[i]);
        ck_ok(sync_semaphore_destroy(&s));
    }
}
END_TEST

START_TEST(every_form_takes_a_permit)
{
    struct timespec soon = in_ms(LONG_MS);
    const struct timespec *deadlines[] = {
            NULL, &soon, &PAST, &BEFORE_ZERO, &FAR_AWAY};
    for (size_t i = 0; i < sizeof deadlines / sizeof deadlines[0]; i++) {
        ck_ok(sync_semaphore_release(&permits));
        ck_ok(sync_semaphore_acquire_until(&permits, deadlines[i]));
        check_value(0);
    }
    ck_ok(sync_semaphore_release_many(&permits, 2));
    ck_ok(sync_semaphore_acquire(&permits));
    check_value(1);
    ck_ok(sync_semaphore_try_acquire(&permits));
    check_value(0);
}
END_TEST

START_TEST(without_a_permit_there_is_an_end)
{
    ck_error(sync_semaphore_try_acquire(&permits), EAGAIN);
    ck_error(sync_semaphore_acquire_until(&permits, &PAST), ETIMEDOUT);
    ck_error(sync_semaphore_acquire_until(&permits, &BEFORE_ZERO), ETIMEDOUT);
    check_value(0);
}
END_TEST

START_TEST(the_deadline_is_waited_for)
{
    struct timespec deadline = in_ms(30);
    ck_error(sync_semaphore_acquire_until(&permits, &deadline), ETIMEDOUT);
    ck_assert(!is_before(now(), deadline));
    check_value(0);
}
END_TEST

START_TEST(bad_nanoseconds_come_first)
{
    ck_error(sync_semaphore_acquire_until(&permits, &NEGATIVE), EINVAL);
    ck_error(sync_semaphore_acquire_until(&permits, &TOO_LARGE), EINVAL);
    ck_ok(sync_semaphore_release(&permits));
    ck_error(sync_semaphore_acquire_until(&permits, &NEGATIVE), EINVAL);
    ck_error(sync_semaphore_acquire_until(&permits, &TOO_LARGE), EINVAL);
    check_value(1);
}
END_TEST

START_TEST(it_begins_within_its_limit)
{
    static const unsigned limits[] = {0, 3, UINT_MAX - 1};
    sync_semaphore s;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        long before = fault_held();
        unsigned over = limits[i] + 1;
        ck_error(sync_semaphore_init_bounded(&s, over, limits[i]), EINVAL);
        ck_error(sync_semaphore_init_bounded(&s, UINT_MAX, limits[i]), EINVAL);
        ck_assert_int_eq(fault_held(), before);
    }
}
END_TEST

/* The semaphore is full; that is what it says to every release. */
static void check_full(unsigned limit)
{
    ck_error(sync_semaphore_release(&permits), EOVERFLOW);
    ck_error(sync_semaphore_release_many(&permits, 1), EOVERFLOW);
    ck_error(sync_semaphore_release_many(&permits, UINT_MAX), EOVERFLOW);
    ck_error(sync_semaphore_release_many(&permits, 0), EINVAL);
    check_value(limit);
}

static void check_limit(unsigned value, unsigned limit)
{
    unsigned room = limit - value;
    make_anew(value, limit);
    ck_error(sync_semaphore_release_many(&permits, 0), EINVAL);
    if (room < UINT_MAX)
        ck_error(sync_semaphore_release_many(&permits, room + 1), EOVERFLOW);
    check_value(value); /* all or none */
    if (room > 0)
        ck_ok(sync_semaphore_release_many(&permits, room));
    check_full(limit);
    if (limit == 0)
        return;
    ck_ok(sync_semaphore_acquire(&permits));
    check_value(limit - 1);
    ck_ok(sync_semaphore_release(&permits));
    check_full(limit);
}

START_TEST(it_takes_permits_up_to_its_limit_and_no_more)
{
    static const unsigned limits[] = {0, 1, 4, UINT_MAX};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        check_limit(0, limits[i]);
        check_limit(limits[i] / 2, limits[i]);
        check_limit(limits[i], limits[i]);
    }
}
END_TEST

START_TEST(without_a_limit_it_takes_permits_up_to_the_largest_number)
{
    ck_ok(sync_semaphore_destroy(&permits));
    ck_ok(sync_semaphore_init(&permits, 1));
    ck_error(sync_semaphore_release_many(&permits, UINT_MAX), EOVERFLOW);
    check_value(1);
    ck_ok(sync_semaphore_release_many(&permits, UINT_MAX - 1));
    check_full(UINT_MAX);
    ck_ok(sync_semaphore_try_acquire(&permits));
    check_value(UINT_MAX - 1);
}
END_TEST

START_TEST(with_a_limit_of_none_there_is_never_a_permit)
{
    make_anew(0, 0);
    ck_error(sync_semaphore_release(&permits), EOVERFLOW);
    ck_error(sync_semaphore_try_acquire(&permits), EAGAIN);
    ck_error(sync_semaphore_acquire_until(&permits, &PAST), ETIMEDOUT);
    check_value(0);
}
END_TEST

/* --- With waiters --- */

/* A look at the private field that counts the sleepers. A counted thread keeps
 * the mutex until it sleeps, so by every call that locks it, it is waiting. No
 * look from outside could be so sure. */
static unsigned sleepers(void)
{
    return (unsigned)(atomic_load(&permits.state) >> 32);
}

static void until_waiting(unsigned n)
{
    while (sleepers() != n)
        sched_yield();
}

static worker waiters[WAITERS];
static struct timespec soon, far_away;
static gate through; /* opened by each waiter that has got its permit */

static void *acquire(void *unused)
{
    ck_ok(sync_semaphore_acquire(&permits));
    gate_open(&through);
    return unused;
}

static void *acquire_until(void *deadline)
{
    ck_ok(sync_semaphore_acquire_until(&permits, deadline));
    gate_open(&through);
    return NULL;
}

static void start_waiters(void)
{
    soon = in_ms(LONG_MS);
    far_away = FAR_AWAY;
    gate_init(&through);
    start(&waiters[0], acquire, NULL);
    start(&waiters[1], acquire_until, NULL);
    start(&waiters[2], acquire_until, &soon);
    start(&waiters[3], acquire_until, &far_away);
    until_waiting(WAITERS);
}

static void finish_waiters(void)
{
    for (int i = 0; i < WAITERS; i++)
        finish(&waiters[i]);
}

START_TEST(each_release_lets_one_through)
{
    start_waiters();
    for (unsigned left = WAITERS; left > 0; left--) {
        check_value(0);
        ck_ok(sync_semaphore_release(&permits));
        gate_pass(&through);
        until_waiting(left - 1);
    }
    check_value(0);
    finish_waiters();
}
END_TEST

START_TEST(releasing_many_lets_that_many_through)
{
    start_waiters();
    ck_ok(sync_semaphore_release_many(&permits, 3));
    for (int i = 0; i < 3; i++)
        gate_pass(&through);
    until_waiting(1);
    check_value(0);
    ck_ok(sync_semaphore_release_many(&permits, 3));
    finish_waiters();
    check_value(2);
}
END_TEST

START_TEST(what_is_refused_changes_nothing)
{
    start_waiters();
    for (int i = 0; i < 2; i++) {
        ck_error(sync_semaphore_destroy(&permits), EBUSY);
        ck_error(sync_semaphore_try_acquire(&permits), EAGAIN);
        ck_error(sync_semaphore_acquire_until(&permits, &PAST), ETIMEDOUT);
        ck_error(sync_semaphore_acquire_until(&permits, &NEGATIVE), EINVAL);
        ck_error(sync_semaphore_release_many(&permits, 0), EINVAL);
        ck_error(sync_semaphore_release_many(&permits, WAITERS + 1), EOVERFLOW);
        until_waiting(WAITERS);
        check_value(0);
    }
    ck_ok(sync_semaphore_release_many(&permits, WAITERS));
    finish_waiters();
    check_value(0);
}
END_TEST

START_TEST(one_waiter_is_enough_to_refuse_the_end)
{
    worker waiter;
    gate_init(&through);
    start(&waiter, acquire, NULL);
    until_waiting(1);
    ck_error(sync_semaphore_destroy(&permits), EBUSY);
    ck_ok(sync_semaphore_release(&permits));
    finish(&waiter);
}
END_TEST

START_TEST(a_release_that_comes_before_the_sleep_is_not_missed)
{
    worker w;
    gate_init(&through);
    ck_ok(pthread_mutex_lock(&permits.mutex)); /* nobody can go to sleep */
    start(&w, acquire, NULL);
    until_asleep(&w);
    ck_ok(sync_semaphore_release(&permits));
    ck_ok(pthread_mutex_unlock(&permits.mutex));
    finish(&w);
    check_value(0);
}
END_TEST

START_TEST(signals_do_not_end_a_wait)
{
    start_waiters();
    for (int i = 0; i < WAITERS; i++)
        interrupt(&waiters[i], 5);
    until_waiting(WAITERS);
    ck_ok(sync_semaphore_release_many(&permits, WAITERS));
    finish_waiters();
    check_value(0);
}
END_TEST

/* Wakes who sleeps at the semaphore without a reason, as POSIX allows. */
static void wake_for_nothing(void)
{
    ck_ok(pthread_mutex_lock(&permits.mutex));
    ck_ok(pthread_cond_broadcast(&permits.nonzero));
    ck_ok(pthread_mutex_unlock(&permits.mutex));
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
    ck_ok(sync_semaphore_release_many(&permits, WAITERS));
    finish_waiters();
    check_value(0);
}
END_TEST

static gate over, let_go;

static void *time_out(void *deadline)
{
    ck_error(sync_semaphore_acquire_until(&permits, deadline), ETIMEDOUT);
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

/* --- Time-outs that race with a release --- */

enum { RACERS = 3, RACES = 150 };

static pthread_barrier_t line; /* where a race begins, and where it ends */
static struct timespec moment; /* when waits end, and the release comes */
static int results[RACERS];

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

static atomic_bool given; /* a permit has been put in, for the one waiter */

static void *acquire_in_the_end(void *unused)
{
    int error;
    do {
        struct timespec deadline = in_ms(10);
        error = sync_semaphore_acquire_until(&permits, &deadline);
        ck_assert(error == 0 || !atomic_load(&given));
    } while (error == ETIMEDOUT);
    ck_ok(error);
    return unused;
}

/* The permit is put in by hand while the mutex keeps the waiter from going: by
 * then its deadline has passed. */
START_TEST(a_permit_that_comes_with_the_deadline_is_taken)
{
    worker w;
    atomic_init(&given, false);
    start(&w, acquire_in_the_end, NULL);
    ck_ok(pthread_mutex_lock(&permits.mutex));
    while (sleepers() == 0) {
        ck_ok(pthread_mutex_unlock(&permits.mutex));
        sched_yield();
        ck_ok(pthread_mutex_lock(&permits.mutex));
    }
    moment = in_ms(10);
    until_moment();
    atomic_store(&given, true);
    atomic_fetch_add(&permits.state, 1);
    ck_ok(pthread_mutex_unlock(&permits.mutex));
    finish(&w);
    check_value(0);
}
END_TEST

static void *race(void *result)
{
    for (int i = 0; i < RACES; i++) {
        meet();
        *(int *)result = sync_semaphore_acquire_until(&permits, &moment);
        meet();
    }
    return NULL;
}

/* Puts one permit in when the waits of n racers end; tells how many got it. */
static unsigned release_in_time(unsigned n)
{
    unsigned got = 0;
    moment = in_ms(1);
    meet();
    until_moment();
    int error = sync_semaphore_release(&permits);
    meet();
    ck_ok(error);
    for (unsigned i = 0; i < n; i++) {
        if (results[i] == 0)
            got++;
        else
            ck_error(results[i], ETIMEDOUT);
    }
    ck_assert_uint_le(got, 1);
    return got;
}

static void start_race(worker racers[], unsigned n)
{
    ck_ok(pthread_barrier_init(&line, NULL, n + 1));
    for (unsigned i = 0; i < n; i++)
        start(&racers[i], race, &results[i]);
}

static void finish_race(worker racers[], unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        finish(&racers[i]);
    ck_ok(pthread_barrier_destroy(&line));
}

START_TEST(a_time_out_loses_no_permit)
{
    unsigned n = (unsigned)_i;
    worker racers[RACERS];
    start_race(racers, n);
    for (int i = 0; i < RACES; i++) {
        unsigned got = release_in_time(n);
        check_value(1 - got);
        ck_error(sync_semaphore_try_acquire(&permits), got == 1 ? EAGAIN : 0);
    }
    finish_race(racers, n);
}
END_TEST

static void *acquire_each_time(void *unused)
{
    for (int i = 0; i < RACES; i++) {
        ck_ok(sync_semaphore_acquire(&permits));
        gate_open(&through);
    }
    return unused;
}

START_TEST(a_time_out_swallows_nobodys_wake_up)
{
    unsigned n = (unsigned)_i;
    worker racers[RACERS], patient;
    gate_init(&through);
    start(&patient, acquire_each_time, NULL);
    start_race(racers, n);
    for (int i = 0; i < RACES; i++) {
        if (release_in_time(n) == 1)
            ck_ok(sync_semaphore_release(&permits));
        gate_pass(&through);
        check_value(0);
    }
    finish_race(racers, n);
    finish(&patient);
}
END_TEST

/* --- Many threads --- */

enum { THREADS = 64, ROUNDS = 120 };

/* The threads of these tests begin together, and keep their errors to themselves
 * until they are done: what Check does for an assertion would order them. */
static void run_64(void *(*body)(void *), void *args, size_t size)
{
    ck_ok(pthread_barrier_init(&line, NULL, THREADS));
    run_threads(THREADS, body, args, size);
    ck_ok(pthread_barrier_destroy(&line));
}

/* Takes a permit by the form whose turn it is. */
static int acquire_somehow(int turn)
{
    int error;
    switch (turn % 4) {
    case 0:
        return sync_semaphore_acquire(&permits);
    case 1:
        return sync_semaphore_acquire_until(&permits, &soon);
    case 2:
        error = sync_semaphore_try_acquire(&permits);
        return error == EAGAIN ? sync_semaphore_acquire(&permits) : error;
    default:
        do {
            struct timespec deadline = in_ms(1);
            error = sync_semaphore_acquire_until(&permits, &deadline);
        } while (error == ETIMEDOUT);
        return error;
    }
}

static atomic_uint inside;
static unsigned room; /* permits to be inside */

static void *come_and_go(void *unused)
{
    int errors = 0, too_many = 0;
    meet();
    for (int i = 0; i < ROUNDS; i++) {
        errors |= acquire_somehow(i);
        too_many += atomic_fetch_add(&inside, 1) >= room;
        sched_yield();
        atomic_fetch_sub(&inside, 1);
        errors |= sync_semaphore_release(&permits);
    }
    ck_ok(errors);
    ck_assert_int_eq(too_many, 0);
    return unused;
}

START_TEST(no_more_of_64_are_inside_than_there_are_permits)
{
    room = (unsigned)_i;
    soon = in_ms(LONG_MS);
    make_anew(room, room);
    run_64(come_and_go, NULL, 0);
    check_value(room);
}
END_TEST

static long counter; /* guarded by the one permit */

static void *count_up(void *unused)
{
    int errors = 0;
    meet();
    for (int i = 0; i < ROUNDS; i++) {
        errors |= acquire_somehow(i);
        counter++;
        errors |= sync_semaphore_release(&permits);
    }
    ck_ok(errors);
    return unused;
}

START_TEST(one_permit_excludes_among_64)
{
    counter = 0;
    soon = in_ms(LONG_MS);
    make_anew(1, 1);
    run_64(count_up, NULL, 0);
    ck_assert_int_eq(counter, (long)THREADS * ROUNDS);
    check_value(1);
}
END_TEST

/* Half of the threads bring permits, 1, 2, 3, 1, 2, 3.. at a time, and the
 * other half take as many. */
static void *bring_or_take(void *arg)
{
    bool bring = *(unsigned *)arg % 2 == 0;
    int errors = 0;
    meet();
    for (unsigned i = 0; i < (bring ? ROUNDS : 2 * ROUNDS); i++)
        errors |= bring ? sync_semaphore_release_many(&permits, 1 + i % 3)
                        : acquire_somehow((int)i);
    ck_ok(errors);
    return NULL;
}

START_TEST(what_32_bring_is_what_32_take)
{
    unsigned numbers[THREADS];
    for (unsigned i = 0; i < THREADS; i++)
        numbers[i] = i;
    _Static_assert(ROUNDS % 3 == 0, "whole turns of 1, 2, 3: 2 on average");
    soon = in_ms(LONG_MS);
    make_anew(0, UINT_MAX);
    run_64(bring_or_take, numbers, sizeof numbers[0]);
    check_value(0);
}
END_TEST

enum { LIMIT = 5 };

static atomic_uint brought, taken;

/* Goes over the limit, and under nothing, as often as it can. */
static void *overdo(void *unused)
{
    int wrong = 0;
    meet();
    for (unsigned i = 0; i < 4 * ROUNDS; i++) {
        unsigned n = 1 + i % LIMIT;
        int error = sync_semaphore_release_many(&permits, n);
        if (error == 0)
            atomic_fetch_add(&brought, n);
        wrong += error != 0 && error != EOVERFLOW;
        wrong += sync_semaphore_value(&permits) > LIMIT;
        while ((error = sync_semaphore_try_acquire(&permits)) == 0)
            atomic_fetch_add(&taken, 1);
        wrong += error != EAGAIN;
    }
    ck_assert_int_eq(wrong, 0);
    return unused;
}

START_TEST(the_limit_holds_among_64)
{
    atomic_init(&brought, 0);
    atomic_init(&taken, 0);
    make_anew(0, LIMIT);
    run_64(overdo, NULL, 0);
    check_value(0);
    ck_assert_uint_eq(atomic_load(&brought), atomic_load(&taken));
}
END_TEST

/* --- What is ordered by it: the thread sanitizers and Helgrind look on --- */

enum { HOPS = 2000 };

static long baton; /* guarded by whose turn it is */
static sync_semaphore turns[2];

/* As a spin, it never comes by the mutex, which would order by itself. */
static int spin(sync_semaphore *s)
{
    int error;
    while ((error = sync_semaphore_try_acquire(s)) == EAGAIN)
        sched_yield();
    return error;
}

static void *play(void *arg)
{
    unsigned me = *(unsigned *)arg;
    int errors = 0;
    for (unsigned i = 0; i < HOPS; i++) {
        errors |= (i + me) % 2 == 0 ? spin(&turns[me])
                                    : sync_semaphore_acquire(&turns[me]);
        baton++;
        errors |= sync_semaphore_release(&turns[1 - me]);
    }
    ck_ok(errors);
    return NULL;
}

START_TEST(what_was_done_before_a_release_is_seen_after_the_acquire)
{
    unsigned players[2] = {0, 1};
    baton = 0;
    ck_ok(sync_semaphore_init(&turns[0], 1));
    ck_ok(sync_semaphore_init(&turns[1], 0));
    run_threads(2, play, players, sizeof players[0]);
    ck_assert_int_eq(baton, 2 * HOPS);
    ck_ok(sync_semaphore_destroy(&turns[0]));
    ck_ok(sync_semaphore_destroy(&turns[1]));
}
END_TEST

static void *sign(void *arg)
{
    *(unsigned *)arg = 1;
    int error = sync_semaphore_release(&permits);
    ck_ok(error);
    return NULL;
}

START_TEST(who_has_all_permits_has_seen_all_releases)
{
    unsigned signatures[WAITERS] = {0}, sum = 0;
    int errors = 0;
    worker workers[WAITERS];
    for (int i = 0; i < WAITERS; i++)
        start(&workers[i], sign, &signatures[i]);
    for (int i = 0; i < WAITERS; i++)
        errors |= spin(&permits);
    for (int i = 0; i < WAITERS; i++)
        sum += signatures[i];
    for (int i = 0; i < WAITERS; i++)
        finish(&workers[i]);
    ck_ok(errors);
    ck_assert_uint_eq(sum, WAITERS);
}
END_TEST

/* --- The end --- */

enum { ENDS = 100 };

/* Lives for one round: whoever leaves it last frees it. */
typedef struct visit {
    sync_semaphore permits;
    atomic_uint guests;
} visit;

static const struct party {
    unsigned guests, hosts, at_once; /* each host brings so many permits */
} parties[] = {{1, 1, 1}, {4, 1, 4}, {4, 2, 2}, {4, 4, 1}};

static visit *visits[ENDS]; /* one a round, made before it begins */

/* Gets the permit asleep, by chance after a time-out, and wide awake. */
static int enter(sync_semaphore *s, int turn)
{
    int error;
    switch (turn % 3) {
    case 0:
        return sync_semaphore_acquire(s);
    case 1:
        error = sync_semaphore_acquire_until(s, &moment);
        return error == ETIMEDOUT ? spin(s) : error;
    default:
        return spin(s);
    }
}

static void *be_guest(void *unused)
{
    int errors = 0;
    for (int i = 0; i < ENDS; i++) {
        meet();
        visit *v = visits[i];
        errors |= enter(&v->permits, i);
        TOOL_RELEASE(v->guests);
        if (atomic_fetch_sub(&v->guests, 1) == 1) {
            TOOL_ACQUIRE(v->guests);
            errors |= sync_semaphore_destroy(&v->permits);
            free(v);
        }
        meet();
    }
    ck_ok(errors);
    return unused;
}

static void *be_host(void *at_once)
{
    int errors = 0;
    for (int i = 0; i < ENDS; i++) {
        meet();
        visit *v = visits[i];
        if (i % 3 < 2)
            until_moment();
        errors |=
                sync_semaphore_release_many(&v->permits, *(unsigned *)at_once);
        meet();
    }
    ck_ok(errors);
    return NULL;
}

START_TEST(whoever_has_got_the_last_permit_may_free_it)
{
    struct party party = parties[_i];
    unsigned n = party.guests + party.hosts;
    worker workers[8];
    ck_ok(pthread_barrier_init(&line, NULL, n + 1));
    for (unsigned i = 0; i < n; i++)
        start(&workers[i], i < party.guests ? be_guest : be_host,
                &party.at_once);
    for (int i = 0; i < ENDS; i++) {
        visit *v = visits[i] = malloc(sizeof *v);
        ck_assert_ptr_nonnull(v);
        ck_ok(sync_semaphore_init(&v->permits, 0));
        atomic_init(&v->guests, party.guests);
        moment = in_ms(1);
        meet();
        meet();
    }
    for (unsigned i = 0; i < n; i++)
        finish(&workers[i]);
    ck_ok(pthread_barrier_destroy(&line));
}
END_TEST

static int make(void)
{
    return sync_semaphore_init(&permits, 1);
}

static int make_bounded(void)
{
    return sync_semaphore_init_bounded(&permits, 1, 2);
}

static int unmake(void)
{
    return sync_semaphore_destroy(&permits);
}

START_TEST(init_reports_what_it_lacks)
{
    check_faults(make, unmake);
    check_faults(make_bounded, unmake);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("semaphore");

    TCase *alone = add_case(suite, "alone");
    tcase_add_checked_fixture(alone, setup, teardown);
    tcase_add_test(alone, it_begins_with_its_value);
    tcase_add_test(alone, every_form_takes_a_permit);
    tcase_add_test(alone, without_a_permit_there_is_an_end);
    tcase_add_test(alone, the_deadline_is_waited_for);
    tcase_add_test(alone, bad_nanoseconds_come_first);
    tcase_add_test(alone, it_begins_within_its_limit);
    tcase_add_test(alone, it_takes_permits_up_to_its_limit_and_no_more);
    tcase_add_test(
            alone, without_a_limit_it_takes_permits_up_to_the_largest_number);
    tcase_add_test(alone, with_a_limit_of_none_there_is_never_a_permit);

    TCase *waiting = add_case(suite, "waiting");
    tcase_add_checked_fixture(waiting, setup, teardown);
    tcase_add_test(waiting, each_release_lets_one_through);
    tcase_add_test(waiting, releasing_many_lets_that_many_through);
    tcase_add_test(waiting, what_is_refused_changes_nothing);
    tcase_add_test(waiting, one_waiter_is_enough_to_refuse_the_end);
    tcase_add_test(
            waiting, a_release_that_comes_before_the_sleep_is_not_missed);
    tcase_add_test(waiting, signals_do_not_end_a_wait);
    tcase_add_test(waiting, waking_up_for_nothing_does_not_end_a_wait);
    tcase_add_test(waiting, no_disturbance_moves_the_deadline);
    tcase_add_test(waiting, a_permit_that_comes_with_the_deadline_is_taken);
    tcase_add_loop_test(waiting, a_time_out_loses_no_permit, 1, RACERS + 1);
    tcase_add_loop_test(
            waiting, a_time_out_swallows_nobodys_wake_up, 1, RACERS);

    TCase *crowded = add_case(suite, "crowded");
    tcase_add_checked_fixture(crowded, setup, teardown);
    tcase_add_loop_test(
            crowded, no_more_of_64_are_inside_than_there_are_permits, 1, 4);
    tcase_add_test(crowded, one_permit_excludes_among_64);
    tcase_add_test(crowded, what_32_bring_is_what_32_take);
    tcase_add_test(crowded, the_limit_holds_among_64);

    TCase *order = add_case(suite, "order");
    tcase_add_checked_fixture(order, setup, teardown);
    tcase_add_test(
            order, what_was_done_before_a_release_is_seen_after_the_acquire);
    tcase_add_loop_test(order, who_has_all_permits_has_seen_all_releases, 0, 5);

    TCase *ends = add_case(suite, "ends");
    tcase_add_loop_test(ends, whoever_has_got_the_last_permit_may_free_it, 0,
            sizeof parties / sizeof parties[0]);
    tcase_add_test(ends, init_reports_what_it_lacks);
    return suite;
}
