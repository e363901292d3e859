/*
 * Tells a scene: the promise, and for each rung the code, what luck shows, the
 * simplest run that fails, and why; for a fix, in how many orders it is right;
 * at the end the rule.
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

void tell_question(const question *q)
{
    print_as(BOLD, "Question: ");
    print_text(q->text, 10, 2);
    for (int i = 0; i < q->answer_count; i++) {
        printf("  %c) ", 'a' + i);
        print_text(q->answers[i].text, 5, 5);
    }
    putchar('\n');
}

void tell_answers(const question *q)
{
    for (int i = 0; i < q->answer_count; i++) {
        const answer *a = &q->answers[i];
        int at = printf("  %c) %s: ", 'a' + i, a->is_right ? "yes" : "no");
        print_text(a->remark, at, 5);
    }
    putchar('\n');
}

void tell_questions(const preface *p)
{
    for (int i = 0; i < p->question_count; i++) {
        tell_question(&p->questions[i]);
        tell_answers(&p->questions[i]);
    }
    tell_next(p);
}

void tell_next(const preface *p)
{
    print_as(BOLD, "Next: ");
    print_text(p->next, 6, 2);
}

const char *verdict_in_words(explorer_verdict verdict)
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
    return words[verdict];
}

void tell_head(const ladder *l)
{
    const char *scene = l->scene->name;
    print_as(BOLD, "%s / %s: ", this_lesson.name, scene);
    int at = (int)(strlen(this_lesson.name) + strlen(scene)) + 5;
    print_text(l->script->promise, at, 2);
    if (l->scene->is_further)
        printf("(further reading)\n");
    putchar('\n');
}

void tell_code(const ladder *l, int rung)
{
    const passage *p = &l->script->rungs[rung];
    bool is_fix = l->scene->rungs[rung].verdict == EXPLORER_OK;
    print_as(is_fix ? GREEN : RED, "%s: ", p->kind);
    print_text(p->title, (int)strlen(p->kind) + 2, 2);
    putchar('\n');
    print_code(l->script, p);
    putchar('\n');
}

static void tell_luck(const luck *luck)
{
    unsigned failures = luck->failures - luck->hangs;
    if (luck->runs == 0)
        return;
    if (luck->hangs > 0)
        printf("  luck: hung %u of %s", luck->hangs, with_commas(luck->runs));
    else
        printf("  luck: %s runs", with_commas(luck->runs));
    if (luck->hangs == 0 || failures > 0)
        printf("%s%s failure%s", luck->hangs > 0 ? ", and " : ": ",
                with_commas(failures), failures == 1 ? "" : "s");
    putchar('\n');
}

const char *orders_in_words(
        unsigned long some, unsigned long all, const char *that)
{
    static char text[80];
    if (all == 1)
        return "the only order there is";
    if (some == all && all == 2)
        snprintf(text, sizeof text, "both orders%s", that);
    else if (some == all)
        snprintf(text, sizeof text, "all %s orders%s", with_commas(all), that);
    else
        snprintf(text, sizeof text, "%s of the %s orders%s", with_commas(some),
                with_commas(all), that);
    return text;
}

/* "broken promise and data race, in 2 of the 4 orders; found in run 6" */
static void write_bug(char *to, size_t size, const rung *rung, const finding *f)
{
    explorer_verdict verdict = explorer_verdict_of(f->failing);
    unsigned long failing = explorer_failures(f->all);
    bool is_counted = explorer_is_complete(f->all) && failing > 0;
    snprintf(to, size, "%s%s%s%s; found in run %s", verdict_in_words(verdict),
            rung->races && verdict != EXPLORER_RACE ? " and data race" : "",
            is_counted ? ", in " : "",
            is_counted
                    ? orders_in_words(failing, explorer_executions(f->all), "")
                    : "",
            with_commas(explorer_found_after(f->failing)));
}

static void write_proof(
        char *to, size_t size, const rung *rung, const finding *f)
{
    unsigned long all = explorer_executions(f->all);
    if (is_as_stated(rung, f))
        snprintf(to, size, "right in %s",
                orders_in_words(all, all, " that differ"));
    else
        snprintf(to, size, "not proved, after %s orders", with_commas(all));
}

void tell_findings(const ladder *l, int rung)
{
    char orders[200];
    const finding *f = &l->findings[rung];
    tell_luck(&f->luck);
    (f->failing != NULL ? write_bug : write_proof)(
            orders, sizeof orders, &l->scene->rungs[rung], f);
    printf("  explorer: ");
    print_text(orders, 12, 4);
    putchar('\n');
}

void tell_run(const ladder *l, int rung)
{
    const struct rung *r = &l->scene->rungs[rung];
    const finding *f = &l->findings[rung];
    const explorer_result *failing = f->failing != NULL ? f->failing : f->all;
    if (explorer_verdict_of(failing) > EXPLORER_OK) {
        explorer_print_timeline(failing);
        const char *schedule = explorer_schedule(failing);
        printf("  replay: build/lessons/%s --scene %s --replay %s\n\n",
                this_lesson.name, r->name, *schedule == '\0' ? "''" : schedule);
    }
    if (!is_as_stated(r, f))
        print_as(RED, "  The lesson says: %s%s. It is not so.\n\n",
                verdict_in_words(r->verdict),
                r->races ? ", and a data race" : "");
}

void tell_why(const ladder *l, int rung)
{
    print_as(BOLD, "  Why: ");
    print_text(l->script->rungs[rung].why, 7, 2);
    putchar('\n');
}

void tell_rule(const ladder *l)
{
    print_as(BOLD, "Rule: ");
    print_text(l->script->rule, 6, 2);
    putchar('\n');
}

void tell_scene(const ladder *l)
{
    tell_head(l);
    if (*l->script->about != '\0') {
        print_text(l->script->about, 0, 0);
        putchar('\n');
    }
    for (int i = 0; i < l->script->rung_count; i++) {
        if (l->findings[i].all == NULL)
            continue;
        tell_code(l, i);
        tell_findings(l, i);
        tell_run(l, i);
        tell_why(l, i);
    }
    tell_rule(l);
}
