/*
 * Timer: call a function later, once or again and again.
 *
 * You will be able to stop a timer so that it has really stopped, to free what
 * its callback used, and to decide between a reply and a time-out that come at
 * the same time.
 *
 * Question: a timer is cancelled, and cancel answers EALREADY. Where is its
 * callback?
 * [ ] it has ended -- it may have, and it may also be running at this moment
 * [x] it has ended, or is running now -- so join before you free what it uses
 * [ ] it will still begin -- that is what cancel rules out
 *
 * Question: you hold a lock that the callback takes, and you stop the timer by
 * cancel and join. What can happen?
 * [ ] nothing bad, since it was cancelled before -- the callback may have begun
 * before that, and now wait for your lock
 * [x] you wait for each other for ever -- if the callback had begun, and only
 * then
 * [ ] join answers EDEADLK -- it answers that to a callback; it does not know
 * which locks you hold
 *
 * Next: local, for data of which each thread has its own.
 */
#include "lessons/lesson.h"

RUNG(stopped)
RUNG(stopped_flag)
RUNG(stopped_joined)
RUNG(one_answer)
RUNG(one_answer_flag)
RUNG(one_answer_locked)
RUNG(one_answer_cancel)
RUNG(freed)
RUNG(freed_joined)
RUNG(join_locked)
RUNG(join_unlocked)

static const scene scenes[] = {
        {
                .name = "stopped",
                .kind = ORDER,
                .rungs = {BROKEN(stopped, CHECK), BROKEN(stopped_flag, CHECK),
                        FIX(stopped_joined)},
        },
        {
                .name = "one_answer",
                .kind = ATOMICITY,
                .rungs = {BROKEN(one_answer, CHECK),
                        BROKEN(one_answer_flag, CHECK), FIX(one_answer_locked),
                        FIX(one_answer_cancel)},
        },
        {
                .name = "freed",
                .kind = ORDER,
                .rungs = {BROKEN_AND_RACES(freed, USE_AFTER_FREE),
                        FIX(freed_joined)},
        },
        {
                .name = "join_locked",
                .kind = DEADLOCK,
                .removes = HOLD_AND_WAIT,
                .rungs = {BROKEN(join_locked, DEADLOCK), FIX(join_unlocked)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"timer", scenes};
