/*
 * What the three orders share: each test here is run for every one of them.
 * What sets them apart is in test_orders.c.
 */
#include "primitives/queue.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "tests/support.h"

static sync_queue queue;

static int by_address(const void *a, const void *b)
{
    return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

static int init_by_address(sync_queue *q, size_t capacity)
{
    return sync_queue_init_priority(q, capacity, by_address);
}

enum { FIFO, LIFO, PRIORITY, ORDERS };

static int (*const init[ORDERS])(sync_queue *, size_t) = {
        sync_queue_init_fifo, sync_queue_init_lifo, init_by_address};

/* A form of put, get or join: a deadline, or one of two that stand for the
 * forms without. */
typedef const struct timespec *form;

static const struct timespec no_deadline, no_wait;
static const form FOR_EVER = &no_deadline, TRY = &no_wait;

/* For a form that must wait, and be served long before. */
static struct timespec later;

static int put_by(form f, void *item)
{
    if (f == FOR_EVER)
        return sync_queue_put(&queue, item);
    if (f == TRY)
        return sync_queue_try_put(&queue, item);
    return sync_queue_put_until(&queue, item, f);
}

static int get_by(form f, void **item)
{
    if (f == FOR_EVER)
        return sync_queue_get(&queue, item);
    if (f == TRY)
        return sync_queue_try_get(&queue, item);
    return sync_queue_get_until(&queue, item, f);
}

static int join_by(form f)
{
    if (f == FOR_EVER)
        return sync_queue_join(&queue);
    return sync_queue_join_until(&queue, f);
}

static form every_form(size_t i)
{
    const form forms[] = {FOR_EVER, TRY, NULL, &PAST, &FAR_AWAY, &later};
    return forms[i % (sizeof forms / sizeof forms[0])];
}

static form waiting_form(size_t i)
{
    const form forms[] = {FOR_EVER, NULL, &FAR_AWAY, &later};
    return forms[i % (sizeof forms / sizeof forms[0])];
}

enum { FORMS = 6, THINGS = 3000 };

static char things[THINGS]; /* items to put; only their addresses count */

static void begin(int order, size_t capacity)
{
    later = in_ms(LONG_MS);
    ck_ok(init[order](&queue, capacity));
}

static void end(void)
{
    ck_ok(sync_queue_destroy(&queue));
}

static void fill(size_t n)
{
    for (size_t i = 0; i < n; i++)
        ck_ok(put_by(every_form(i), &things[i]));
    ck_assert_uint_eq(sync_queue_size(&queue), n);
}

/* Takes what fill() put, which must come in that order. */
static void drain(int order, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        void *item;
        ck_assert_uint_eq(sync_queue_size(&queue), n - i);
        ck_ok(get_by(every_form(i), &item));
        ck_assert_ptr_eq(item, &things[order == LIFO ? n - 1 - i : i]);
    }
    ck_assert_uint_eq(sync_queue_size(&queue), 0);
}

static void finish_tasks(size_t n)
{
    for (size_t i = 0; i < n; i++)
        ck_ok(sync_queue_task_done(&queue));
}

/* --- Alone --- */

START_TEST(is_empty_and_idle_at_first)
{
    void *item;
    begin(_i, 0);
    ck_assert_uint_eq(sync_queue_size(&queue), 0);
    ck_error(sync_queue_try_get(&queue, &item), EAGAIN);
    ck_error(sync_queue_get_until(&queue, &item, &PAST), ETIMEDOUT);
    ck_error(sync_queue_task_done(&queue), EINVAL);
    for (size_t i = 0; i < FORMS; i++)
        ck_ok(join_by(waiting_form(i)));
    ck_ok(sync_queue_join_until(&queue, &PAST));
    end();
}
END_TEST

