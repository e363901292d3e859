/*
 * Smallest first: a heap. A heap by itself does not keep the order of equals,
 * so each item gets the number of its arrival as its rank, which decides
 * between them.
 */
#include <errno.h>

#include "primitives/heap.h"
#include "primitives/queue.h"

static bool before(
        const sync_heap_entry *a, const sync_heap_entry *b, const void *context)
{
    const sync_queue *queue = context;
    int order = queue->compare(a->item, b->item);
    return order < 0 || (order == 0 && a->rank < b->rank);
}

static const sync_heap_kind heap_kind = {before, NULL};

static void insert(sync_queue *queue, void *item)
{
    sync_heap_entry entry = {item, queue->arrivals++};
    sync_heap_put(&heap_kind, queue, queue->places, queue->count, entry);
}

static void *remove_smallest(sync_queue *queue)
{
    return sync_heap_take(&heap_kind, queue, queue->places, queue->count, 0);
}

int sync_queue_init_priority(sync_queue *queue, size_t capacity,
        int (*compare)(const void *, const void *))
{
    static const sync_queue_order priority = {
            sizeof(sync_heap_entry), NULL, insert, remove_smallest};
    if (compare == NULL)
        return EINVAL;
    int error = sync_queue_init_ordered(queue, capacity, &priority);
    queue->compare = compare;
    return error;
}
