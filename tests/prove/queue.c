/*
 * Queue: hand items from thread to thread.
 *
 * An item is a pointer to a number. Whoever puts it writes the number before,
 * and whoever gets it reads it and notes that it was got: a race, if it were
 * got twice, or without the put before it.
 */
#include "primitives/queue.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/prove/prove.h"

enum { ITEMS = 10, OF_MAIN = 9, WRITTEN = 100 };

static sync_queue queue;
static sync_queue *at_heap;
static int numbers[ITEMS]; /* what the items point to; i holds WRITTEN + i */
static bool was_put[ITEMS], was_got[ITEMS]; /* each is written by one thread */
static int done;                            /* before task_done */

/* --- In pairs --------------------------------------------------------------*/

static void *item_of(int i)
{
    numbers[i] = WRITTEN + i;
    return &numbers[i];
}

/* A thread has two items of its own. */
static int own_item(void *self)
{
    return 2 * (int)(intptr_t)self;
}

static int number_of(const void *item)
{
    int i = (int)((const int *)item - numbers);
    PROMISE(numbers[i] == WRITTEN + i);
    return i;
}

/* What is put stays the caller's if it fails. */
static void *put_if(int i, int error, int otherwise)
{
    PROMISE(error == 0 || error == ECANCELED || error == otherwise);
    was_put[i] = error == 0;
    return prove_result(error);
}

/* The item is written only if there is one. */
static void *got_if(const void *item, int error, int otherwise)
{
    PROMISE(error == 0 || error == ECANCELED || error == otherwise);
    PROMISE((item != NULL) == (error == 0));
    if (error == 0) {
        int i = number_of(item);
        PROMISE(!was_got[i]);
        was_got[i] = true;
    }
    return prove_result(error);
}

static void *put(void *self)
{
    int i = own_item(self);
    return put_if(i, sync_queue_put(&queue, item_of(i)), 0);
}

static void *try_put(void *self)
{
    int i = own_item(self);
    return put_if(i, sync_queue_try_put(&queue, item_of(i)), EAGAIN);
}

static void *put_until_soon(void *self)
{
    int i = own_item(self);
    int error = sync_queue_put_until(&queue, item_of(i), &prove_soon);
    return put_if(i, prove_timely(error), ETIMEDOUT);
}

static void *put_until_past(void *self)
{
    int i = own_item(self);
    const struct timespec bad = {0, 1000000000};
    PROMISE(sync_queue_put_until(&queue, item_of(i), &bad) == EINVAL);
    int error = sync_queue_put_until(&queue, item_of(i), &prove_past);
    return put_if(i, error, ETIMEDOUT);
}

static void *get(void *unused)
{
    void *item = NULL;
    (void)unused;
    int error = sync_queue_get(&queue, &item);
    return got_if(item, error, 0);
}

static void *try_get(void *unused)
{
    void *item = NULL;
    (void)unused;
    int error = sync_queue_try_get(&queue, &item);
    return got_if(item, error, EAGAIN);
}

static void *get_until_soon(void *unused)
{
    void *item = NULL;
    (void)unused;
    int error = sync_queue_get_until(&queue, &item, &prove_soon);
    return got_if(item, prove_timely(error), ETIMEDOUT);
}

static void *get_until_past(void *unused)
{
    const struct timespec bad = {0, 1000000000};
    void *item = NULL;
    (void)unused;
    PROMISE(sync_queue_get_until(&queue, &item, &bad) == EINVAL);
    int error = sync_queue_get_until(&queue, &item, &prove_past);
    return got_if(item, error, ETIMEDOUT);
}

static void *size(void *unused)
{
    (void)unused;
    PROMISE(sync_queue_size(&queue) <= queue.capacity);
    return prove_result(0);
}

static void *task_done(void *unused)
{
    (void)unused;
    int error = sync_queue_task_done(&queue);
    PROMISE(error == 0 || error == EINVAL);
    return prove_result(error);
}

static void *join(void *unused)
{
    (void)unused;
    PROMISE(sync_queue_join(&queue) == 0);
    return prove_result(0);
}

static void *join_until_soon(void *unused)
{
    (void)unused;
    int error = prove_timely(sync_queue_join_until(&queue, &prove_soon));
    PROMISE(error == 0 || error == ETIMEDOUT);
    return prove_result(0);
}