START_TEST(every_form_puts_and_gets)
{
    for (size_t capacity = 0; capacity <= 2; capacity++) {
        begin(_i, capacity);
        for (size_t i = 0; i < FORMS * FORMS; i++) {
            void *item = &things[1];
            ck_ok(put_by(every_form(i), &things[0]));
            ck_assert_uint_eq(sync_queue_size(&queue), 1);
            ck_ok(get_by(every_form(i / FORMS), &item));
            ck_assert_ptr_eq(item, &things[0]);
            ck_assert_uint_eq(sync_queue_size(&queue), 0);
        }
        end();
    }
}
END_TEST

START_TEST(holds_as_many_as_its_capacity)
{
    const size_t capacities[] = {1, 2, 3, 64, THINGS - 1};
    for (size_t i = 0; i < sizeof capacities / sizeof capacities[0]; i++) {
        size_t n = capacities[i];
        void *next = &things[n], *item;
        begin(_i, n);
        fill(n);
        ck_error(sync_queue_try_put(&queue, next), EAGAIN);
        ck_error(sync_queue_put_until(&queue, next, &PAST), ETIMEDOUT);
        ck_assert_uint_eq(sync_queue_size(&queue), n);
        drain(_i, n);
        ck_error(sync_queue_try_get(&queue, &item), EAGAIN);
        ck_error(sync_queue_get_until(&queue, &item, &PAST), ETIMEDOUT);
        end();
    }
}
END_TEST

START_TEST(holds_any_number_without_a_capacity)
{
    begin(_i, 0);
    for (size_t n = 1; n <= THINGS; n *= 3) {
        fill(n);
        drain(_i, n);
    }
    end();
}
END_TEST

START_TEST(a_capacity_beyond_memory_is_refused)
{
    long before = fault_held();
    ck_error(init[_i](&queue, SIZE_MAX), ENOMEM);
    /* In bytes, these are 0 once they have wrapped around. */
    ck_error(init[_i](&queue, SIZE_MAX / sizeof(void *) + 1), ENOMEM);
    ck_error(init[_i](&queue, SIZE_MAX / 2 + 1), ENOMEM);
    ck_assert_int_eq(fault_held(), before);
}
END_TEST

START_TEST(a_get_that_fails_leaves_the_item_alone)
{
    void *item = &things[7];
    begin(_i, 1);
    ck_error(sync_queue_try_get(&queue, &item), EAGAIN);
    ck_error(sync_queue_get_until(&queue, &item, &PAST), ETIMEDOUT);
    ck_error(sync_queue_get_until(&queue, &item, &NEGATIVE), EINVAL);
    ck_ok(sync_queue_close(&queue));
    for (size_t i = 0; i < FORMS; i++)
        ck_error(get_by(every_form(i), &item), ECANCELED);
    ck_assert_ptr_eq(item, &things[7]);
    end();
}
END_TEST

START_TEST(null_is_an_item_too)
{
    void *item;
    begin(_i, 2);
    ck_ok(sync_queue_put(&queue, NULL));
    ck_ok(sync_queue_put(&queue, NULL));
    ck_error(sync_queue_try_put(&queue, NULL), EAGAIN);
    for (int i = 0; i < 2; i++) {
        item = &things[0];
        ck_ok(sync_queue_get(&queue, &item));
        ck_assert_ptr_null(item);
    }
    ck_error(sync_queue_try_get(&queue, &item), EAGAIN);
    end();
}
END_TEST

static void check_bad_nanoseconds(void)
{
    const form bad[] = {&NEGATIVE, &TOO_LARGE};
    void *item = &things[7];
    size_t size = sync_queue_size(&queue);
    for (int i = 0; i < 2; i++) {
        ck_error(sync_queue_put_until(&queue, &things[0], bad[i]), EINVAL);
        ck_error(sync_queue_get_until(&queue, &item, bad[i]), EINVAL);
        ck_error(sync_queue_join_until(&queue, bad[i]), EINVAL);
    }
    ck_assert_ptr_eq(item, &things[7]);
    ck_assert_uint_eq(sync_queue_size(&queue), size);
}

