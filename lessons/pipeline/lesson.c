/*
 * Pipeline: stages that hand on their work.
 *
 * You will build a pipeline out of threads and queues that keeps three promises
 * at once: all work arrives, all threads stop, and the memory stays bounded.
 * You will see which promise each of the usual short cuts breaks, and write one
 * bounded buffer with three sets of tools.
 *
 * Question: a stage asks its queue, finds it empty, then sees that the stage
 * before it has ended. May it stop?
 * [ ] yes, nothing can come any more -- but something may have come between the
 * two looks
 * [x] not yet -- it has to ask the queue once more, after it has seen the end
 * [ ] never -- it would wait for ever for work that nobody brings
 *
 * Question: the stage that downloads is ten times as fast as the one that
 * uploads. What does a queue without a bound do?
 * [ ] it makes the uploads faster -- a queue evens out bursts; the slow stage
 * stays as slow
 * [x] it grows as long as the downloads last -- at the end nine tenths of all
 * wait in it
 * [ ] it slows the downloads down -- only a bound does that: put waits while
 * the queue is full
 *
 * Next: a pipeline of your own. This was the last lesson.
 */
#include "lessons/lesson.h"

RUNG(pipeline)
RUNG(pipeline_marked)
RUNG(pipeline_unbounded)
RUNG(pipeline_closed)
RUNG(pipeline_shared)
RUNG(buffer)
RUNG(buffer_semaphores)
RUNG(buffer_conditions)
RUNG(buffer_queue)

static const scene scenes[] = {
        {
                .name = "pipeline",
                .kind = ATOMICITY,
                .rungs = {BROKEN(pipeline, CHECK),
                        BROKEN(pipeline_marked, DEADLOCK),
                        BROKEN(pipeline_unbounded, CHECK), FIX(pipeline_closed),
                        FIX(pipeline_shared)},
        },
        {
                .name = "buffer",
                .kind = ORDER,
                .rungs = {BROKEN(buffer, CHECK), FIX(buffer_semaphores),
                        FIX(buffer_conditions), FIX(buffer_queue)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"pipeline", scenes};