static void *close_it(void *unused)
{
    (void)unused;
    PROMISE(sync_queue_close(&queue) == 0);
    return prove_result(0);
}

static void begin(void)
{
    PROMISE(sync_queue_init_fifo(&queue, 1) == 0);
}

static void begin_lifo(void)
{
    PROMISE(sync_queue_init_lifo(&queue, 1) == 0);
}

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void begin_priority(void)
{
    PROMISE(sync_queue_init_priority(&queue, 1, NULL) == EINVAL);
    PROMISE(sync_queue_init_priority(&queue, 1, compare) == 0);
}

static void begin_full(void)
{
    begin();
    was_put[OF_MAIN] = true;
    PROMISE(sync_queue_put(&queue, item_of(OF_MAIN)) == 0);
    PROMISE(sync_queue_try_put(&queue, NULL) == EAGAIN);
}

static void begin_unbounded(void)
{
    PROMISE(sync_queue_init_fifo(&queue, 0) == 0);
}

static void get_all(void)
{
    while (try_get(NULL) == prove_result(0))
        ;
}

/* Close lets putters and getters go, and to be done with all the joiners. */
static void rescue(void)
{
    PROMISE(sync_queue_close(&queue) == 0);
    get_all();
    while (sync_queue_task_done(&queue) == 0)
        ;
    PROMISE(sync_queue_put(&queue, NULL) == ECANCELED);
    PROMISE(sync_queue_try_put(&queue, NULL) == ECANCELED);
}

/* Nothing is lost, nothing comes from nowhere. */
static void end(void)
{
    if (sync_queue_size(&queue) > 0)
        PROMISE(sync_queue_destroy(&queue) == EBUSY);
    get_all();
    PROMISE(sync_queue_size(&queue) == 0);
    for (int i = 0; i < ITEMS; i++)
        PROMISE(was_got[i] == was_put[i]);
    PROMISE(sync_queue_destroy(&queue) == 0);
}

static const prove_operation operations[] = {WAITING(put), OPERATION(try_put),
        OPERATION(put_until_soon), OPERATION(put_until_past), WAITING(get),
        OPERATION(try_get), OPERATION(get_until_soon),
        OPERATION(get_until_past), OPERATION(size), OPERATION(task_done),
        WAITING(join), OPERATION(join_until_soon), OPERATION(close_it),
        {NULL, NULL, false}};

/* --- As many are got as are put: nobody is left asleep ---------------------*/

static void *put_twice(void *self)
{
    for (int i = own_item(self); i < own_item(self) + 2; i++)
        put_if(i, sync_queue_put(&queue, item_of(i)), 0);
    return prove_result(0);
}

static void *get_twice(void *unused)
{
    PROMISE(get(unused) == prove_result(0));
    PROMISE(get(unused) == prove_result(0));
    return prove_result(0);
}

/* If the deadline passes it begins again, without one. */
static void *put_late(void *self)
{
    if (put_until_soon(self) == prove_result(ETIMEDOUT))
        put(self);
    return prove_result(0);
}

static void *get_late(void *unused)
{
    if (get_until_soon(unused) == prove_result(ETIMEDOUT))
        get(unused);
    return prove_result(0);
}

/* What it gets it makes up for. */
static void *borrow_until_soon(void *self)
{
    if (get_until_soon(self) == prove_result(0))
        put(self);
    return prove_result(0);
}

/* Closed, a queue still gives what is in it. */
static void *put_and_close(void *self)
{
    put(self);
    return close_it(self);
}

static void *get_till_end(void *unused)
{
    while (get(unused) != prove_result(ECANCELED))
        ;
    PROMISE(sync_queue_put(&queue, NULL) == ECANCELED);
    PROMISE(try_get(unused) == prove_result(ECANCELED));
    return prove_result(0);
}

/* --- Work ------------------------------------------------------------------*/

static void *work(void *unused)
{
    get(unused);
    done++;
    PROMISE(sync_queue_task_done(&queue) == 0);
    return prove_result(0);
}

static void *join_done(void *unused)
{
    join(unused);
    PROMISE(done == 1);
    PROMISE(sync_queue_join_until(&queue, &prove_past) == 0);
    PROMISE(sync_queue_task_done(&queue) == EINVAL);
    return prove_result(0);
}

static void *join_if_done(void *unused)
{
    (void)unused;
    int error = prove_timely(sync_queue_join_until(&queue, &prove_soon));
    PROMISE(error == 0 || error == ETIMEDOUT);
    if (error == 0)
        PROMISE(done == 1);
    return prove_result(0);
}