START_TEST(bad_nanoseconds_come_first)
{
    begin(_i, 2);
    check_bad_nanoseconds(); /* empty */
    fill(1);
    check_bad_nanoseconds(); /* neither empty nor full */
    drain(_i, 1);
    fill(2);
    check_bad_nanoseconds(); /* full */
    ck_ok(sync_queue_close(&queue));
    check_bad_nanoseconds();
    drain(_i, 2);
    check_bad_nanoseconds(); /* closed and empty */
    end();
}
END_TEST

START_TEST(the_deadline_is_waited_for)
{
    void *item;
    begin(_i, 1);
    struct timespec deadline = in_ms(20);
    ck_error(sync_queue_get_until(&queue, &item, &deadline), ETIMEDOUT);
    ck_assert(!is_before(now(), deadline));
    fill(1);
    deadline = in_ms(20);
    ck_error(sync_queue_put_until(&queue, &things[1], &deadline), ETIMEDOUT);
    ck_assert(!is_before(now(), deadline));
    deadline = in_ms(20);
    ck_error(sync_queue_join_until(&queue, &deadline), ETIMEDOUT);
    ck_assert(!is_before(now(), deadline));
    drain(_i, 1); /* nothing has changed */
    end();
}
END_TEST

START_TEST(task_done_is_said_once_of_each_item)
{
    begin(_i, 2);
    fill(2);
    ck_error(sync_queue_try_put(&queue, &things[2]), EAGAIN);
    ck_error(sync_queue_join_until(&queue, &PAST), ETIMEDOUT);
    drain(_i, 2);
    ck_error(sync_queue_join_until(&queue, &PAST), ETIMEDOUT);
    ck_ok(sync_queue_task_done(&queue));
    ck_error(sync_queue_join_until(&queue, &PAST), ETIMEDOUT);
    ck_ok(sync_queue_task_done(&queue));
    ck_ok(sync_queue_join(&queue));
    ck_error(sync_queue_task_done(&queue), EINVAL);
    ck_ok(sync_queue_join(&queue)); /* nothing has changed */
    fill(1);
    ck_error(sync_queue_join_until(&queue, &PAST), ETIMEDOUT);
    drain(_i, 1);
    ck_ok(sync_queue_close(&queue));
    ck_error(sync_queue_put(&queue, &things[0]), ECANCELED);
    ck_error(sync_queue_join_until(&queue, &PAST), ETIMEDOUT);
    ck_ok(sync_queue_task_done(&queue));
    ck_ok(sync_queue_join_until(&queue, &PAST));
    ck_error(sync_queue_task_done(&queue), EINVAL);
    end();
}
END_TEST

START_TEST(a_closed_queue_is_only_drained)
{
    const size_t sizes[] = {0, 1, 3}; /* of 3: empty, in between, full */
    for (size_t s = 0; s < 3; s++) {
        void *item;
        begin(_i, 3);
        fill(sizes[s]);
        for (int times = 0; times < 2; times++) {
            ck_ok(sync_queue_close(&queue));
            for (size_t i = 0; i < FORMS; i++)
                ck_error(put_by(every_form(i), &things[9]), ECANCELED);
        }
        drain(_i, sizes[s]);
        for (size_t i = 0; i < FORMS; i++) {
            ck_error(get_by(every_form(i), &item), ECANCELED);
            ck_error(put_by(every_form(i), &things[9]), ECANCELED);
        }
        end();
    }
}
END_TEST

START_TEST(is_not_destroyed_with_items_in_it)
{
    begin(_i, 3);
    fill(2);
    ck_error(sync_queue_destroy(&queue), EBUSY);
    ck_ok(sync_queue_put(&queue, &things[2])); /* it still works */
    ck_ok(sync_queue_close(&queue));
    ck_error(sync_queue_destroy(&queue), EBUSY);
    drain(_i, 3);
    end(); /* tasks that are not done are no hindrance */
}
END_TEST

/* --- Out of memory --- */

