/*
 * What the three orders have in common: who waits, who is woken, and when the
 * queue is at an end.
 *
 * Invariants, under the mutex:
 *
 * 1. With a capacity, count <= capacity = room.
 * 2. No getter sleeps unsignalled while there is an item, and no putter while
 *    there is a place, nor either of them once the queue is closed.
 *
 * A signal costs a wakeup, so it is sent only to who is asleep and has not been
 * signalled before. `unsignalled` counts those. A thread adds itself before it
 * sleeps, and whoever signals takes one off; the woken thread does not, for it
 * has been taken off already. After a time-out nobody has, and the count stays
 * too high: that wastes one signal. It must never be too low.
 *
 * Signals are sent under the mutex. Sent after it, each put would wake a thread
 * at once, for a single item; this way the items gather while the thread that
 * was woken waits for the mutex, which is several times faster.
 */
#include "primitives/queue.h"

#include <errno.h>
#include <stdlib.h>

#include "primitives/deadline.h"
#include "primitives/must.h"
#include "primitives/turn.h"

enum { FIRST_ROOM = 16 }; /* items; it doubles from there */

/* Makes room for so many items: 0 or ENOMEM, with nothing changed. */
static int make_room(sync_queue *queue, size_t room)
{
    if (room > SIZE_MAX / queue->order->place_size)
        return ENOMEM;
    void *places = realloc(queue->places, room * queue->order->place_size);
    if (places == NULL)
        return ENOMEM;
    size_t before = queue->room;
    queue->places = places;
    queue->room = room;
    if (queue->order->grown != NULL)
        queue->order->grown(queue, before);
    return 0;
}

int sync_queue_init_ordered(
        sync_queue *queue, size_t capacity, const sync_queue_order *order)
{
    *queue = (sync_queue){.order = order, .capacity = capacity};
    pthread_cond_t *const conds[] = {&queue->not_empty.woken,
            &queue->not_full.woken, &queue->all_done.woken};
    int error = make_room(queue, capacity > 0 ? capacity : FIRST_ROOM);
    if (error != 0)
        return error;
    error = sync_monitor_init(&queue->mutex, conds, 3);
    if (error != 0)
        free(queue->places);
    return error;
}

int sync_queue_destroy(sync_queue *queue)
{
    MUST(pthread_mutex_lock(&queue->mutex));
    bool busy = queue->count > 0 || queue->waiting > 0;
    MUST(pthread_mutex_unlock(&queue->mutex));
    if (busy)
        return EBUSY;
    pthread_cond_t *const conds[] = {&queue->not_empty.woken,
            &queue->not_full.woken, &queue->all_done.woken};
    sync_monitor_destroy(&queue->mutex, conds, 3);
    free(queue->places);
    return 0;
}

/* What putters, getters and joiners wait for. */
static bool may_put(const sync_queue *queue)
{
    return queue->closed || queue->capacity == 0 ||
           queue->count < queue->capacity;
}

static bool may_get(const sync_queue *queue)
{
    return queue->closed || queue->count > 0;
}

static bool is_done(const sync_queue *queue)
{
    return queue->unfinished == 0;
}

/* The one wait: until it is true, 0; if it must not wait for that, EAGAIN;
 * until the deadline, ETIMEDOUT. */
static int await(sync_queue *queue, bool (*is_true)(const sync_queue *),
        sync_queue_sleepers *sleepers, bool may_wait,
        const struct timespec *deadline)
{
    int error = 0;
    bool done = is_true(queue);
    if (done || !may_wait)
        return done ? 0 : EAGAIN;

    queue->waiting++;
    /* To look takes the mutex from those who work: so less and less often. */
    for (int i = 0; i < SYNC_LOOKS && !is_true(queue); i++)
        sync_give_up_turns(&queue->mutex, i + 1);
    while (!(done = is_true(queue)) && error == 0) {
        sleepers->unsignalled++;
        error = sync_cond_wait_until(&sleepers->woken, &queue->mutex, deadline);
    }
    queue->waiting--;
    if (sleepers->unsignalled > queue->waiting) /* after many time-outs */
        sleepers->unsignalled = queue->waiting;
    return done ? 0 : error;
}

