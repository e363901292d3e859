/*
 * Barrier: nobody goes on before everybody has come.
 *
 * You will be able to cut the work of several threads into phases, to say why a
 * barrier can be used again at once, and to end a round in which one party
 * fails.
 *
 * Question: four threads meet at a barrier in each of many rounds. How far can
 * the quickest get ahead of the slowest?
 * [ ] not at all -- between two meetings each goes at its own speed
 * [x] to the next meeting -- there it waits until the slowest has come
 * [ ] by as many rounds as it likes -- that is without a barrier, or with one
 * that is never reset
 *
 * Question: three of four have arrived. The fourth ends on an error, without a
 * word. What do the three do?
 * [ ] they go on, for the fourth is gone -- the barrier counts arrivals and
 * knows nothing of threads
 * [ ] they get an error -- they would, if the fourth aborted the barrier, or if
 * one of them waited with a deadline
 * [x] they wait for ever -- nobody tells the barrier that the fourth will not
 * come
 *
 * Next: timer, for what is to happen later.
 */
#include "lessons/lesson.h"

RUNG(neighbour)
RUNG(neighbour_barrier)
RUNG(handmade)
RUNG(handmade_last_in)
RUNG(handmade_last_out)
RUNG(handmade_by_round)
RUNG(silent)
RUNG(silent_abort)

static const scene scenes[] = {
        {
                .name = "neighbour",
                .kind = ORDER,
                .rungs = {BROKEN_AND_RACES(neighbour, CHECK),
                        FIX(neighbour_barrier)},
        },
        {
                .name = "handmade",
                .kind = ORDER,
                .rungs = {BROKEN(handmade, CHECK),
                        BROKEN(handmade_last_in, DEADLOCK),
                        BROKEN(handmade_last_out, CHECK),
                        FIX(handmade_by_round)},
        },
        {
                .name = "silent",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(silent, DEADLOCK), FIX(silent_abort)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"barrier", scenes};
