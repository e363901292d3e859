/**
 * @file
 * @brief Queue: hand items from thread to thread.
 *
 * A queue carries pointers from threads that put to threads that get. It comes
 * in three orders: first in first out; last in first out; and by priority,
 * smallest first, where items that compare equal keep their order of arrival.
 *
 * A queue with a capacity makes producers wait while it is full, which keeps
 * the memory bounded and the fast side in step with the slow one. One without
 * makes nobody wait, and needs memory instead.
 *
 * To stop, close the queue: put fails from then on, and get hands out what is
 * still there before it fails too, with ECANCELED. So every consumer can loop
 * until then, and none has to be told. To know that all work is done, and not
 * only taken, call sync_queue_task_done() after each item, and wait with
 * sync_queue_join().
 *
 * An item that was put is got exactly once, or is still in the queue. A put
 * that fails, for whatever reason, leaves the item with the caller. The queue
 * never looks at an item, except by the compare function.
 *
 * After a fork the child must not use a queue that other threads were using.
 * Thread cancellation is not supported.
 *
 * Source of the idea: Dijkstra's bounded buffer (EWD123); Python's `queue`
 * module for the three orders, task_done and join; Go's channels for close.
 */
#ifndef LOCKSTEP_QUEUE_H
#define LOCKSTEP_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/**
 * @defgroup queue Queue
 * @brief Hand items from thread to thread, in one of three orders.
 * @{
 */

struct sync_queue_order;

/** @brief Those who sleep until something is true of a queue. Private. */
typedef struct sync_queue_sleepers {
    pthread_cond_t woken; /* it may have become true */
    unsigned unsignalled; /* asleep and not signalled yet, or more */
} sync_queue_sleepers;

/** @brief A queue. The fields are private; they are here to be read. */
typedef struct sync_queue {
    const struct sync_queue_order *order;       /* these three never change */
    int (*compare)(const void *, const void *); /* priority: which is first */
    size_t capacity; /* the most items, or 0: as many as memory holds */

    pthread_mutex_t mutex;         /* guards all that follows */
    sync_queue_sleepers not_empty; /* there is an item, or it is closed */
    sync_queue_sleepers not_full;  /* there is a place, or it is closed */
    sync_queue_sleepers all_done;  /* `unfinished` is 0 */
    unsigned waiting;              /* threads that wait, for whatever it is */
    size_t unfinished; /* items put, less those of which task_done told */
    bool closed;       /* nothing is put any more */

    void *places;      /* the items, laid out as the order likes */
    size_t room;       /* items that fit into `places` */
    size_t count;      /* items that are there */
    size_t first;      /* fifo: where the oldest is */
    uint64_t arrivals; /* priority: items put so far */
} sync_queue;

/**
 * @brief Makes a queue that hands out the oldest item first.
 *
 * @param queue    the queue
 * @param capacity the most items it holds, for which it takes the memory now; 0
 *                 means as many as memory holds
 * @retval 0      done
 * @retval ENOMEM,EAGAIN the system had no resources; there is no queue
 */
int sync_queue_init_fifo(sync_queue *queue, size_t capacity);

/** @brief Makes a queue that hands out the newest item first; else as
 * sync_queue_init_fifo(). */
int sync_queue_init_lifo(sync_queue *queue, size_t capacity);

/**
 * @brief Makes a queue that hands out the smallest item first, and of equals
 * the one that was put first.
 *
 * @param queue    the queue
 * @param capacity as for sync_queue_init_fifo()
 * @param compare  as for qsort(), but called with the items themselves: below,
 *                 equal to or above 0. It must not use the queue. What it looks
 *                 at must not change while the item is in the queue.
 * @retval 0      done
 * @retval EINVAL `compare` is NULL
 * @retval ENOMEM,EAGAIN the system had no resources; there is no queue
 */
int sync_queue_init_priority(sync_queue *queue, size_t capacity,
        int (*compare)(const void *, const void *));

/**
 * @brief Ends the queue. Nobody may use it afterwards.
 *
 * @retval 0     done
 * @retval EBUSY there are items in it, or a thread waits, or has waited and has
 *               not returned yet; nothing is changed
 */
int sync_queue_destroy(sync_queue *queue);

/**
 * @brief Puts an item in, waiting while the queue is full.
 *
 * Each put happens-before the get that takes its item.
 *
 * @param queue the queue
 * @param item  any pointer, NULL as well
 * @retval 0         the item is in the queue
 * @retval ECANCELED the queue is closed, or was closed meanwhile
 * @retval ENOMEM    there is no memory for one more; only without a capacity
 */
int sync_queue_put(sync_queue *queue, void *item);

/**
 * @brief Puts an item in if there is a place at this moment. Never waits.
 *
 * @retval 0         the item is in the queue
 * @retval ECANCELED the queue is closed
 * @retval EAGAIN    it is full
 * @retval ENOMEM    there is no memory for one more
 */
int sync_queue_try_put(sync_queue *queue, void *item);

/**
 * @brief Puts an item in, waiting no longer than until the deadline.
 *
 * @param queue    the queue
 * @param item     any pointer, NULL as well
 * @param deadline an absolute time of CLOCK_MONOTONIC; NULL means for ever. A
 *                 place that is there is taken even if the deadline has passed.
 * @retval 0         the item is in the queue
 * @retval EINVAL    the deadline's nanoseconds are out of range
 * @retval ECANCELED the queue is closed, or was closed meanwhile
 * @retval ETIMEDOUT the deadline passed while the queue was full
 * @retval ENOMEM    there is no memory for one more
 */
int sync_queue_put_until(
        sync_queue *queue, void *item, const struct timespec *deadline);

/**
 * @brief Takes the next item out, waiting while there is none.
 *
 * @param queue the queue
 * @param item  where the item is put; written only if the call succeeds
 * @retval 0         done
 * @retval ECANCELED the queue is closed and there is nothing left in it
 */
int sync_queue_get(sync_queue *queue, void **item);

/**
 * @brief Takes the next item out if there is one at this moment. Never waits.
 *
 * @retval 0         done
 * @retval ECANCELED the queue is closed and there is nothing left in it
 * @retval EAGAIN    it is empty
 */
int sync_queue_try_get(sync_queue *queue, void **item);

/**
 * @brief Takes the next item out, waiting no longer than until the deadline.
 *
 * @param queue    the queue
 * @param item     where the item is put; written only if the call succeeds
 * @param deadline an absolute time of CLOCK_MONOTONIC; NULL means for ever. An
 *                 item that is there is taken even if the deadline has passed.
 * @retval 0         done
 * @retval EINVAL    the deadline's nanoseconds are out of range
 * @retval ECANCELED the queue is closed and there is nothing left in it
 * @retval ETIMEDOUT the deadline passed while the queue was empty
 */
int sync_queue_get_until(
        sync_queue *queue, void **item, const struct timespec *deadline);

/**
 * @brief Tells how many items are in the queue.
 *
 * A snapshot: it may be out of date before the caller looks at it. To act on it
 * is a race; the try forms are not.
 */
size_t sync_queue_size(sync_queue *queue);

/**
 * @brief Says that the work on one item, taken earlier, is done.
 *
 * It happens-before the return of a join that waited for it.
 *
 * @retval 0      done
 * @retval EINVAL it has been said of every item that was put; nothing changes
 */
int sync_queue_task_done(sync_queue *queue);

/**
 * @brief Waits until the work on every item that was put is done.
 *
 * If items are put meanwhile, it waits for them as well. To close the queue
 * does not end it: items that are left have to be taken, and to be done.
 *
 * @retval 0 done
 */
int sync_queue_join(sync_queue *queue);

/**
 * @brief Does the same, but waits no longer than until the deadline.
 *
 * @param queue    the queue
 * @param deadline an absolute time of CLOCK_MONOTONIC; NULL means for ever
 * @retval 0         done
 * @retval EINVAL    the deadline's nanoseconds are out of range
 * @retval ETIMEDOUT the deadline passed while there was work to do
 */
int sync_queue_join_until(sync_queue *queue, const struct timespec *deadline);

/**
 * @brief Closes the queue for good, and wakes all who wait to put or get.
 *
 * To close it again changes nothing.
 *
 * @retval 0 done
 */
int sync_queue_close(sync_queue *queue);

/** @} */

/**
 * @defgroup orders How a queue keeps its order
 * @brief The library's own: what fifo.c, lifo.c and priority.c provide.
 * @{
 */

/** @brief An order. All are called with the mutex held. */
typedef struct sync_queue_order {
    /** Bytes that one item takes in `places`. */
    size_t place_size;
    /** `places` has been moved to a larger memory, of which the first `before`
     * places are filled in; NULL if there is nothing to do. */
    void (*grown)(sync_queue *queue, size_t before);
    /** Puts an item in; there is room. `count` is still without it. */
    void (*insert)(sync_queue *queue, void *item);
    /** Takes the next item out; there is one. `count` is still with it. */
    void *(*remove)(sync_queue *queue);
} sync_queue_order;

/** @brief Makes a queue of that order: 0, ENOMEM or EAGAIN. It has no compare
 * function yet. */
int sync_queue_init_ordered(
        sync_queue *queue, size_t capacity, const sync_queue_order *order);

/** @} */

#endif