START_TEST(out_of_memory_the_item_stays_with_the_caller)
{
    unsigned failures = 0;
    begin(_i, 0);
    for (size_t i = 0; i < THINGS; i++) {
        fault_arm(1);
        int error = put_by(every_form(failures), &things[i]);
        if (fault_disarm()) {
            failures++;
            ck_error(error, ENOMEM);
            ck_assert_uint_eq(sync_queue_size(&queue), i);
            error = put_by(every_form(failures), &things[i]);
        }
        ck_ok(error);
    }
    ck_assert_uint_gt(failures, 3); /* it grows in steps, but it does grow */
    drain(_i, THINGS);
    finish_tasks(THINGS);
    ck_ok(sync_queue_join_until(&queue, &PAST)); /* no failure was counted */
    end();
}
END_TEST

START_TEST(with_a_capacity_it_has_all_its_memory)
{
    begin(_i, 100);
    fault_arm(1);
    fill(100);
    drain(_i, 100);
    ck_assert(!fault_disarm());
    end();
}
END_TEST

static int order_to_make;

static int make(void)
{
    return init[order_to_make](&queue, 5);
}

static int unmake(void)
{
    return sync_queue_destroy(&queue);
}

START_TEST(init_reports_what_it_lacks)
{
    order_to_make = _i;
    check_faults(make, unmake);
}
END_TEST

/* --- With threads that wait --- */

typedef struct caller {
    worker worker;
    form form;
    void *item;
    int result;
} caller;

static void *call_put(void *arg)
{
    caller *c = arg;
    c->result = put_by(c->form, c->item);
    return NULL;
}

static void *call_get(void *arg)
{
    caller *c = arg;
    c->result = get_by(c->form, &c->item);
    return NULL;
}

static int work_done; /* ordered by task_done and join alone */

static void *call_join(void *arg)
{
    caller *c = arg;
    c->result = join_by(c->form);
    ck_assert_int_eq(work_done, 1);
    return NULL;
}

/* Returns when that many threads wait at the queue, asleep or about to be. No
 * call tells, so this looks inside. */
static void until_waiting(unsigned n)
{
    unsigned waiting;
    do {
        sched_yield();
        ck_ok(pthread_mutex_lock(&queue.mutex));
        waiting = queue.waiting;
        ck_ok(pthread_mutex_unlock(&queue.mutex));
    } while (waiting != n);
}

enum { CALLERS = 8 };

static caller callers[CALLERS];

/* Starts threads that all wait, by one form or another; each has its thing. */
static void start_callers(void *(*body)(void *))
{
    for (unsigned i = 0; i < CALLERS; i++) {
        callers[i].form = waiting_form(i);
        callers[i].item = &things[i];
        start(&callers[i].worker, body, &callers[i]);
    }
    until_waiting(CALLERS);
    for (unsigned i = 0; i < CALLERS; i++)
        until_asleep(&callers[i].worker);
}

static void finish_callers(int result)
{
    for (unsigned i = 0; i < CALLERS; i++) {
        finish(&callers[i].worker);
        ck_assert_int_eq(callers[i].result, result);
    }
}

static void mark(void *thing)
{
    ++*(char *)thing;
}

static void check_marks(size_t n)
{
    for (size_t i = 0; i < n; i++)
        ck_assert_int_eq(things[i], 1);
}

/* The next two tests run in two ways. The first time, who has been woken is gone
 * before the next one is. After that, all are woken at a stroke, some times over,
 * for they may come round in between. */
enum { ONE_BY_ONE, WAYS = 5 };

START_TEST(each_item_wakes_a_getter)
{
    int errors = 0;
    begin(_i % ORDERS, 0);
    start_callers(call_get);
    for (unsigned i = 0; i < CALLERS; i++) {
        errors += sync_queue_put(&queue, &things[i]);
        if (_i / ORDERS == ONE_BY_ONE)
            until_waiting(CALLERS - 1 - i);
    }
    ck_assert_int_eq(errors, 0);
    finish_callers(0);
    for (unsigned i = 0; i < CALLERS; i++)
        mark(callers[i].item);
    check_marks(CALLERS);
    end();
}
END_TEST

