/*
 * RLock: a lock that its holder may acquire again.
 *
 * You will see a thread wait for itself, and two ways out: a lock that counts,
 * and functions that are called with the lock held. You will be able to say
 * what an RLock promises, and what it does not: that the data is in order.
 *
 * Question: a thread holds an RLock that it has acquired twice. It releases it
 * once. When can another thread acquire it?
 * [ ] at once: it has been released -- a release takes back one acquire, not all
 * [x] not before one more release -- it is free when every acquire has had its release
 * [ ] when this thread has ended -- a thread that ends releases nothing: the others wait for ever
 *
 * Question: a function has just acquired an RLock. Is the data behind it in
 * order?
 * [ ] yes: nobody else can be in the middle of a change -- nobody else, but the thread itself can
 * [x] only if the thread did not hold it before -- if it did, it may be in the middle of a change itself
 * [ ] no: other threads may be changing it -- they are kept out, as by any lock
 *
 * Next: semaphore, for letting in more than one, and for waiting for others.
 */
#include "lessons/lesson.h"

RUNG(self_deadlock)
RUNG(self_deadlock_ignored)
RUNG(self_deadlock_gap)
RUNG(self_deadlock_rlock)
RUNG(self_deadlock_inner)
RUNG(missing_release)
RUNG(missing_release_paired)
RUNG(callback)
RUNG(callback_last)

static const scene scenes[] = {
        {
                .name = "self_deadlock",
                .kind = DEADLOCK,
                .removes = CIRCULAR_WAIT,
                .rungs = {BROKEN(self_deadlock, DEADLOCK),
                        BROKEN_AND_RACES(self_deadlock_ignored, CHECK),
                        BROKEN(self_deadlock_gap, CHECK),
                        FIX(self_deadlock_rlock), FIX(self_deadlock_inner)},
        },
        {
                .name = "missing_release",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(missing_release, DEADLOCK),
                        FIX(missing_release_paired)},
        },
        {
                .name = "callback",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(callback, CHECK), FIX(callback_last)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"rlock", scenes};
