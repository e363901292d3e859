/*
 * Runs the fixes of a lesson natively, so often: fixes RUNS. What is proved by
 * the explorer must hold outside of it, too, and under the sanitizers.
 */
#include <stdio.h>
#include <stdlib.h>

#include "lessons/telling/luck.h"
#include "lessons/lesson.h"

static int failures_of(const rung *rung, long runs)
{
    int failures = 0;
    for (long i = 0; i < runs; i++) {
        ending e = luck_run(rung->plain);
        if (e == ENDED_WELL)
            continue;
        failures++;
        printf("%s / %s: run %ld %s\n", this_lesson.name, rung->name, i + 1,
                e == HUNG ? "hangs" : "fails");
    }
    return failures;
}

int main(int argc, char **argv)
{
    long runs = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
    int fixes = 0, failures = 0;
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++)
        for (const rung *r = s->rungs; r < s->rungs + MOST_RUNGS; r++) {
            if (r->name == NULL || r->verdict != EXPLORER_OK)
                continue;
            failures += failures_of(r, runs);
            fixes++;
        }
    if (failures > 0 || fixes == 0)
        printf("%s: %d fixes, %d failures\n", this_lesson.name, fixes,
                failures);
    return failures > 0 || fixes == 0;
}
