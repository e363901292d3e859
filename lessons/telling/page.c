/*
 * A lesson as a page of the documentation, with its runs as pictures.
 */
#include "lessons/telling/forms.h"
#include "lessons/telling/markdown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *create_in(const char *folder, const char *name, const char *kind)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s%s", folder, name, kind);
    return create(path);
}

/* The space that does not break says where the number ends: see pages.sh. */
static void put_code(FILE *to, const script *script, const passage *rung)
{
    fprintf(to, "```c\n");
    for (int line = rung->first; line <= rung->last; line++)
        fprintf(to, "%4d\u00a0 %s\n", line, script->lines[line - 1]);
    fprintf(to, "```\n\n");
}

/* --- A rung ----------------------------------------------------------------*/

/* As text, for who cannot see the picture, or wants to copy from it. */
static void put_timeline(FILE *to, const explorer_result *failing)
{
    capture_begin(false);
    explorer_print_timeline(failing);
    char *timeline = capture_end();
    begin_details(to, "The run as text");
    fprintf(to, "```text\n%s```\n", timeline);
    end_details(to);
    free(timeline);
}

/* The picture scrolls in a box of its own, by the keyboard, too. */
static void put_run(FILE *to, const char *folder, const rung *rung,
        const explorer_result *failing)
{
    const char *verdict = verdict_in_words(explorer_verdict_of(failing));
    char name[200];
    snprintf(name, sizeof name, "%s-%s", this_lesson.name, rung->name);
    FILE *picture = create_in(folder, name, ".svg");
    explorer_write_svg(failing, picture);
    must_close(picture, name);
    fprintf(to,
            "@htmlonly[block]<div class=\"run\" tabindex=\"0\" role=\"region\" "
            "aria-label=\"Timeline of %s\"><img src=\"%s.svg\" "
            "alt=\"Timeline of the simplest run that fails: %s. It follows as "
            "text.\"></div>"
            "@endhtmlonly\n\n",
            rung->name, name, verdict);
    put_timeline(to, failing);
}

static void put_share(FILE *to, const finding *f)
{
    static const char that[] = " that differ";
    unsigned long all = explorer_executions(f->all);
    unsigned long failing = explorer_failures(f->all);
    if (f->failing == NULL)
        fprintf(to, "It is right in %s. ", orders_in_words(all, all, that));
    else if (explorer_is_complete(f->all) && failing == 0)
        fprintf(to,
                "The check holds in %s, and it is a data race all the same. ",
                orders_in_words(all, all, that));
    else if (explorer_is_complete(f->all))
        fprintf(to, "It fails in %s. ", orders_in_words(failing, all, that));
}

static void put_rung(FILE *to, const char *folder, const ladder *l, int rung)
{
    const passage *p = &l->script->rungs[rung];
    const finding *f = &l->findings[rung];
    if (!is_as_stated(&l->scene->rungs[rung], f))
        fail(l->scene->rungs[rung].name, "it is not as the lesson says");
    fprintf(to, "### %s: ", p->kind);
    put_title(to, p->title);
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
    put_title(to, l.script->promise);
    fprintf(to, " {#%s_%s}\n\n%s", this_lesson.name, scene->name,
            scene->is_further ? "*Further reading.* " : "");
    put_text(to, l.script->about);
    fprintf(to, "\n\n");
    for (int i = 0; i < l.script->rung_count; i++)
        put_rung(to, folder, &l, i);
    fprintf(to, "@remark **Rule.** ");
    put_sentence(to, l.script->rule);
    fprintf(to,
            "\n\n`build/lessons/%s --scene %s` tells this scene; "
            "`--play %s` lets you say which thread goes next.\n\n",
            this_lesson.name, scene->name, scene->name);
    ladder_free(&l);
}

static void put_question(FILE *to, const question *q)
{
    fprintf(to, "**");
    put_sentence(to, q->text);
    fprintf(to, "**\n\n");
    for (int i = 0; i < q->answer_count; i++) {
        fprintf(to, "%d. ", i + 1);
        put_text(to, q->answers[i].text);
        fprintf(to, "\n");
    }
    fprintf(to, "\n");
    begin_details(to, "Answers");
    for (int i = 0; i < q->answer_count; i++) {
        const answer *a = &q->answers[i];
        fprintf(to, "%d. %s: ", i + 1, a->is_right ? "**Yes**" : "No");
        put_text(to, a->remark);
        fprintf(to, "\n");
    }
    end_details(to);
}

/* The modules whose headers the scenes include, each once. */
static void put_modules(FILE *to)
{
    static const char include[] = "#include \"primitives/";
    char seen[400] = "";
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++) {
        const script *script = script_read(s);
        for (int i = 0; i < script->count; i++) {
            const char *line = script->lines[i];
            if (strncmp(line, include, strlen(include)) != 0 ||
                    strstr(seen, line) != NULL)
                continue;
            int length = (int)strcspn(line += strlen(include), ".");
            fprintf(to, "%s @ref %.*s \"%.*s\"",
                    *seen == '\0' ? "It uses" : ",", length, line, length,
                    line);
            strncat(seen, script->lines[i], sizeof seen - strlen(seen) - 1);
        }
    }
    fprintf(to, "%s", *seen == '\0' ? "" : ". ");
}

/* "rlock, for functions that ..." begins with a lesson, to which it leads. */
static void put_next(FILE *to, const char *text)
{
    char path[200];
    int length = (int)strspn(text, "abcdefghijklmnopqrstuvwxyz");
    snprintf(path, sizeof path, "%s/lessons/%.*s/lesson.c", LESSON_ROOT, length,
            text);
    bool is_lesson = length > 0 && access(path, R_OK) == 0;
    if (is_lesson) {
        fprintf(to, "@ref lesson_%.*s \"%.*s\"", length, text, length, text);
        put_text(to, text + length);
    } else {
        put_sentence(to, text);
    }
}

int write_page(const request *r)
{
    const char *folder = r->argument;
    char name[100];
    preface p = preface_read();
    snprintf(name, sizeof name, "lesson-%s", this_lesson.name);
    FILE *to = create_in(folder, name, ".md");
    fprintf(to, "# ");
    put_title(to, p.title);
    fprintf(to, " {#lesson_%s}\n\n", this_lesson.name);
    put_text(to, p.about);
    fprintf(to, "\n\n");
    put_modules(to);
    fprintf(to,
            "Told in a terminal by "
            "`build/lessons/%s`.\n\n@tableofcontents{html:1}\n\n",
            this_lesson.name);
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++)
        put_scene(to, folder, s);
    fprintf(to, "## Questions {#%s_questions}\n\n", this_lesson.name);
    for (int i = 0; i < p.question_count; i++)
        put_question(to, &p.questions[i]);
    fprintf(to, "## What to read next {#%s_next}\n\n", this_lesson.name);
    put_next(to, p.next);
    fprintf(to, "\n");
    must_close(to, name);
    return 0;
}
