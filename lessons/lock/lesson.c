/*
 * Lock: one thread at a time.
 *
 * You will see where a step that looks like one falls apart, and how a lock
 * makes it one again; and what a lock brings with it: two of them can wait for
 * each other for ever.
 *
 * Question: two threads each run `balance += 1` once, from 0. What can the
 * balance be in the end?
 * [ ] always 2 -- a line of C is not a step: it is a read and a write
 * [x] 1 or 2 -- 1 if both read before either has written
 * [ ] 0, 1 or 2 -- whoever writes last writes at least 1
 *
 * Next: rlock, for functions that call each other with the lock held.
 */
#include "lessons/lesson.h"

RUNG(lost_update)
RUNG(lost_update_volatile)
RUNG(lost_update_flag)
RUNG(lost_update_atomic)
RUNG(lost_update_locked)

static const scene scenes[] = {
        {
                .name = "lost_update",
                .kind = ATOMICITY,
                .rungs = {BROKEN_AND_RACES(lost_update, CHECK),
                        BROKEN_AND_RACES(lost_update_volatile, CHECK),
                        BROKEN_AND_RACES(lost_update_flag, CHECK),
                        BROKEN(lost_update_atomic, CHECK),
                        FIX(lost_update_locked)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"lock", scenes};
