/**
 * @file
 * @brief The library's own: a binary heap in an array, smallest first.
 *
 * The entry at place i has its children at 2i+1 and 2i+2, and is not after
 * either of them: so the smallest is at place 0. An entry is put in, and one is
 * taken from any place, in a number of steps that grows with the logarithm of
 * the count.
 *
 * Both ways an entry is not swapped from place to place: a hole moves, and the
 * entry is written once, where the hole comes to rest.
 *
 * The rank stands beside the item, so that comparing two entries need not fetch
 * the items from memory where the rank decides.
 *
 * Source of the idea: Williams, "Algorithm 232: Heapsort", 1964.
 */
#ifndef LOCKSTEP_HEAP_H
#define LOCKSTEP_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One place of the heap's array. */
typedef struct sync_heap_entry {
    void *item;    /**< what the heap is there for */
    uint64_t rank; /**< what decides, or helps to decide, where it stands */
} sync_heap_entry;

/** What a heap is made for. Both are called with the context. */
typedef struct sync_heap_kind {
    /** Whether `a` is to be taken before `b`. */
    bool (*before)(const sync_heap_entry *a, const sync_heap_entry *b,
            const void *context);
    /** The entry has been written to that place; may be NULL. */
    void (*placed)(const sync_heap_entry *entry, size_t place);
} sync_heap_kind;

/** Writes an entry to a place, and tells of it. */
static inline void sync_heap_write(const sync_heap_kind *kind,
        sync_heap_entry *heap, size_t place, const sync_heap_entry *entry)
{
    heap[place] = *entry;
    if (kind->placed != NULL)
        kind->placed(entry, place);
}

/** Moves the hole up until the entry fits in. */
static inline void sync_heap_rise(const sync_heap_kind *kind,
        const void *context, sync_heap_entry *heap, size_t hole,
        sync_heap_entry entry)
{
    while (hole > 0) {
        size_t parent = (hole - 1) / 2;
        if (!kind->before(&entry, &heap[parent], context))
            break;
        sync_heap_write(kind, heap, hole, &heap[parent]);
        hole = parent;
    }
    sync_heap_write(kind, heap, hole, &entry);
}

/** Moves the hole down until the entry fits in. */
static inline void sync_heap_sink(const sync_heap_kind *kind,
        const void *context, sync_heap_entry *heap, size_t count, size_t hole,
        sync_heap_entry entry)
{
    for (;;) {
        size_t child = 2 * hole + 1;
        if (child + 1 < count &&
                kind->before(&heap[child + 1], &heap[child], context))
            child++;
        if (child >= count || !kind->before(&heap[child], &entry, context))
            break;
        sync_heap_write(kind, heap, hole, &heap[child]);
        hole = child;
    }
    sync_heap_write(kind, heap, hole, &entry);
}

/** Puts an entry into a heap of `count` entries; there must be room for it. */
static inline void sync_heap_put(const sync_heap_kind *kind,
        const void *context, sync_heap_entry *heap, size_t count,
        sync_heap_entry entry)
{
    sync_heap_rise(kind, context, heap, count, entry);
}

/** Takes the entry at that place out of a heap of `count` entries. */
static inline void *sync_heap_take(const sync_heap_kind *kind,
        const void *context, sync_heap_entry *heap, size_t count, size_t place)
{
    void *taken = heap[place].item;
    sync_heap_entry last = heap[count - 1];
    if (place == count - 1)
        return taken;
    if (kind->before(&last, &heap[place], context))
        sync_heap_rise(kind, context, heap, place, last);
    else
        sync_heap_sink(kind, context, heap, count - 1, place, last);
    return taken;
}

#endif
