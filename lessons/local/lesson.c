/*
 * Local: a variable of which every thread has its own copy.
 *
 * You will see functions that were right with one thread go wrong with two,
 * because they keep something between calls. You will be able to give each
 * thread a copy of its own, and to say how long a copy lives.
 *
 * Question: a function returns a pointer to its static buffer. It acquires a
 * lock before it writes there, and releases it before it returns. Two threads
 * call it. Is that right?
 * [ ] yes: the buffer is written under the lock -- but it is read after the return, when the lock has been released
 * [ ] yes, if the callers only read -- the other thread's call writes while they read
 * [x] not with one buffer for both -- the next call writes over what the last caller has yet to read
 *
 * Question: a worker thread does one task after the other. How long does its
 * copy of a local live?
 * [ ] as long as the task -- the local does not know where a task ends; sync_local_reset() says so
 * [x] as long as the thread -- so the next task finds what the last one has left
 * [ ] as long as the program -- it is freed when its thread ends, and pointers to it dangle
 *
 * Next: fifo, for handing things from thread to thread.
 */
#include "lessons/lesson.h"

RUNG(static_buffer)
RUNG(static_buffer_locked)
RUNG(static_buffer_own)
RUNG(stale_value)
RUNG(stale_value_reset)
RUNG(lent_copy)
RUNG(lent_copy_value)

static const scene scenes[] = {
        {
                .name = "static_buffer",
                .kind = ATOMICITY,
                .rungs = {BROKEN_AND_RACES(static_buffer, CHECK),
                        BROKEN_AND_RACES(static_buffer_locked, CHECK),
                        FIX(static_buffer_own)},
        },
        {
                .name = "stale_value",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(stale_value, CHECK), FIX(stale_value_reset)},
        },
        {
                .name = "lent_copy",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(lent_copy, USE_AFTER_FREE),
                        FIX(lent_copy_value)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"local", scenes};
