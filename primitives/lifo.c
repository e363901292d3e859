/*
 * Last in, first out: a stack. The newest item is the last one of the array.
 */
#include "primitives/queue.h"

static void insert(sync_queue *queue, void *item)
{
    void **places = queue->places;
    places[queue->count] = item;
}

static void *remove_newest(sync_queue *queue)
{
    void **places = queue->places;
    return places[queue->count - 1];
}

int sync_queue_init_lifo(sync_queue *queue, size_t capacity)
{
    static const sync_queue_order lifo = {
            sizeof(void *), NULL, insert, remove_newest};
    return sync_queue_init_ordered(queue, capacity, &lifo);
}
