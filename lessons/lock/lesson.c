/*
 * Lock: one thread at a time.
 *
 * You will see where a step that looks like one falls apart, and make it one
 * again with a lock. You will be able to say how far a lock must reach, which
 * data it belongs to, and how two locks are acquired without a deadlock.
 *
 * Question: two threads each run `balance += 1` once, from 0. What can the
 * balance be in the end?
 * [ ] always 2 -- this line of C is not one step: it is a read and a write
 * [x] 1 or 2 -- 1 if both read before either has written; and it is a data race, for which C itself promises nothing
 * [ ] 0, 1 or 2 -- whoever writes last writes at least 1
 *
 * Question: one thread acquires lock A, then B; another acquires B, then A.
 * What can happen?
 * [ ] nothing bad: both locks are released in the end -- who waits for ever releases nothing
 * [x] both end, or both wait for ever -- for ever if each has its first lock before either has its second
 * [ ] they always wait for ever -- not if one is done before the other begins
 *
 * Next: rlock, for functions that call each other with the lock held.
 */
#include "lessons/lesson.h"

RUNG(lost_update)
RUNG(lost_update_volatile)
RUNG(lost_update_flag)
RUNG(lost_update_atomic)
RUNG(lost_update_locked)
RUNG(check_then_act)
RUNG(check_then_act_halves)
RUNG(check_then_act_whole)
RUNG(wrong_lock)
RUNG(wrong_lock_right)
RUNG(deadlock)
RUNG(deadlock_try)
RUNG(deadlock_ordered)
RUNG(early_return)
RUNG(early_return_one_exit)

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
        {
                .name = "check_then_act",
                .kind = ATOMICITY,
                .rungs = {BROKEN_AND_RACES(check_then_act, CHECK),
                        BROKEN(check_then_act_halves, CHECK),
                        FIX(check_then_act_whole)},
        },
        {
                .name = "wrong_lock",
                .kind = ATOMICITY,
                .rungs = {BROKEN_AND_RACES(wrong_lock, CHECK),
                        FIX(wrong_lock_right)},
        },
        {
                .name = "deadlock",
                .kind = DEADLOCK,
                .removes = CIRCULAR_WAIT,
                .rungs = {BROKEN(deadlock, DEADLOCK),
                        BROKEN(deadlock_try, LIVELOCK), FIX(deadlock_ordered)},
        },
        {
                .name = "early_return",
                .kind = OTHER_BUG,
                .is_further = true,
                .rungs = {BROKEN(early_return, DEADLOCK),
                        FIX(early_return_one_exit)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"lock", scenes};
