/*
 * Who does the next step: each mode of the search answers in its own file, when
 * it is known who could.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/search/cycle.h"
#include "tests/explorer/search/search.h"

#include <stdio.h>
#include <string.h>

thread *take(int i, int way)
{
    threads[i].op->way = (unsigned char)way;
    return &threads[i];
}

/* Nobody can go on. Whose fault it is, the report will tell. */
static void end_blocked(void)
{
    bool is_lost = false, spins = false, is_live = false, is_endless = false;
    for (int i = 0; i < run.threads; i++) {
        const thread *t = &threads[i];
        if (t->state == STOPPED)
            return; /* it failed, and the others wait for it */
        if (t->state != LIVE)
            continue;
        is_live = true;
        spins |= t->spins && t->read_count > t->spin_from;
        is_endless |= t->spins && t->read_count == t->spin_from;
        if (t->op->kind == OP_WAITING) {
            const condition *c = (const condition *)t->op->address;
            is_lost |= c->early != 0 && c->early < t->waits_since;
        }
    }
    if (is_endless) /* it looks at nothing, so it waits for nothing */
        seek.was_endless = seek.was_cut = true;
    else if (spins)
        fail(EXPLORER_LIVELOCK, "threads spin for ever");
    else if (is_lost)
        fail(EXPLORER_LOST_WAKEUP, "a signal came before the wait");
    else if (is_live)
        fail(EXPLORER_DEADLOCK, "nobody can go on");
}

static bool looks_for_cycles(void)
{
    return cycle_is_possible &&
           (seek.is_forced || seek.seeks_cycles || seek.proves ||
                   options.mode == EXPLORER_RANDOM);
}

/* One thread that changes nothing: it will be seen as spinning. */
static bool is_spinning_alone(void)
{
    return (cycle_moves & (cycle_moves - 1)) == 0 &&
           threads[first_of(cycle_moves)].stretch_from <= cycle_begins;
}

/* Nobody tries in vain, and each who moves gets something that it waits for: so
 * it is meant to go on for ever. */
static bool is_at_work(void)
{
    set served = 0;
    for (uint32_t i = cycle_begins; i < run.step; i++) {
        op_kind kind = past[i].kind;
        touch_kind touched =
                past[i].touch_count > 0 ? past[i].touches[0].kind : READS;
        if (touched == FINDS_LOCKED || touched == FINDS_SHARED ||
                touched == FINDS_QUEUE || kind == OP_TRYJOIN)
            return false;
        if (is_lock(kind) || kind == OP_SLEEPING || kind == OP_ARRIVE)
            served |= ONE(past[i].thread);
    }
    return (cycle_moves & ~served) == 0;
}

/* What follows has been seen. */
static void end_endless_round(void)
{
    if (seek.is_forced)
        return;
    seek.was_endless = true;
    seek.was_cut = true;
    seek.depth = run.step;
    run_ends();
}

static void look_for_cycle(set enabled)
{
    round_kind round = cycle_look(enabled);
    if (round == FAIR_ROUND && is_spinning_alone())
        round = NO_ROUND;
    if (seek.is_forced && forced_goes_on())
        return; /* this run leaves it again */
    if (round == FAIR_ROUND && is_at_work()) {
        end_endless_round();
        return;
    }
    if (round == FAIR_ROUND) {
        char who[128] = "";
        for (set s = cycle_moves; s != 0; s &= s - 1) {
            size_t used = strlen(who);
            snprintf(who + used, sizeof who - used, "%s%s",
                    used == 0     ? ""
                    : s & (s - 1) ? ", "
                                  : " and ",
                    thread_name(first_of(s)));
        }
        fail(EXPLORER_LIVELOCK, "%s can go round like this for ever", who);
        seek.is_round = true;
        seek.depth = run.step;
        run_ends();
    }
    bool is_given = run.step < seek.prefix;
    if (seek.seeks_cycles && !is_given &&
            (round == UNFAIR_ROUND || cycle_was_seen())) {
        seek.was_cut = true;
        seek.depth = run.step;
        run_ends();
    }
}

/* As in the run before: nothing needs to be worked out. */
static thread *choose_again(void)
{
    const node *n = &nodes[run.step];
    thread *t = &threads[n->thread];
    if (options.mode == EXPLORER_FIND && !seek.proves) {
        if (n->picks > 1 && seek.delays == seek.bound)
            seek.could_delay_more = true;
        seek.delays += n->pick;
    }
    if (t->state != LIVE)
        search_diverged(t);
    t->spins = false;
    run.is_stuck = n->is_stuck;
    run.is_first_part = true;
    return take(n->thread, past[run.step].way);
}

/* Whether there is nothing to choose: a run by delays, or at random, is at a
 * step before which it never switches, or one that follows a schedule is at a
 * step of which the schedule says nothing. */
