/*
 * Both sorters stop.
 *
 * The last letter is a marker: whoever takes it stops. Count the markers, and
 * those who wait for one.
 */
#include "lessons/lesson.h"
#include "primitives/queue.h"

/*
 * The bug: one stop marker.
 *
 * An item is taken once. One sorter takes the marker and stops, the other waits
 * for ever, in every order. A marker each would do as long as the producer
 * knows how many sorters there are.
 */
static sync_queue letters;
static char stop[] = "stop";

static void *sort(void *unused)
{
    void *letter;
    do
        sync_queue_get(&letters, &letter);
    while (letter != stop);
    return unused;
}

void one_marker(void)
{
    sync_queue_init_fifo(&letters, 4);
    sync_queue_put(&letters, "to Rome");
    sync_queue_put(&letters, stop);
    lesson_run(sort, sort);
}

/*
 * The fix: close.
 *
 * Closed is not an item, but a state of the queue. It stays, so all see it,
 * however many they are; and nobody does before the last letter is taken.
 */
static void *sort_all(void *unused)
{
    void *letter;
    while (sync_queue_get(&letters, &letter) == 0)
        ; /* put it into its bag */
    return unused;
}

static void *deliver(void *unused)
{
    sync_queue_put(&letters, "to Rome");
    sync_queue_close(&letters);
    return unused;
}

void one_marker_close(void)
{
    sync_queue_init_fifo(&letters, 4);
    lesson_run(sort_all, sort_all, deliver);
    sync_queue_destroy(&letters);
}

/*
 * Rule: an item tells one thread; to tell all of them, close.
 */