static void *join_in_vain(void *unused)
{
    const struct timespec bad = {0, 1000000000};
    (void)unused;
    PROMISE(sync_queue_join_until(&queue, &bad) == EINVAL);
    PROMISE(sync_queue_join_until(&queue, &prove_past) == ETIMEDOUT);
    return prove_result(0);
}

/* --- Destroyed -------------------------------------------------------------*/

static void begin_at_heap(void)
{
    at_heap = malloc(sizeof *at_heap);
    PROMISE(at_heap != NULL && sync_queue_init_fifo(at_heap, 1) == 0);
}

static void *free_it(void)
{
    PROMISE(sync_queue_destroy(at_heap) == 0);
    free(at_heap);
    return prove_result(0);
}

static void *put_at_heap(void *self)
{
    PROMISE(sync_queue_put(at_heap, item_of(own_item(self))) == 0);
    return prove_result(0);
}

static void *close_at_heap(void *unused)
{
    (void)unused;
    PROMISE(sync_queue_close(at_heap) == 0);
    return prove_result(0);
}

static void *get_at_heap(void *unused)
{
    void *item = NULL;
    (void)unused;
    PROMISE(sync_queue_get(at_heap, &item) == 0);
    number_of(item);
    return prove_result(0);
}

static void *get_and_free(void *unused)
{
    get_at_heap(unused);
    return free_it();
}

static void *get_late_and_free(void *unused)
{
    void *item = NULL;
    (void)unused;
    int error = sync_queue_get_until(at_heap, &item, &prove_soon);
    if (prove_timely(error) == ETIMEDOUT)
        PROMISE(sync_queue_get(at_heap, &item) == 0);
    return free_it();
}

static void *canceled_and_free(void *unused)
{
    void *item = NULL;
    (void)unused;
    PROMISE(sync_queue_get(at_heap, &item) == ECANCELED);
    return free_it();
}

/* The other gets the one that stands in the way. */
static void *put_get_and_free(void *self)
{
    put_at_heap(self);
    get_at_heap(self);
    return free_it();
}

static void begin_full_at_heap(void)
{
    begin_at_heap();
    PROMISE(sync_queue_put(at_heap, item_of(OF_MAIN)) == 0);
}

static void *work_at_heap(void *unused)
{
    get_at_heap(unused);
    PROMISE(sync_queue_task_done(at_heap) == 0);
    return prove_result(0);
}

static void *join_and_free(void *unused)
{
    (void)unused;
    PROMISE(sync_queue_join(at_heap) == 0);
    return free_it();
}

/* EBUSY, or the item is got and the getter gone. */
static void put_and_destroy(void)
{
    explorer_until_blocked(prove_thread(0));
    PROMISE(sync_queue_destroy(at_heap) == EBUSY);
    PROMISE(sync_queue_put(at_heap, item_of(OF_MAIN)) == 0);
    int error = sync_queue_destroy(at_heap);
    PROMISE(error == 0 || error == EBUSY);
    if (error == 0) {
        free(at_heap);
        at_heap = NULL;
    }
}

static void destroy_if_left(void)
{
    if (at_heap != NULL)
        free_it();
}

static void nothing(void)
{
}

/* --- The tables ------------------------------------------------------------*/

#define FULL      .begin = begin_full
#define LIFO      .begin = begin_lifo
#define PRIORITY  .begin = begin_priority
#define UNBOUNDED .begin = begin_unbounded
#define DESTROYED .begin = begin_at_heap, .end = nothing

