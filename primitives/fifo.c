/*
 * First in, first out: a ring. The oldest item is at `first`, and the others
 * follow it, going on at the start of the array where its end is reached.
 */
#include <string.h>

#include "primitives/queue.h"

static size_t place_of(const sync_queue *queue, size_t nth)
{
    size_t before_end = queue->room - queue->first;
    return nth < before_end ? queue->first + nth : nth - before_end;
}

/* The items that had gone on at the start now go on behind the old end. There
 * is room for them: the array has at least doubled. */
static void grown(sync_queue *queue, size_t before)
{
    void **places = queue->places;
    size_t wrapped = queue->first + queue->count - before;
    if (queue->first + queue->count > before)
        memcpy(places + before, places, wrapped * sizeof(places[0]));
}

static void insert(sync_queue *queue, void *item)
{
    void **places = queue->places;
    places[place_of(queue, queue->count)] = item;
}

static void *remove_oldest(sync_queue *queue)
{
    void **places = queue->places;
    void *oldest = places[queue->first];
    queue->first = place_of(queue, 1);
    return oldest;
}

int sync_queue_init_fifo(sync_queue *queue, size_t capacity)
{
    static const sync_queue_order fifo = {
            sizeof(void *), grown, insert, remove_oldest};
    return sync_queue_init_ordered(queue, capacity, &fifo);
}
