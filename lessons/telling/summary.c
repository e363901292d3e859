/* One line a scene, 80 columns wide. */
#include "lessons/telling/forms.h"

#include <stdio.h>

void summarise(const ladder *l)
{
    const luck *luck = &l->findings[0].luck;
    const explorer_result *bug = l->findings[0].failing, *fix = NULL;
    char chance[40] = "-", found[40] = "-", proof[40] = "-";
    for (int i = rung_count(l->scene) - 1; i >= 0; i--)
        if (l->scene->rungs[i].verdict == EXPLORER_OK)
            fix = l->findings[i].all;
    if (luck->runs > 0)
        snprintf(chance, sizeof chance, "%s %u of %s",
                luck->hangs > 0 ? "hung" : "failed", luck->failures,
                with_commas(luck->runs));
    if (bug != NULL)
        snprintf(found, sizeof found, "run %s",
                with_commas(explorer_executions(bug)));
    if (fix != NULL)
        snprintf(proof, sizeof proof, "%s orders",
                with_commas(explorer_executions(fix)));
    printf("%-9s %-16s %-14s %-15s %-8s %s%s\n", this_lesson.name,
            l->scene->name,
            bug == NULL ? "-" : verdict_in_words(explorer_verdict_of(bug)),
            chance, found, proof, l->is_as_stated ? "" : "  NOT AS STATED");
}
