/*
 * A lesson as a page of the documentation, in Doxygen's Markdown, with its
 * runs as pictures; and its lines of the map.
 */
#include "lessons/telling/forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *create_in(const char *folder, const char *name, const char *kind)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s%s", folder, name, kind);
    return create(path);
}

/* Inside `...` as it stands; elsewhere what Doxygen would take for markup is
 * made harmless. */
static void put_text(FILE *to, const char *text)
{
    bool is_code = false;
    for (; *text != '\0'; text++) {
        is_code ^= *text == '`';
        if (!is_code && strchr("<>&*_#@\\|[]", *text) != NULL)
            fprintf(to, "&#%d;", *text);
        else
            fputc(*text, to);
    }
}

static void put_code(FILE *to, const script *script, const passage *rung)
{
    fprintf(to, "```c\n");
    for (int line = rung->first; line <= rung->last; line++)
        fprintf(to, "%4d  %s\n", line, script->lines[line - 1]);
    fprintf(to, "```\n\n");
}

/* --- A rung ----------------------------------------------------------------*/

/* As text, for who cannot see the picture, or wants to copy from it. */
static void put_timeline(FILE *to, const explorer_result *failing)
{
    capture_begin(false);
    explorer_print_timeline(failing);
    char *timeline = capture_end();
    fprintf(to,
            "@htmlonly<details><summary>The run as text</summary>"
            "@endhtmlonly\n```text\n%s```\n"
            "@htmlonly</details>@endhtmlonly\n\n",
            timeline);
    free(timeline);
}

static void put_run(FILE *to, const char *folder, const rung *rung,
        const explorer_result *failing)
{
    char name[200];
    snprintf(name, sizeof name, "%s-%s", this_lesson.name, rung->name);
    FILE *picture = create_in(folder, name, ".svg");
    explorer_write_svg(failing, picture);
    must_close(picture, name);
    fprintf(to, "@image html %s.svg \"The simplest run that fails: %s\"\n\n",
            name, verdict_in_words(explorer_verdict_of(failing)));
    put_timeline(to, failing);
}

static void put_share(FILE *to, const finding *f)
{
    unsigned long all = explorer_executions(f->all);
    if (f->failing == NULL)
        fprintf(to, "Right in %s%s. ",
                all == 1 ? "the only order there is"
                         : "all orders that differ: ",
                all == 1 ? "" : with_commas(all));
    else if (explorer_is_complete(f->all))
        fprintf(to, "It fails in %s of the %s orders that differ. ",
                with_commas(explorer_failures(f->all)), with_commas(all));
}

static void put_rung(FILE *to, const char *folder, const ladder *l, int rung)
{
    const passage *p = &l->script->rungs[rung];
    const finding *f = &l->findings[rung];
    fprintf(to, "### %s: ", p->kind);
    put_text(to, p->title);
    fprintf(to, "\n\n");
    put_code(to, l->script, p);
    if (f->failing != NULL)
        put_run(to, folder, &l->scene->rungs[rung], f->failing);
    put_share(to, f);
    put_text(to, p->why);
    fprintf(to, "\n\n");
}

/* --- The page --------------------------------------------------------------*/

static void put_scene(FILE *to, const char *folder, const scene *scene)
{
    ladder l = climb(scene, NULL, (view){.tries_luck = false});
    fprintf(to, "## ");
    put_text(to, l.script->promise);
    fprintf(to, " {#%s_%s}\n\n%s", this_lesson.name, scene->name,
            scene->is_further ? "*Further reading.* " : "");
    put_text(to, l.script->about);
    fprintf(to, "\n\n");
    for (int i = 0; i < l.script->rung_count; i++)
        put_rung(to, folder, &l, i);
    fprintf(to, "@note **Rule.** ");
    put_text(to, l.script->rule);
    fprintf(to,
            "\n\n`build/lessons/%s --scene %s` tells this scene, "
            "`--play %s` lets you be its scheduler.\n\n",
            this_lesson.name, scene->name, scene->name);
    ladder_free(&l);
}

static void put_question(FILE *to, const question *q)
{
    fprintf(to, "**");
    put_text(to, q->text);
    fprintf(to, "**\n\n");
    for (int i = 0; i < q->answer_count; i++) {
        fprintf(to, "%d. ", i + 1);
        put_text(to, q->answers[i].text);
        fprintf(to, "\n");
    }
    fprintf(to, "\n@htmlonly<details><summary>Answers</summary>"
                "@endhtmlonly\n\n");
    for (int i = 0; i < q->answer_count; i++) {
        const answer *a = &q->answers[i];
        fprintf(to, "%d. %s: ", i + 1, a->is_right ? "**Yes**" : "No");
        put_text(to, a->remark);
        fprintf(to, "\n");
    }
    fprintf(to, "\n@htmlonly</details>@endhtmlonly\n\n");
}

int write_page(const request *r)
{
    const char *folder = r->argument;
    char name[100];
    preface p = preface_read();
    snprintf(name, sizeof name, "lesson-%s", this_lesson.name);
    FILE *to = create_in(folder, name, ".md");
    fprintf(to, "# ");
    put_text(to, p.title);
    fprintf(to, " {#lesson_%s}\n\n", this_lesson.name);
    put_text(to, p.about);
    fprintf(to, "\n\n[TOC]\n\n");
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++)
        put_scene(to, folder, s);
    fprintf(to, "## Questions {#%s_questions}\n\n", this_lesson.name);
    for (int i = 0; i < p.question_count; i++)
        put_question(to, &p.questions[i]);
    fprintf(to, "## What to read next {#%s_next}\n\n", this_lesson.name);
    put_text(to, p.next);
    fprintf(to, "\n");
    must_close(to, name);
    return 0;
}

/* --- The map ---------------------------------------------------------------*/

int write_map(const request *r)
{
    static const char *const kinds[] = {[OTHER_BUG] = "other",
            [ATOMICITY] = "atomicity violation",
            [ORDER] = "order violation",
            [DEADLOCK] = "deadlock"};
    static const char *const conditions[] = {[NONE_OF_THEM] = "",
            [MUTUAL_EXCLUSION] = "mutual exclusion",
            [HOLD_AND_WAIT] = "hold and wait",
            [NO_PREEMPTION] = "no preemption",
            [CIRCULAR_WAIT] = "circular wait"};
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++) {
        if (!is_in(r, s))
            continue;
        const script *script = script_read(s);
        printf("| @ref lesson_%s \"%s\" | @ref %s_%s \"%s\" | ",
                this_lesson.name, this_lesson.name, this_lesson.name, s->name,
                s->name);
        put_text(stdout, script->promise);
        printf(" | %s | %s |\n", kinds[s->kind], conditions[s->removes]);
    }
    return 0;
}