/* Enough for one: it has been told of one item, or of one place. */
static void wake_one(sync_queue_sleepers *sleepers)
{
    if (sleepers->unsignalled > 0) {
        sleepers->unsignalled--;
        MUST(pthread_cond_signal(&sleepers->woken));
    }
}

/* What has become true is true for all of them. */
static void wake_all(sync_queue_sleepers *sleepers)
{
    sleepers->unsignalled = 0;
    MUST(pthread_cond_broadcast(&sleepers->woken));
}

/* Puts the item in; the mutex is held, and the queue not full. */
static int insert(sync_queue *queue, void *item)
{
    if (queue->closed)
        return ECANCELED;
    if (queue->count == queue->room) {
        int error = make_room(queue, 2 * queue->room);
        if (error != 0)
            return error;
    }
    queue->order->insert(queue, item);
    queue->count++;
    queue->unfinished++;
    wake_one(&queue->not_empty);
    return 0;
}

static int put(sync_queue *queue, void *item, bool may_wait,
        const struct timespec *deadline)
{
    int error = sync_deadline_check(deadline);
    if (error != 0)
        return error;
    MUST(pthread_mutex_lock(&queue->mutex));
    error = await(queue, may_put, &queue->not_full, may_wait, deadline);
    if (error == 0)
        error = insert(queue, item);
    MUST(pthread_mutex_unlock(&queue->mutex));
    return error;
}

int sync_queue_put(sync_queue *queue, void *item)
{
    return put(queue, item, true, NULL);
}

int sync_queue_try_put(sync_queue *queue, void *item)
{
    return put(queue, item, false, NULL);
}

int sync_queue_put_until(
        sync_queue *queue, void *item, const struct timespec *deadline)
{
    return put(queue, item, true, deadline);
}

/* Takes the next item out; the mutex is held. */
static int take(sync_queue *queue, void **item)
{
    if (queue->count == 0)
        return ECANCELED;
    *item = queue->order->remove(queue);
    queue->count--;
    wake_one(&queue->not_full);
    return 0;
}

static int get(sync_queue *queue, void **item, bool may_wait,
        const struct timespec *deadline)
{
    int error = sync_deadline_check(deadline);
    if (error != 0)
        return error;
    MUST(pthread_mutex_lock(&queue->mutex));
    error = await(queue, may_get, &queue->not_empty, may_wait, deadline);
    if (error == 0)
        error = take(queue, item);
    MUST(pthread_mutex_unlock(&queue->mutex));
    return error;
}

int sync_queue_get(sync_queue *queue, void **item)
{
    return get(queue, item, true, NULL);
}

int sync_queue_try_get(sync_queue *queue, void **item)
{
    return get(queue, item, false, NULL);
}

int sync_queue_get_until(
        sync_queue *queue, void **item, const struct timespec *deadline)
{
    return get(queue, item, true, deadline);
}

size_t sync_queue_size(sync_queue *queue)
{
    MUST(pthread_mutex_lock(&queue->mutex));
    size_t count = queue->count;
    MUST(pthread_mutex_unlock(&queue->mutex));
    return count;
}

int sync_queue_task_done(sync_queue *queue)
{
    MUST(pthread_mutex_lock(&queue->mutex));
    int error = queue->unfinished > 0 ? 0 : EINVAL;
    if (error == 0 && --queue->unfinished == 0)
        wake_all(&queue->all_done);
    MUST(pthread_mutex_unlock(&queue->mutex));
    return error;
}

int sync_queue_join(sync_queue *queue)
{
    return sync_queue_join_until(queue, NULL);
}

int sync_queue_join_until(sync_queue *queue, const struct timespec *deadline)
{
    int error = sync_deadline_check(deadline);
    if (error != 0)
        return error;
    MUST(pthread_mutex_lock(&queue->mutex));
    error = await(queue, is_done, &queue->all_done, true, deadline);
    MUST(pthread_mutex_unlock(&queue->mutex));
    return error;
}

int sync_queue_close(sync_queue *queue)
{
    MUST(pthread_mutex_lock(&queue->mutex));
    queue->closed = true;
    wake_all(&queue->not_empty);
    wake_all(&queue->not_full);
    MUST(pthread_mutex_unlock(&queue->mutex));
    return 0;
}
