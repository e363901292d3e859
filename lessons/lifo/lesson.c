/*
 * Lifo queue: last in, first out.
 *
 * You will know what an order other than the order of arrival costs: who is
 * overtaken, for how long, and why the end of the work cannot be an item.
 *
 * Question: a lifo queue gets 1, 2 and 3, then is closed. Only now a consumer
 * comes. What does it get?
 * [ ] nothing: ECANCELED -- close ends the puts; what is there is handed out
 * [x] 3, 2, 1, then ECANCELED -- newest first, until nothing is left
 * [ ] 1, 2, 3, then ECANCELED -- that is a fifo queue; close does not change
 * the order
 *
 * Question: a lifo queue holds two items at most, and requests keep coming. How
 * long can the oldest wait?
 * [ ] until one other is served -- then a new one has come in its place, and
 * lies on top
 * [ ] until two others are served -- two wait at any time, but not the same two
 * [x] as long as requests keep coming -- a capacity bounds how many wait, not
 * for how long
 *
 * Next: priority, where the most urgent comes first.
 */
#include "lessons/lesson.h"

RUNG(marker_first)
RUNG(marker_first_close)
RUNG(oldest_starves)
RUNG(oldest_starves_fifo)
RUNG(oldest_starves_bounded)

static const scene scenes[] = {
        {
                .name = "marker_first",
                .kind = ORDER,
                .rungs = {BROKEN(marker_first, CHECK), FIX(marker_first_close)},
        },
        {
                .name = "oldest_starves",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(oldest_starves, CHECK),
                        FIX(oldest_starves_fifo), FIX(oldest_starves_bounded)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"lifo", scenes};
