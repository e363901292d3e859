/*
 * The lesson as text into a file, and of each scene a line of a table.
 */
#include "lessons/telling/forms.h"

#include <stdlib.h>

static const explorer_result *proof_of(const ladder *l)
{
    for (int i = 0; i < rung_count(l->scene); i++)
        if (l->scene->rungs[i].verdict == EXPLORER_OK)
            return l->findings[i].all;
    return NULL;
}

static void print_line(const ladder *l)
{
    const luck *luck = &l->findings[0].luck;
    const explorer_result *bug = l->findings[0].failing, *fix = proof_of(l);
    char chance[40] = "-", found[40] = "-", proof[40] = "-";
    if (luck->runs > 0)
        snprintf(chance, sizeof chance, "%s %s of %s",
                luck->hangs > 0 ? "hung" : "failed",
                with_commas(luck->failures), with_commas(luck->runs));
    if (bug != NULL)
        snprintf(found, sizeof found, "run %s",
                with_commas(explorer_found_after(bug)));
    if (fix != NULL)
        snprintf(proof, sizeof proof, "%s order%s",
                with_commas(explorer_executions(fix)),
                explorer_executions(fix) == 1 ? "" : "s");
    printf("%-9s %-16s %-14s %-15s %-8s %s%s\n", this_lesson.name,
            l->scene->name,
            bug == NULL ? "-" : verdict_in_words(explorer_verdict_of(bug)),
            chance, found, proof, l->is_as_stated ? "" : "  IT IS NOT SO");
    fflush(stdout);
}

static void into(FILE *file)
{
    char *text = capture_end();
    fputs(text, file);
    free(text);
}

int summarise(const request *r)
{
    FILE *file = create(r->argument);
    preface p = preface_read();
    bool is_fine = true;
    capture_begin(false);
    tell_preface(&p);
    into(file);
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++) {
        if (!is_in(r, s))
            continue;
        ladder l = climb(s, NULL, r->view);
        capture_begin(false);
        tell_scene(&l);
        into(file);
        print_line(&l);
        is_fine &= l.is_as_stated;
        ladder_free(&l);
    }
    capture_begin(false);
    tell_questions(&p);
    into(file);
    must_close(file, r->argument);
    return is_fine ? 0 : 1;
}
