/*
 * Priority queue: the most urgent first.
 *
 * You will be able to let urgent work go first without forgetting the rest: to
 * keep the order of equals, to change what is waiting, to bound how often one
 * is overtaken, and to see which tasks must not wait for each other.
 *
 * Question: Ann, Bob and Cleo, all equally urgent, are put into a heap in this
 * order. Ann is taken first, and the last entry is moved to her place at the
 * top. Who is next?
 * [ ] Bob -- a heap does not know that he came before Cleo
 * [x] Cleo -- she was the last entry, and sinks only below somebody more urgent
 * [ ] sometimes Bob, sometimes Cleo -- a heap leaves nothing to chance: the
 * same puts give the same order
 *
 * Question: a normal task gets the number of its arrival plus 3, an urgent one
 * that of its arrival. The smallest number is first, and of equal ones the one
 * that came first. How many urgent tasks can overtake a normal one?
 * [ ] as many as come -- from the third on their numbers are not smaller
 * [ ] three -- the third has the same number, and came later
 * [x] two -- only the next two can get a smaller number
 *
 * Next: pipeline, where queues join the stages of a program.
 */
#include "lessons/lesson.h"

RUNG(ties)
RUNG(ties_numbered)
RUNG(made_urgent)
RUNG(made_urgent_anew)
RUNG(overtaken)
RUNG(overtaken_aged)
RUNG(waits_behind)
RUNG(waits_behind_no_wait)
RUNG(waits_behind_by_need)

static const scene scenes[] = {
        {
                .name = "ties",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(ties, CHECK), FIX(ties_numbered)},
        },
        {
                .name = "made_urgent",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(made_urgent, CHECK), FIX(made_urgent_anew)},
        },
        {
                .name = "overtaken",
                .kind = OTHER_BUG,
                .rungs = {BROKEN(overtaken, CHECK), FIX(overtaken_aged)},
        },
        {
                .name = "waits_behind",
                .kind = DEADLOCK,
                .removes = HOLD_AND_WAIT,
                .rungs = {BROKEN(waits_behind, DEADLOCK),
                        FIX(waits_behind_no_wait), FIX(waits_behind_by_need)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"priority", scenes};