START_TEST(each_place_wakes_a_putter)
{
    int errors = 0;
    void *items[2 * CALLERS];
    begin(_i % ORDERS, CALLERS);
    for (unsigned i = 0; i < CALLERS; i++)
        ck_ok(sync_queue_put(&queue, &things[CALLERS + i]));
    start_callers(call_put);
    for (unsigned i = 0; i < CALLERS; i++) {
        errors += sync_queue_get(&queue, &items[i]);
        if (_i / ORDERS == ONE_BY_ONE)
            until_waiting(CALLERS - 1 - i);
    }
    ck_assert_int_eq(errors, 0);
    finish_callers(0);
    for (unsigned i = CALLERS; i < 2 * CALLERS; i++)
        ck_ok(sync_queue_get(&queue, &items[i]));
    for (unsigned i = 0; i < 2 * CALLERS; i++)
        mark(items[i]);
    check_marks((size_t)2 * CALLERS);
    end();
}
END_TEST

START_TEST(the_last_task_done_wakes_all_joiners)
{
    begin(_i, 2);
    fill(2);
    drain(_i, 2);
    start_callers(call_join);
    ck_ok(sync_queue_task_done(&queue));
    ck_ok(sync_queue_put(&queue, &things[0])); /* this is waited for too */
    ck_ok(sync_queue_task_done(&queue));
    drain(_i, 1);
    ck_ok(sync_queue_close(&queue)); /* joiners do not mind */
    work_done = 1;
    ck_ok(sync_queue_task_done(&queue));
    finish_callers(0);
    end();
}
END_TEST

START_TEST(close_wakes_all_getters)
{
    begin(_i, 1);
    start_callers(call_get);
    ck_ok(sync_queue_close(&queue));
    finish_callers(ECANCELED);
    for (unsigned i = 0; i < CALLERS; i++)
        ck_assert_ptr_eq(callers[i].item, &things[i]);
    end();
}
END_TEST

START_TEST(close_wakes_all_putters)
{
    begin(_i, 1);
    fill(1);
    start_callers(call_put);
    ck_ok(sync_queue_close(&queue));
    finish_callers(ECANCELED);
    drain(_i, 1);
    end();
}
END_TEST

/* Signals do not end a wait, and the queue is not destroyed meanwhile. */
static void disturb_callers(void)
{
    for (unsigned i = 0; i < CALLERS; i++) {
        interrupt(&callers[i].worker, 3);
        ck_error(sync_queue_destroy(&queue), EBUSY);
    }
}

START_TEST(who_waits_goes_on_waiting)
{
    void *item;
    begin(_i, 1);
    start_callers(call_get);
    disturb_callers();
    for (unsigned i = 0; i < CALLERS; i++)
        ck_ok(sync_queue_put(&queue, &things[i]));
    finish_callers(0);

    start_callers(call_join);
    disturb_callers();
    work_done = 1;
    finish_tasks(CALLERS);
    finish_callers(0);

    fill(1);
    start_callers(call_put);
    disturb_callers();
    for (unsigned i = 0; i <= CALLERS; i++)
        ck_ok(sync_queue_get(&queue, &item));
    finish_callers(0);
    end();
}
END_TEST

/* --- Work that makes work --- */

enum { WORKERS = 4, DEPTH = 8, TASKS = (1 << DEPTH) - 1 };

static atomic_int tasks_done;

/* Task n makes the tasks 2n+1 and 2n+2. They are put before it is done, so that
 * the queue is never idle in between. */
static void *do_tasks(void *unused)
{
    void *item;
    while (sync_queue_get(&queue, &item) == 0) {
        long n = (char *)item - things;
        for (long child = 2 * n + 1; child <= 2 * n + 2; child++)
            if (child < TASKS)
                ck_ok(sync_queue_put(&queue, &things[child]));
        mark(item);
        atomic_fetch_add_explicit(&tasks_done, 1, memory_order_relaxed);
        ck_ok(sync_queue_task_done(&queue));
    }
    return unused;
}

