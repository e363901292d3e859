/*
 * Condition: wait until something has become true.
 *
 * You will see why a wait stands in a loop, how a wakeup comes too early and is
 * lost, and how the wrong thread is woken. Afterwards you can write a buffer
 * that several producers and consumers share, and say of each wait and each
 * notification why it is right.
 *
 * Question: a consumer waits for an item, and its wait returns. What does it
 * know?
 * [ ] there is an item for it -- another consumer may have taken it meanwhile
 * [x] nothing yet -- it has to look again; it holds the lock for that
 * [ ] there was an item when it woke -- a wait may also return though nobody
 * has notified
 *
 * Question: a thread notifies a condition while nobody waits. The next thread
 * that waits for it...
 * [ ] goes on at once -- a semaphore would keep the permit; a condition keeps
 * nothing
 * [ ] gets an error -- to notify nobody is no mistake, and nothing is kept of
 * it
 * [x] sleeps -- so it must look at the data before, and the data must say what
 * has happened
 *
 * Next: barrier, where all wait for the last.
 */
#include "lessons/lesson.h"

RUNG(stolen_wakeup)
RUNG(stolen_wakeup_while)
RUNG(spurious_wakeup)
RUNG(spurious_wakeup_while)
RUNG(checked_early)
RUNG(checked_early_locked)
RUNG(set_outside)
RUNG(set_outside_twice)
RUNG(set_outside_locked)
RUNG(gate)
RUNG(gate_all)
RUNG(wrong_side)
RUNG(wrong_side_two)
RUNG(wrong_side_all)
RUNG(nested_locks)
RUNG(nested_locks_one)
RUNG(time_limit)
RUNG(time_limit_once)

static const scene scenes[] = {
        {
                .name = "stolen_wakeup",
                .kind = ATOMICITY,
                .rungs = {BROKEN(stolen_wakeup, CHECK),
                        FIX(stolen_wakeup_while)},
        },
        {
                .name = "spurious_wakeup",
                .kind = ORDER,
                .is_further = true,
                .wakes_spuriously = true,
                .rungs = {BROKEN(spurious_wakeup, CHECK),
                        FIX(spurious_wakeup_while)},
        },
        {
                .name = "checked_early",
                .kind = ATOMICITY,
                .rungs = {BROKEN(checked_early, LOST_WAKEUP),
                        FIX(checked_early_locked)},
        },
        {
                .name = "set_outside",
                .kind = ATOMICITY,
                .rungs = {BROKEN(set_outside, LOST_WAKEUP),
                        BROKEN(set_outside_twice, LOST_WAKEUP),
                        FIX(set_outside_locked)},
        },
        {
                .name = "gate",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(gate, DEADLOCK), FIX(gate_all)},
        },
        {
                .name = "wrong_side",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(wrong_side, DEADLOCK), FIX(wrong_side_two),
                        FIX(wrong_side_all)},
        },
        {
                .name = "nested_locks",
                .kind = DEADLOCK,
                .removes = HOLD_AND_WAIT,
                .is_further = true,
                .rungs = {BROKEN(nested_locks, DEADLOCK),
                        FIX(nested_locks_one)},
        },
        {
                .name = "time_limit",
                .kind = OTHER_BUG,
                .is_further = true,
                .rungs = {BROKEN(time_limit, CHECK), FIX(time_limit_once)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"condition", scenes};
