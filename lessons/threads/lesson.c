/*
 * Threads: start, hand over, join.
 *
 * You will start threads, hand each what it is to work on, and get back what it
 * has found. You will be able to say when a result is there, and how long a
 * variable must live that two threads use.
 *
 * Question: main creates a thread, and its next line prints "main". The thread
 * prints "thread". What is printed first?
 * [ ] "main": the new thread has yet to start -- it can be fast, and main can be held up before its next line
 * [ ] "thread": it was created before the next line -- created, but perhaps it has not begun to run
 * [x] either -- nothing orders the two, until main joins the thread
 *
 * Question: an atomic variable is 0. main stores 1 in it, creates a thread, and
 * stores 2 after that. The thread reads the variable. What can it find?
 * [ ] only 1, which was there when it was created -- it does not get a copy: it looks when it comes to run
 * [x] 1 or 2 -- what came before the create is seen; what comes after is not ordered (with a plain variable that is a data race)
 * [ ] 0, 1 or 2 -- not 0: all that was done before the create is seen by the thread
 *
 * Next: lock, for threads that change the same data.
 */
#include "lessons/lesson.h"

RUNG(read_too_early)
RUNG(read_too_early_joined)
RUNG(shared_argument)
RUNG(shared_argument_each)
RUNG(dead_stack)
RUNG(dead_stack_static)
RUNG(dead_stack_caller)

static const scene scenes[] = {
        {
                .name = "read_too_early",
                .kind = ORDER,
                .rungs = {BROKEN_AND_RACES(read_too_early, CHECK),
                        FIX(read_too_early_joined)},
        },
        {
                .name = "shared_argument",
                .kind = ORDER,
                .rungs = {BROKEN_AND_RACES(shared_argument, CHECK),
                        FIX(shared_argument_each)},
        },
        {
                .name = "dead_stack",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(dead_stack, USE_AFTER_FREE),
                        BROKEN_AND_RACES(dead_stack_static, CHECK),
                        FIX(dead_stack_caller)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"threads", scenes};
