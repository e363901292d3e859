/*
 * All items come out of the buffer as they went in.
 *
 * The buffer has two places, used in turn. A lock keeps it whole. Besides, the
 * producer must wait while it is full, and the consumer while it is empty.
 * Dijkstra (EWD123, 1965) did it with semaphores, Hoare (1974) with conditions;
 * a queue has both waits within.
 */
#include "lessons/lesson.h"
#include "primitives/condition.h"
#include "primitives/queue.h"
#include "primitives/semaphore.h"

enum { PLACES = 2, ITEMS = 3 };

static sync_lock lock;

/*
 * The bug: a lock, and nobody waits.
 *
 * The lock lets one thread in at a time, whether there is something for it to
 * do or not. The producer puts its third item where the first still is.
 */
static int places[PLACES]; /* guarded by the lock */

static void *produce(void *unused)
{
    for (int i = 0; i < ITEMS; i++) {
        sync_lock_acquire(&lock);
        places[i % PLACES] = i;
        sync_lock_release(&lock);
    }
    return unused;
}

static void *consume(void *unused)
{
    for (int i = 0; i < ITEMS; i++) {
        sync_lock_acquire(&lock);
        lesson_check(places[i % PLACES] == i);
        sync_lock_release(&lock);
    }
    return unused;
}

void buffer(void)
{
    sync_lock_init(&lock);
    lesson_run(produce, consume);
}

/*
 * The fix: two semaphores.
 *
 * A permit of `empty` stands for a place without an item, a permit of `full`
 * for one with an item. Each side takes a permit of one kind and gives one of
 * the other. The wait comes before the lock, so that nobody waits while holding
 * the lock.
 */
static sync_semaphore empty, full;

static void *produce_sem(void *unused)
{
    for (int i = 0; i < ITEMS; i++) {
        sync_semaphore_acquire(&empty);
        sync_lock_acquire(&lock);
        places[i % PLACES] = i;
        sync_lock_release(&lock);
        sync_semaphore_release(&full);
    }
    return unused;
}

static void *consume_sem(void *unused)
{
    for (int i = 0; i < ITEMS; i++) {
        sync_semaphore_acquire(&full);
        sync_lock_acquire(&lock);
        lesson_check(places[i % PLACES] == i);
        sync_lock_release(&lock);
        sync_semaphore_release(&empty);
    }
    return unused;
}

void buffer_semaphores(void)
{
    sync_lock_init(&lock);
    sync_semaphore_init(&empty, PLACES);
    sync_semaphore_init(&full, 0);
    lesson_run(produce_sem, consume_sem);
    sync_semaphore_destroy(&full);
    sync_semaphore_destroy(&empty);
    sync_lock_destroy(&lock);
}

/*
 * The fix: two conditions.
 *
 * The number of items says whether somebody must wait, and each condition tells
 * of one kind of change in it. This is longer, but any predicate can stand in
 * the loop: "at least three places are empty", say.
 */
static sync_condition not_full, not_empty;
static int count; /* of items; guarded by the lock */

static void *produce_cond(void *unused)
{
    for (int i = 0; i < ITEMS; i++) {
        sync_lock_acquire(&lock);
        while (count == PLACES)
            sync_condition_wait(&not_full);
        places[i % PLACES] = i;
        count += 1;
        sync_condition_notify(&not_empty);
        sync_lock_release(&lock);
    }
    return unused;
}

static void *consume_cond(void *unused)
{
    for (int i = 0; i < ITEMS; i++) {
        sync_lock_acquire(&lock);
        while (count == 0)
            sync_condition_wait(&not_empty);
        lesson_check(places[i % PLACES] == i);
        count -= 1;
        sync_condition_notify(&not_full);
        sync_lock_release(&lock);
    }
    return unused;
}

void buffer_conditions(void)
{
    sync_lock_init(&lock);
    sync_condition_init(&not_full, &lock);
    sync_condition_init(&not_empty, &lock);
    lesson_run(produce_cond, consume_cond);
    sync_condition_destroy(&not_empty);
    sync_condition_destroy(&not_full);
    sync_lock_destroy(&lock);
}

/*
 * The fix: a queue.
 *
 * Lock, places and both waits are within the queue. This is the one to choose,
 * unless you are writing a queue.
 */
static sync_queue queue;
static int items[ITEMS];

static void *produce_queue(void *unused)
{
    for (int i = 0; i < ITEMS; i++)
        sync_queue_put(&queue, &items[i]);
    return unused;
}

static void *consume_queue(void *unused)
{
    for (int i = 0; i < ITEMS; i++) {
        void *item;
        sync_queue_get(&queue, &item);
        lesson_check(item == &items[i]);
    }
    return unused;
}

void buffer_queue(void)
{
    sync_queue_init_fifo(&queue, PLACES);
    lesson_run(produce_queue, consume_queue);
    sync_queue_destroy(&queue);
}

/*
 * Rule: use the highest tool that does the work, and know the one below it.
 */
