/*
 * A wakeup that is lost shows only where a thread waits without a deadline: a
 * time-out would hide it. So some rounds are patient, and have such calls. But
 * threads that act at random would soon wait for what nobody is going to bring.
 * So the model is asked: a patient plan is played in all the orders there are,
 * and changed a little while there is one in which threads are left waiting.
 */
#include "tests/stress/plan.h"

#include <string.h>

#include "tests/stress/visited.h"

/* --- Does it come to an end? --- */

typedef struct places {
    unsigned char of[THREADS_MAX]; /* how many calls each thread has made */
} places;

static uint64_t as_number(const places *at)
{
    uint64_t number = 0;
    for (int i = 0; i < THREADS_MAX; i++)
        number = number << 8 | at->of[i];
    return number;
}

/* Whether there is an order, from here, in which threads are left waiting; `at`
 * is then where they are. */
static bool can_get_stuck(
        const plan *p, const model *m, places *at, const state *s)
{
    bool all_ended = true, all_wait = true;
    if (!visited_add(as_number(at), s))
        return false;
    for (int i = 0; i < p->threads; i++) {
        if (at->of[i] == p->counts[i])
            continue;
        all_ended = false;
        const call *c = &p->calls[i][at->of[i]];
        state next = *s;
        result r;
        if (!m->step(&next, c, &r))
            continue;
        all_wait = false;
        bool is_made = !c->until_it_fails || r.error != 0;
        at->of[i] += is_made;
        if (can_get_stuck(p, m, at, &next))
            return true;
        at->of[i] -= is_made;
    }
    return all_wait && !all_ended;
}

/* --- Choosing a call --- */

/* Any verb, which is then taken as often as its weight says. */
static int choose_verb(const model *m, dice *d)
{
    int chosen;
    do
        chosen = 1 + (int)roll(d, (unsigned)m->verb_count - 1);
    while (roll(d, WEIGHT_MAX) >= m->verbs[chosen].weight);
    return chosen;
}

/* In most rounds all deadlines have passed: a round is as slow as its longest
 * wait, and many rounds are worth more than long ones. */
static void give_deadline(call *c, bool patient, dice *d)
{
    static const long deadlines_us[] = {0, 0, 0, 20, 150};
    c->form = UNTIL;
    c->deadline_us = deadlines_us[patient ? roll(d, 5) : 0];
}

static void choose_form(call *c, const verb *v, bool patient, dice *d)
{
    if (v->forms == ONE_FORM)
        return;
    if (patient && roll(d, 4) > 0)
        c->form = WAIT;
    else if (v->forms == THREE_FORMS && roll(d, 2) == 0)
        c->form = TRY;
    else
        give_deadline(c, patient, d);
}

/* Short ones, to shift the threads against each other. In a patient round also
 * long ones, which let the others come to where they sleep. */
static int choose_pause(bool patient, dice *d)
{
    enum { LONGEST_LOOP = 200, MANY_TURNS = 100 };
    if (patient && roll(d, 8) == 0)
        return -MANY_TURNS;
    switch (roll(d, 4)) {
    case 0:
        return -1;
    case 1:
        return (int)roll(d, LONGEST_LOOP);
    default:
        return 0;
    }
}

static call choose_call(const model *m, int thread, bool patient, dice *d)
{
    enum { NUMBERS = 4 };
    call c = {.thread = thread, .verb = choose_verb(m, d)};
    const verb *v = &m->verbs[c.verb];
    choose_form(&c, v, patient, d);
    if (v->takes == NUMBER)
        c.argument = (int)roll(d, NUMBERS);
    c.pause = choose_pause(patient, d);
    return c;
}

/* --- Choosing a plan --- */

/* Either another call is chosen anew, which may bring what is missing, or one
 * of those in which the threads wait there gets a deadline. */
static void help_one(plan *p, const model *m, const places *stuck, dice *d)
{
    int i = (int)roll(d, (unsigned)p->threads);
    int j = (int)roll(d, CALLS_A_ROUND / (unsigned)p->threads);
    if (roll(d, 4) > 0)
        p->calls[i][j] = choose_call(m, i + 1, true, d);
    else if (stuck->of[i] < p->counts[i])
        give_deadline(&p->calls[i][stuck->of[i]], true, d);
}

static void make_sure_it_ends(plan *p, const model *m, dice *d)
{
    for (;;) {
        places at = {{0}};
        visited_clear();
        if (!can_get_stuck(p, m, &at, &p->initial))
            break;
        help_one(p, m, &at, d);
    }
}

/* Items are all different. They are numbered last: as long as they are alike,
 * there are fewer states to be gone through. */
static void number_items(plan *p, const model *m, dice *d)
{
    bool taken[ITEMS_END] = {false};
    for (int i = 0; i < p->threads; i++) {
        for (int j = 0; j < p->counts[i]; j++) {
            call *c = &p->calls[i][j];
            if (m->verbs[c->verb].takes != ITEM)
                continue;
            do
                c->argument = FIRST_ITEM + (int)roll(d, ITEMS_END - FIRST_ITEM);
            while (taken[c->argument]);
            taken[c->argument] = true;
        }
    }
}

static void choose_calls(plan *p, const model *m, int i, bool patient, dice *d)
{
    call *calls = p->calls[i];
    int count = 0;
    while (count < CALLS_A_ROUND / p->threads)
        calls[count++] = choose_call(m, i + 1, patient, d);
    if (m->own_end.verb != 0) {
        calls[count] = m->own_end;
        calls[count++].thread = i + 1;
    }
    p->counts[i] = count;
}

void plan_choose(plan *p, const model *m, int threads, dice *d)
{
    memset(p, 0, sizeof *p); /* the state is compared byte by byte */
    p->threads = threads;
    if (threads > 2)
        p->threads = 2 + (int)roll(d, (unsigned)threads - 1);
    bool patient = roll(d, 3) == 0;
    if (m->begin != NULL)
        m->begin(m, &p->initial, d);
    for (int i = 0; i < p->threads; i++)
        choose_calls(p, m, i, patient, d);
    if (patient)
        make_sure_it_ends(p, m, d);
    number_items(p, m, d);
}
