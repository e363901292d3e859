/*
 * Fifo queue: first in, first out.
 *
 * You will be able to hand work from thread to thread through a queue, with no
 * lock of your own: in bounded memory, without asking in vain, and so that all
 * who work at it end, however many they are.
 *
 * Question: a queue holds one item. Two threads each do `if
 * (sync_queue_size(&queue) > 0) sync_queue_get(&queue, &item)`, and nobody puts
 * more. Do both end?
 * [ ] yes -- the queue locks each call, but between the two calls the other
 * thread can come
 * [x] in some orders -- if both look before either gets, one of them waits for
 * ever
 * [ ] no -- if one has got the item before the other looks, both end
 *
 * Question: three threads wait in get. Another puts one item, then closes the
 * queue. What do the three get?
 * [x] one the item, two ECANCELED -- close lets out what is in the queue, then
 * sends the others away
 * [ ] all three ECANCELED -- close throws nothing away; what was put is got
 * [ ] one the item, and two wait on -- a marker would do that; close is seen by
 * all
 *
 * Next: lifo, where the newest comes first.
 */
#include "lessons/lesson.h"

RUNG(look_then_get)
RUNG(look_then_get_try)
RUNG(look_then_get_close)
RUNG(join_then_take)
RUNG(join_then_take_larger)
RUNG(join_then_take_unbounded)
RUNG(join_then_take_fixed)
RUNG(one_marker)
RUNG(one_marker_close)
RUNG(polling)
RUNG(polling_sleep)
RUNG(polling_get)

static const scene scenes[] = {
        {
                .name = "look_then_get",
                .kind = ATOMICITY,
                .rungs = {BROKEN(look_then_get, DEADLOCK),
                        FIX(look_then_get_try), FIX(look_then_get_close)},
        },
        {
                .name = "join_then_take",
                .kind = DEADLOCK,
                .removes = CIRCULAR_WAIT,
                .rungs = {BROKEN(join_then_take, DEADLOCK),
                        BROKEN(join_then_take_larger, DEADLOCK),
                        BROKEN(join_then_take_unbounded, CHECK),
                        FIX(join_then_take_fixed)},
        },
        {
                .name = "one_marker",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(one_marker, DEADLOCK), FIX(one_marker_close)},
        },
        {
                .name = "polling",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(polling, CHECK), BROKEN(polling_sleep, CHECK),
                        FIX(polling_get)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"fifo", scenes};
