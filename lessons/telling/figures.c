/*
 * The figures of each rung, in a line of words without spaces, for other tools.
 */
#include "lessons/telling/forms.h"

static void print_broken(const rung *rung, const finding *f)
{
    printf("%s%s luck=%u/%u hung=%u found=%lu steps=%zu switches=%u "
           "failing=%lu orders=%lu complete=%s",
            explorer_verdict_name(explorer_verdict_of(f->failing)),
            rung->races ? "+race" : "", f->luck.failures, f->luck.runs,
            f->luck.hangs, explorer_found_after(f->failing),
            explorer_steps(f->failing), explorer_switches(f->failing),
            explorer_failures(f->all), explorer_executions(f->all),
            explorer_is_complete(f->all) ? "yes" : "no");
}

int print_figures(const request *r)
{
    bool is_fine = true;
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++) {
        if (!is_in(r, s))
            continue;
        ladder l = climb(s, r->rung, r->view);
        for (int i = 0; i < rung_count(s); i++) {
            const finding *f = &l.findings[i];
            if (f->all == NULL)
                continue;
            printf("%s %s %s ", this_lesson.name, s->name, s->rungs[i].name);
            if (f->failing != NULL)
                print_broken(&s->rungs[i], f);
            else
                printf("%s orders=%lu",
                        explorer_verdict_name(explorer_verdict_of(f->all)),
                        explorer_executions(f->all));
            printf("%s\n", is_as_stated(&s->rungs[i], f) ? "" : " NOT-SO");
        }
        is_fine &= l.is_as_stated;
        ladder_free(&l);
    }
    return is_fine ? 0 : 1;
}