static const prove_scenario scenarios[] = {
        {.name = "full: put | get",
                THREADS(OPERATION(put), OPERATION(get)),
                FULL},
        {.name = "full: put_until_soon | get",
                THREADS(OPERATION(put_until_soon), OPERATION(get)),
                FULL},
        {.name = "full: try_put | try_get",
                THREADS(OPERATION(try_put), OPERATION(try_get)),
                FULL},
        {.name = "full: put_until_past | get",
                THREADS(OPERATION(put_until_past), OPERATION(get)),
                FULL},
        {.name = "full: put | close",
                THREADS(OPERATION(put), OPERATION(close_it)),
                FULL},
        {.name = "full: put | put_until_soon | close",
                THREADS(OPERATION(put), OPERATION(put_until_soon),
                        OPERATION(close_it)),
                FULL},
        {.name = "full: put | put | get_twice",
                THREADS(OPERATION(put), OPERATION(put), OPERATION(get_twice)),
                FULL},
        {.name = "full: put | put_late | get_twice",
                THREADS(OPERATION(put), OPERATION(put_late),
                        OPERATION(get_twice)),
                FULL},
        {.name = "full: put | get_till_end | close",
                THREADS(OPERATION(put), OPERATION(get_till_end),
                        OPERATION(close_it)),
                FULL},
        {.name = "full: join_in_vain | get",
                THREADS(OPERATION(join_in_vain), OPERATION(get)),
                FULL},
        {.name = "full: join_in_vain | close",
                THREADS(OPERATION(join_in_vain), OPERATION(close_it)),
                FULL},
        {THREADS(OPERATION(put), OPERATION(get))},
        {THREADS(OPERATION(put_twice), OPERATION(get_twice))},
        {THREADS(OPERATION(put), OPERATION(put), OPERATION(get_twice))},
        {THREADS(OPERATION(put_twice), OPERATION(get), OPERATION(get))},
        {THREADS(OPERATION(put_twice), OPERATION(get), OPERATION(get_late))},
        {THREADS(OPERATION(put_late), OPERATION(put), OPERATION(get_twice))},
        {.name = "unbounded: borrow | put_twice | get_twice",
                THREADS(OPERATION(borrow_until_soon), OPERATION(put_twice),
                        OPERATION(get_twice)),
                UNBOUNDED},
        {THREADS(OPERATION(put_and_close), OPERATION(get_till_end))},
        {THREADS(OPERATION(put_and_close), OPERATION(get_till_end),
                OPERATION(get_till_end))},
        {THREADS(OPERATION(get), OPERATION(get_until_soon),
                OPERATION(close_it))},
        {.name = "lifo: put_twice | get_twice",
                THREADS(OPERATION(put_twice), OPERATION(get_twice)),
                LIFO},
        {.name = "lifo: put_twice | get | get",
                THREADS(OPERATION(put_twice), OPERATION(get), OPERATION(get)),
                LIFO},
        {.name = "priority: put_twice | get_twice",
                THREADS(OPERATION(put_twice), OPERATION(get_twice)),
                PRIORITY},
        {.name = "priority: put_twice | get | get",
                THREADS(OPERATION(put_twice), OPERATION(get), OPERATION(get)),
                PRIORITY},
        {.name = "unbounded: put_twice | get | get",
                THREADS(OPERATION(put_twice), OPERATION(get), OPERATION(get)),
                UNBOUNDED},
        {.name = "unbounded: put | put | get_twice",
                THREADS(OPERATION(put), OPERATION(put), OPERATION(get_twice)),
                UNBOUNDED},
        {.name = "unbounded: put | join | work",
                THREADS(OPERATION(put), OPERATION(join), OPERATION(work)),
                UNBOUNDED},
        {.name = "full: join_done | work",
                THREADS(OPERATION(join_done), OPERATION(work)),
                FULL},
        {.name = "full: join_if_done | work",
                THREADS(OPERATION(join_if_done), OPERATION(work)),
                FULL},
        {.name = "full: join_done | join_if_done | work",
                THREADS(OPERATION(join_done), OPERATION(join_if_done),
                        OPERATION(work)),
                FULL},
        {THREADS(OPERATION(put_at_heap), OPERATION(get_and_free)), DESTROYED},
        {THREADS(OPERATION(put_at_heap), OPERATION(get_late_and_free)),
                DESTROYED},
        {THREADS(OPERATION(close_at_heap), OPERATION(canceled_and_free)),
                DESTROYED},
        {.name = "full: get_at_heap | put_get_and_free",
                THREADS(OPERATION(get_at_heap), OPERATION(put_get_and_free)),
                .begin = begin_full_at_heap,
                .end = nothing},
        {.name = "full: work_at_heap | join_and_free",
                THREADS(OPERATION(work_at_heap), OPERATION(join_and_free)),
                .begin = begin_full_at_heap,
                .end = nothing},
        {.name = "destroy while one waits or leaves",
                THREADS(WAITING(get_at_heap)),
                .begin = begin_at_heap,
                .rescue = put_and_destroy,
                .end = destroy_if_left},
        LAST,
};

const prove_module scenario_module = {
        "queue", operations, scenarios, begin, rescue, end, true};
