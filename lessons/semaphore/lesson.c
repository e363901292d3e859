/*
 * Semaphore: a number of permits.
 *
 * You will be able to say how many threads may be somewhere at once, to make
 * one thread wait for what another brings, and to tell which waits can close
 * into a circle. You will see what a permit too many does.
 *
 * Question: a semaphore has one permit. How does it differ from a lock?
 * [ ] not at all -- it excludes as a lock does, but nobody owns the permit
 * [x] any thread may release it -- so one can wait for what another brings, and
 * a mistaken release is let through
 * [ ] it lets the threads in by turns -- a permit goes to whoever takes it
 * first
 *
 * Question: three threads print, and the printer's semaphore has one permit
 * and no limit. One thread releases once too often. What follows?
 * [ ] it gets an error -- not here; a bounded semaphore answers EOVERFLOW, and
 * only if the permit is there at that moment
 * [ ] the next acquire waits for ever -- that follows a release too few
 * [x] two can print at the same time, later -- perhaps neither is the thread
 * with the mistake
 *
 * Next: event, for what happens once and stays happened.
 */
#include "lessons/lesson.h"

RUNG(in_flight)
RUNG(in_flight_permitted)
RUNG(wait_with_lock)
RUNG(wait_with_lock_first)
RUNG(twice)
RUNG(twice_bounded)
RUNG(twice_one_exit)
RUNG(philosophers)
RUNG(philosophers_pausing)
RUNG(philosophers_seated)
RUNG(philosophers_in_order)

static const scene scenes[] = {
        {
                .name = "in_flight",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(in_flight, CHECK), FIX(in_flight_permitted)},
        },
        {
                .name = "wait_with_lock",
                .kind = DEADLOCK,
                .removes = HOLD_AND_WAIT,
                .rungs = {BROKEN(wait_with_lock, DEADLOCK),
                        FIX(wait_with_lock_first)},
        },
        {
                .name = "twice",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(twice, CHECK), BROKEN(twice_bounded, CHECK),
                        FIX(twice_one_exit)},
        },
        {
                .name = "philosophers",
                .kind = DEADLOCK,
                .removes = CIRCULAR_WAIT,
                .rungs = {BROKEN(philosophers, DEADLOCK),
                        BROKEN(philosophers_pausing, DEADLOCK),
                        FIX(philosophers_seated), FIX(philosophers_in_order)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"semaphore", scenes};
