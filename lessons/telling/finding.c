/*
 * Asks luck and the explorer. The proof of a fix allows for spurious wakeups
 * and early time-outs; of what is broken, all orders are counted, if there are
 * not too many, to tell in how many of them it fails.
 */
#include "lessons/telling/finding.h"

enum { MOST_ORDERS = 500000, MOST_ORDERS_TO_COUNT = 20000 };

explorer_options options_for(const scene *scene, view view)
{
    explorer_options options = explorer_defaults();
    options.spurious = scene->wakes_spuriously ? 1 : 0;
    options.shows_inside = view.shows_inside;
    return options;
}

static finding finding_of(const scene *scene, const rung *rung, view view)
{
    finding f = {.failing = NULL};
    explorer_options options = options_for(scene, view);
    bool is_fix = rung->verdict == EXPLORER_OK;
    if (is_fix) {
        options = explorer_defaults();
    } else {
        if (view.tries_luck)
            f.luck = luck_try(rung->plain);
        f.failing = explorer_run(rung->explored, &options);
    }
    options.mode = EXPLORER_PROVE;
    options.max_executions = is_fix ? MOST_ORDERS : MOST_ORDERS_TO_COUNT;
    f.all = explorer_run(rung->explored, &options);
    return f;
}

bool is_as_stated(const rung *rung, const finding *f)
{
    bool races = explorer_has_race(f->all);
    if (f->failing == NULL)
        return explorer_verdict_of(f->all) == EXPLORER_OK &&
               explorer_is_complete(f->all) && !races;
    races |= explorer_has_race(f->failing);
    return explorer_verdict_of(f->failing) == rung->verdict &&
           races == rung->races;
}

ladder climb(const scene *scene, const rung *alone, view view)
{
    ladder l = {.scene = scene, .is_as_stated = true};
    l.script = script_read(scene);
    for (int i = 0; i < rung_count(scene); i++) {
        const rung *rung = &scene->rungs[i];
        if (alone != NULL && alone != rung)
            continue;
        l.findings[i] = finding_of(scene, rung, view);
        l.is_as_stated &= is_as_stated(rung, &l.findings[i]);
    }
    return l;
}

void ladder_free(ladder *l)
{
    for (int i = 0; i < MOST_RUNGS; i++) {
        if (l->findings[i].failing != NULL)
            explorer_free(l->findings[i].failing);
        if (l->findings[i].all != NULL)
            explorer_free(l->findings[i].all);
    }
}