static bool just_goes_on(void)
{
    const thread *t = run.self;
    if (t->state != LIVE || t->spins || seek.seeks_cycles ||
            run.is_slice_over || seek.is_played)
        return false;
    if (seek.is_forced)
        return !cycle_is_possible && !forced_is_due() &&
               is_never_asked(t->op->kind);
    if (seek.proves || is_switching_point(t->op))
        return false;
    if (options.mode == EXPLORER_RANDOM)
        return !cycle_is_possible; /* its rounds are made of all steps */
    return options.mode == EXPLORER_FIND && run.step >= seek.prefix;
}

static thread *go_on(void)
{
    thread *t = run.self;
    seek.depth = run.step + 1;
    run.is_stuck = false;
    if (options.mode == EXPLORER_FIND) {
        node *n = &nodes[run.step];
        n->thread = (uint8_t)t->id;
        n->pick = 0;
        n->picks = 1;
        n->is_stuck = false;
    }
    return take(t->id, WAY_DONE);
}

static void end_if_asked_to(void)
{
    if (must_stop(1023))
        run_ends();
}

static void end_if_too_long(void)
{
    if (run.step >= options.max_steps) {
        seek.was_too_long = true;
        seek.depth = run.step;
        run_ends();
    }
    if ((run.step & 1023) == 1023 && !seek.is_forced)
        end_if_asked_to();
}

/* Who could go on; in `chance`, whom only a wakeup without a cause lets. Time
 * passes when nobody can. */
static set who_could(set *chance)
{
    set enabled = 0;
    run.is_stuck = false;
    for (int again = 0; again < 2 && enabled == 0; again++) {
        *chance = 0;
        run.is_stuck = again == 1;
        for (int i = 0; i < run.threads; i++) {
            thread *t = &threads[i];
            if (t->state != LIVE || ways(t) == 0)
                continue;
            if (is_only_spurious(t))
                *chance |= ONE(i);
            else
                enabled |= ONE(i);
        }
    }
    return enabled;
}

/* A run ends where only a wakeup without a cause could let it go on, unless
 * that is what it is to try. */
static bool goes_on_by_chance(set chance)
{
    if (seek.is_forced)
        return forced_goes_on() && chance != 0;
    return run.step < seek.prefix &&
           (seek.proves || options.mode != EXPLORER_FIND) &&
           nodes[run.step].thread != NOBODY;
}

static void nobody_goes_on(set chance)
{
    if (run.step > 0 && search_is_proving() && run.step >= seek.prefix)
        note_disabled(chance);
    nodes[run.step] = (node){.thread = NOBODY,
            .todo = chance,
            .enabled = chance,
            .asleep = search_is_proving() ? seek.next_asleep : 0};
    end_blocked();
    run_ends();
}

/* Without it, two loops of a hundred thousand rounds would never meet. */
static void look_at_slice(void)
{
    enum { SLICE = 2000 };
    run.is_slice_over = run.step - run.slice_began >= SLICE;
    if (run.is_slice_over)
        run.slice_began = run.step;
}

static bool is_given(void)
{
    return seek.given != NULL && !seek.is_forced &&
           run.step < seek.given->count;
}

/* A node with nothing else to try. */
static thread *choose_given(void)
{
    const turn *step = &seek.given->turns[run.step];
    nodes[run.step] = (node){.thread = step->thread,
            .ways = 1,
            .is_stuck = run.is_stuck,
            .run = run.number,
            .picks = 1,
            .enabled = ONE(step->thread),
            .done = ONE(step->thread)};
    if (threads[step->thread].state != LIVE)
        search_diverged(&threads[step->thread]);
    return take(step->thread, step->way);
}

static thread *choose_by_mode(set enabled, set chance)
{
    if (is_given())
        return choose_given();
    if (looks_for_cycles())
        look_for_cycle(enabled);
    if (seek.is_played)
        return choose_played(enabled | chance);
    if (seek.is_forced)
        return choose_forced(enabled | chance, enabled == 0);
    if (seek.seeks_cycles)
        return choose_unseen(enabled | chance);
    if (options.mode == EXPLORER_FIND && !seek.proves)
        return choose_by_delays(enabled | chance);
    if (options.mode == EXPLORER_RANDOM)
        return choose_at_random(enabled, chance);
    return choose_to_prove(enabled, chance);
}

thread *search_choose(void)
{
    set chance = 0;
    look_at_slice();
    if (run.ends_now)
        run_ends();
    if (run.step + 1 < seek.prefix && !seek.is_forced && !seek.seeks_cycles)
        return choose_again();
    run.is_first_part = false;
    end_if_too_long();
    if (!is_given() && just_goes_on())
        return go_on();
    if (options.mode == EXPLORER_RANDOM && !seek.is_forced) {
        thread *t = choose_quickly();
        if (t != NULL)
            return t;
    }
    set enabled = who_could(&chance);
    seek.depth = run.step + 1;
    if (enabled == 0 && !goes_on_by_chance(chance))
        nobody_goes_on(chance);
    return choose_by_mode(enabled, chance);
}
