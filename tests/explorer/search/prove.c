/*
 * Source-DPOR with sleep sets (Abdulla, Aronis, Jonsson, Sagonas, POPL 2014):
 * whenever two steps that do not commute could have come the other way round,
 * the node before the first gets another thread to begin with; and a thread
 * that was explored sleeps until somebody does what does not commute with its
 * next step. Runs in which all who could go on are asleep are cut: an
 * equivalent run was seen.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/search/search.h"

/* Whether a step with that past comes after none of these threads' first. */
static bool is_initial(
        const clock_vector *before, set others, const uint32_t *first)
{
    for (; others != 0; others &= others - 1)
        if (before->at[first_of(others)] >= first[first_of(others)])
            return false;
    return true;
}

void search_reversible(
        uint32_t earlier, const thread *t, const clock_vector *before)
{
    node *n = &nodes[earlier];
    int other = past[earlier].thread;
    set known = n->todo | n->done | n->asleep;
    set initials = 0;
    static uint32_t first[MAX_THREADS]; /* of the threads in `seen` */
    set seen = 0;
    bool is_alone = true;
    for (uint32_t k = earlier + 1; k < run.step; k++) {
        int u = past[k].thread;
        if (seen & ONE(u) || past_clock[k].at[other] > earlier)
            continue;
        bool begins = is_initial(&past_clock[k], seen, first);
        seen |= ONE(u);
        first[u] = k + 1;
        if (u != t->id)
            is_alone = false;
        if (begins) {
            if (known & ONE(u))
                return;
            initials |= ONE(u);
        }
    }
    if (!(seen & ONE(t->id)) && is_initial(before, seen, first)) {
        if (known & ONE(t->id))
            return;
        /* It spins there, and what let it go on is what came after. */
        if (n->spins & ONE(t->id) && is_alone)
            return;
        initials |= ONE(t->id);
    }
    initials &= n->enabled;
    if (initials == 0)
        n->todo |= n->enabled;
    else if (initials & ONE(t->id))
        n->todo |= ONE(t->id);
    else
        n->todo |= initials & -initials;
}

/* Threads that could have gone on before the last step and that can no more,
 * in a way that no later step of theirs will tell. */
void note_disabled(set enabled)
{
    node *n = &nodes[run.step - 1];
    set lost = n->enabled & ~ONE(n->thread) & (~enabled | run.changed);
    for (; lost != 0; lost &= lost - 1) {
        int i = first_of(lost);
        const op *o = threads[i].op;
        bool is_told =
                is_lock(o->kind) && !o->is_timed && !(run.changed & ONE(i));
        if (!is_told && !(n->asleep & ONE(i)))
            n->todo |= ONE(i);
    }
}

/* Who sleeps after this step: those with whose next step it commutes. */
static set still_asleep(
        set asleep, const thread *t, const touch *touches, int count)
{
    set result_set = 0;
    for (asleep &= ~ONE(t->id); asleep != 0; asleep &= asleep - 1) {
        int i = first_of(asleep);
        touch theirs[4];
        int their_count = touches_of(&threads[i], theirs);
        bool is_dependent = their_count > 0 && theirs[0].kind == EXITS;
        for (int a = 0; a < count && !is_dependent; a++) {
            is_dependent = touches[a].kind == EXITS;
            for (int b = 0; b < their_count && !is_dependent; b++)
                is_dependent = depends(touches[a], theirs[b]);
        }
        if (!is_dependent)
            result_set |= ONE(i);
    }
    return result_set;
}

void search_stepped(const thread *t, const touch *touches, int count)
{
    const node *n = &nodes[run.step];
    set asleep = n->asleep | n->done;
    seek.next_asleep = asleep == 0 || run.is_stuck
                               ? 0
                               : still_asleep(asleep, t, touches, count);
}

/* Steps that this run did not come to, and that could have come earlier. */
void undone_compete(void)
{
    if (run.step > 0 && past[run.step - 1].kind == OP_EXIT)
        nodes[run.step - 1].todo |= nodes[run.step - 1].enabled;
    for (int i = 0; i < run.threads; i++) {
        thread *t = &threads[i];
        if (t->state != LIVE || t->op == NULL || t->spins || ways(t) > 0)
            continue;
        touch touches[4];
        if (is_lock(t->op->kind)) {
            int count = touches_of(t, touches);
            clocks_blocked(t, touches, count);
        }
    }
}

thread *choose_to_prove(set enabled, set chance)
{
    node *n = &nodes[run.step];
    set all = enabled | chance;
    if (run.step > 0 && run.step >= seek.prefix)
        note_disabled(all);
    if (run.step >= seek.prefix) {
        set awake = all & ~seek.next_asleep;
        n->run = run.number;
        n->enabled = all;
        n->asleep = seek.proves ? seek.next_asleep : 0;
        n->done = 0;
        n->spins = 0;
        for (int i = 0; i < run.threads; i++)
            if (threads[i].state == LIVE && threads[i].spins)
                n->spins |= ONE(i);
        if (options.mode == EXPLORER_BRUTE)
            awake = all;
        if (awake == 0) {
            seek.was_cut = true;
            seek.depth = run.step;
            run_ends();
        }
        if (awake & ~chance)
            awake &= ~chance;
        int self = run.self->id;
        if (run.is_slice_over && awake != ONE(self))
            awake &= ~ONE(self);
        set after = awake & ~(ONE(self) - 1);
        n->thread = (uint8_t)(after != 0 ? first_of(after) : first_of(awake));
        n->way = 0;
        n->todo = options.mode == EXPLORER_BRUTE ? all : ONE(n->thread);
    } else if (!(all & ONE(n->thread))) {
        search_diverged(run.self);
    }
    n->is_stuck = run.is_stuck;
    n->ways = (uint8_t)ways(&threads[n->thread]);
    return take(n->thread, way_of(&threads[n->thread], n->way));
}

thread *choose_unseen(set all)
{
    node *n = &nodes[run.step];
    const thread *self = run.self;
    if (run.step >= seek.prefix) {
        bool may_switch = self->state != LIVE || !(all & ONE(self->id)) ||
                          is_switching_point(self->op);
        n->todo = may_switch ? all : ONE(self->id);
        n->done = n->asleep = 0;
        n->thread = (uint8_t)first_of(n->todo);
        n->way = 0;
    } else if (!(all & ONE(n->thread))) {
        search_diverged(run.self);
    }
    n->ways = (uint8_t)ways(&threads[n->thread]);
    return take(n->thread, way_of(&threads[n->thread], n->way));
}

bool next_to_prove(void)
{
    while (seek.depth > 0) {
        node *n = &nodes[seek.depth - 1];
        if (n->thread != NOBODY && n->way + 1 < n->ways) {
            n->way++;
            seek.prefix = seek.depth;
            return true;
        }
        if (n->thread != NOBODY)
            n->done |= ONE(n->thread);
        set rest = n->todo & ~n->done & ~n->asleep;
        if (rest != 0) {
            n->thread = (uint8_t)first_of(rest);
            n->way = 0;
            seek.prefix = seek.depth;
            return true;
        }
        seek.depth--;
    }
    return false;
}