START_TEST(join_waits_for_work_that_makes_work)
{
    worker workers[WORKERS];
    begin(_i, 0);
    ck_ok(sync_queue_put(&queue, &things[0]));
    for (int i = 0; i < WORKERS; i++)
        start(&workers[i], do_tasks, NULL);
    ck_ok(join_by(waiting_form(_i)));
    ck_assert_int_eq(tasks_done, TASKS);
    check_marks(TASKS);
    ck_ok(sync_queue_close(&queue));
    for (int i = 0; i < WORKERS; i++)
        finish(&workers[i]);
    end();
}
END_TEST

/* --- The end --- */

static void *put_and_go(void *q)
{
    ck_ok(sync_queue_put(q, &things[0]));
    return NULL;
}

static void *work_and_go(void *q)
{
    void *item;
    ck_ok(sync_queue_get(q, &item));
    ck_ok(sync_queue_task_done(q));
    return NULL;
}

static void *close_and_go(void *q)
{
    ck_ok(sync_queue_close(q));
    return NULL;
}

/* Starts a thread whose last call is the one that lets this thread go on, which
 * then frees the memory that the queue lies in. */
static void vanish(int order, void *(*body)(void *))
{
    worker other;
    void *item;
    sync_queue *q = malloc(sizeof *q);
    ck_assert_ptr_nonnull(q);
    ck_ok(init[order](q, 1));
    start(&other, body, q);
    if (body == put_and_go) {
        ck_ok(sync_queue_get(q, &item));
    } else if (body == work_and_go) {
        ck_ok(sync_queue_put(q, &things[0]));
        ck_ok(sync_queue_join(q));
    } else {
        ck_error(sync_queue_get(q, &item), ECANCELED);
    }
    ck_ok(sync_queue_destroy(q));
    free(q);
    finish(&other);
}

START_TEST(may_vanish_when_a_call_has_shown_its_end)
{
    for (int times = 0; times < 50; times++) {
        vanish(_i, put_and_go);
        vanish(_i, work_and_go);
        vanish(_i, close_and_go);
    }
}
END_TEST

#define EACH_ORDER(group, test) tcase_add_loop_test(group, test, 0, ORDERS)

Suite *test_suite(void)
{
    Suite *suite = suite_create("queue");

    TCase *alone = add_case(suite, "alone");
    EACH_ORDER(alone, is_empty_and_idle_at_first);
    EACH_ORDER(alone, every_form_puts_and_gets);
    EACH_ORDER(alone, holds_as_many_as_its_capacity);
    EACH_ORDER(alone, holds_any_number_without_a_capacity);
    EACH_ORDER(alone, a_capacity_beyond_memory_is_refused);
    EACH_ORDER(alone, a_get_that_fails_leaves_the_item_alone);
    EACH_ORDER(alone, null_is_an_item_too);
    EACH_ORDER(alone, bad_nanoseconds_come_first);
    EACH_ORDER(alone, the_deadline_is_waited_for);
    EACH_ORDER(alone, task_done_is_said_once_of_each_item);
    EACH_ORDER(alone, a_closed_queue_is_only_drained);
    EACH_ORDER(alone, is_not_destroyed_with_items_in_it);

    TCase *memory = add_case(suite, "memory");
    EACH_ORDER(memory, out_of_memory_the_item_stays_with_the_caller);
    EACH_ORDER(memory, with_a_capacity_it_has_all_its_memory);
    EACH_ORDER(memory, init_reports_what_it_lacks);

    TCase *waiting = add_case(suite, "waiting");
    tcase_add_loop_test(waiting, each_item_wakes_a_getter, 0, ORDERS * WAYS);
    tcase_add_loop_test(waiting, each_place_wakes_a_putter, 0, ORDERS * WAYS);
    EACH_ORDER(waiting, the_last_task_done_wakes_all_joiners);
    EACH_ORDER(waiting, close_wakes_all_getters);
    EACH_ORDER(waiting, close_wakes_all_putters);
    EACH_ORDER(waiting, who_waits_goes_on_waiting);
    EACH_ORDER(waiting, join_waits_for_work_that_makes_work);

    TCase *ends = add_case(suite, "ends");
    EACH_ORDER(ends, may_vanish_when_a_call_has_shown_its_end);
    return suite;
}
