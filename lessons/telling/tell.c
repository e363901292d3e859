/*
 * Tells a scene: the promise, and for each rung the code, what luck shows, the
 * simplest run that fails, and why; for a fix, that it holds in all orders; at
 * the end the rule.
 */
#include "lessons/telling/tell.h"

#include <stdio.h>
#include <string.h>

void tell_preface(const preface *p)
{
    print_as(BOLD, "%s\n\n", p->title);
    print_text(p->about, 0, 0);
    putchar('\n');
}

void tell_questions(const preface *p)
{
    for (int i = 0; i < p->question_count; i++) {
        const question *q = &p->questions[i];
        print_as(BOLD, "Question: ");
        print_text(q->text, 10, 2);
        for (int k = 0; k < q->answer_count; k++) {
            printf("  %c) ", 'a' + k);
            print_text(q->answers[k].text, 5, 5);
        }
        for (int k = 0; k < q->answer_count; k++) {
            const answer *a = &q->answers[k];
            int at = printf("  %c: %s", 'a' + k, a->is_right ? "yes, " : "");
            print_text(a->remark, at, 5);
        }
        putchar('\n');
    }
    print_as(BOLD, "Next: ");
    print_text(p->next, 6, 2);
}

const char *verdict_in_words(const rung *rung)
{
    static const char *const words[] = {
            [EXPLORER_NONE] = "no answer",
            [EXPLORER_OK] = "right",
            [EXPLORER_RACE] = "data race",
            [EXPLORER_LEAK] = "leak",
            [EXPLORER_LIVELOCK] = "livelock",
            [EXPLORER_LOST_WAKEUP] = "lost wakeup",
            [EXPLORER_DEADLOCK] = "deadlock",
            [EXPLORER_CHECK] = "broken promise",
            [EXPLORER_MISUSE] = "misuse",
            [EXPLORER_USE_AFTER_FREE] = "use after free",
            [EXPLORER_CRASH] = "crash",
    };
    return words[rung->verdict];
}

void tell_head(const scene *scene, const script *script)
{
    print_as(BOLD, "%s / %s: ", this_lesson.name, scene->name);
    int at = (int)(strlen(this_lesson.name) + strlen(scene->name)) + 5;
    print_text(script->promise, at, 2);
    if (scene->is_further)
        printf("(further reading)\n");
    putchar('\n');
}

void tell_luck(const finding *f)
{
    const luck *l = &f->luck;
    if (l->runs == 0)
        return;
    printf("  luck: ");
    if (l->hangs > 0)
        printf("hung %d of %s", l->hangs, with_commas((unsigned long)l->runs));
    else
        printf("%s runs", with_commas((unsigned long)l->runs));
    if (l->failures > l->hangs || l->hangs == 0)
        printf(": %s failures",
                with_commas((unsigned long)(l->failures - l->hangs)));
    putchar('\n');
}

/* "both", "all 24" */
static const char *all_of(unsigned long orders)
{
    static char text[40];
    snprintf(text, sizeof text, "all %s", with_commas(orders));
    return orders == 2 ? "both" : text;
}

/* "fails in 2 of the 4 orders that differ" */
static void tell_share(const finding *f)
{
    unsigned long all = explorer_executions(f->all);
    unsigned long failing = explorer_failures(f->all);
    if (!explorer_is_complete(f->all) || failing == 0)
        printf("one of many orders; ");
    else if (all == 1)
        printf("fails in every run, for there is only one order; ");
    else if (failing == all)
        printf("fails in %s orders that differ; ", all_of(all));
    else
        printf("fails in %s of the %s orders that differ; ",
                with_commas(failing), with_commas(all));
}

void tell_orders(const rung *rung, const finding *f)
{
    printf("  explorer: ");
    if (f->failing != NULL) {
        tell_share(f);
        printf("found in run %s\n",
                with_commas(explorer_executions(f->failing)));
        return;
    }
    unsigned long all = explorer_executions(f->all);
    if (!is_as_stated(rung, f))
        printf("not proved, after %s orders\n", with_commas(all));
    else if (all == 1)
        printf("right in the only order there is\n");
    else
        printf("right in %s orders that differ\n", all_of(all));
}

static void tell_rung(
        const scene *scene, const script *script, int number, const finding *f)
{
    const rung *rung = &scene->rungs[number];
    const passage *passage = &script->rungs[number];
    bool is_fix = f->failing == NULL;
    print_as(is_fix ? GREEN : RED, "%s: ", passage->kind);
    print_text(passage->title, (int)strlen(passage->kind) + 2, 2);
    putchar('\n');
    print_code(script, passage);
    putchar('\n');
    tell_luck(f);
    tell_orders(rung, f);
    putchar('\n');
    if (!is_fix) {
        explorer_print(f->failing);
        printf("\n  replay: build/lessons/%s --scene %s --replay %s\n\n",
                this_lesson.name, rung->name, explorer_schedule(f->failing));
    }
    if (!is_as_stated(rung, f))
        print_as(RED, "  This is not what the lesson says: %s%s.\n\n",
                verdict_in_words(rung), rung->races ? ", and a data race" : "");
    print_as(BOLD, "  Why: ");
    print_text(passage->why, 7, 2);
    putchar('\n');
}

void tell_scene(
        const scene *scene, const script *script, const finding *findings)
{
    tell_head(scene, script);
    if (*script->about != '\0') {
        print_text(script->about, 0, 0);
        putchar('\n');
    }
    for (int i = 0; i < script->rung_count; i++)
        tell_rung(scene, script, i, &findings[i]);
    print_as(BOLD, "Rule: ");
    print_text(script->rule, 6, 2);
    putchar('\n');
}
