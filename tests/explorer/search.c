/*
 * prove is source-DPOR with sleep sets (Abdulla, Aronsson, Jonsson, Sagonas,
 * POPL 2014): whenever two steps that do not commute could have come the other
 * way round, the node before the first gets another thread to begin with; and
 * a thread that was explored sleeps until somebody does what does not commute
 * with its next step. Runs in which all who could go on are asleep are cut:
 * an equivalent run was seen.
 *
 * find goes by delays (Emmi, Qadeer, Rakamaric, POPL 2011): the default order
 * runs a thread until it blocks, and a delay passes over the thread whose turn
 * it is. First all runs without a delay, then with one, and so on.
 */
#include "search.h"
#include "clocks.h"
#include "cycle.h"
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

typedef struct node {
    uint8_t thread;    /* who did the step; NOBODY: all were blocked */
    uint8_t way, ways; /* the number of its choice, of how many */
    bool is_stuck;
    uint16_t pick, picks; /* find: which of the turns that could be taken */
    set enabled, todo, done, asleep, spins;
} node;

static node *nodes;
static uint32_t depth;  /* nodes of the last run */
static uint32_t prefix; /* nodes of this run that are given */
static set next_asleep; /* for the node that comes */
static explorer_result *result;
static uint32_t max_steps;
static bool was_cut; /* all who could go on are asleep */
static bool was_too_long, was_any_too_long;
static bool was_any_round;
static bool is_round; /* this run came back to a state it had been in */
static unsigned bound, delays; /* find */
static bool could_delay_more, found_racy_place;
static bool is_forced; /* the run follows `wanted`, then the default order */
static schedule wanted, taken;
static size_t wanted_at;
static bool is_strict;
static bool seeks_cycles; /* goes through all states, not all runs */

bool search_analyses;

/* --- Places where a data race was seen; find may switch there too ----------*/

enum { RACY_PLACES = 1024 };
static uintptr_t racy[RACY_PLACES];
static size_t racy_count;

static bool is_racy(uintptr_t pc)
{
    for (size_t i = 0; i < racy_count; i++)
        if (racy[i] == pc)
            return true;
    return false;
}

static void add_racy(uintptr_t pc)
{
    if (!is_racy(pc) && racy_count < RACY_PLACES) {
        racy[racy_count++] = pc;
        found_racy_place = true;
    }
}

/* The first race of this run. */
static bool run_has_race;
static uint32_t run_race[2];

void search_found_race(uint32_t earlier, const op *later)
{
    add_racy(past[earlier].pc);
    add_racy(later->pc);
    result->has_race = true;
    if (run_has_race)
        return;
    run_has_race = true;
    run_race[0] = earlier;
    run_race[1] = run.step;
    fail(EXPLORER_RACE, "%s and %s use the same memory at the same time",
            thread_name(past[earlier].thread), thread_name(run.self->id));
}

void search_weak(void)
{
    result->is_weak = true;
}

void search_diverged(const thread *t, const op *o)
{
    (void)o;
    refuse("the program is not the same in every run: at step %u thread %s "
           "does something else than before, after the same steps",
            run.step + 1, thread_name(t->id));
}

/* --- prove -----------------------------------------------------------------*/

static bool proves(void)
{
    return options.mode == EXPLORER_PROVE && !is_forced;
}

void search_reversible(
        uint32_t earlier, const thread *t, const clock_vector *before)
{
    if (!proves())
        return;
    node *n = &nodes[earlier];
    int other = past[earlier].thread;
    set known = n->todo | n->done | n->asleep;
    set initials = 0;
    uint32_t first[MAX_THREADS];
    set seen = 0;
    bool is_alone = true;
    for (uint32_t k = earlier + 1; k < run.step; k++) {
        int u = past[k].thread;
        if (seen & ONE(u) || past_clock[k].at[other] > earlier)
            continue;
        bool is_initial = true;
        for (set s = seen; s != 0 && is_initial; s &= s - 1) {
            int w = first_of(s);
            is_initial = past_clock[k].at[w] < first[w];
        }
        seen |= ONE(u);
        first[u] = k + 1;
        if (u != t->id)
            is_alone = false;
        if (is_initial) {
            if (known & ONE(u))
                return;
            initials |= ONE(u);
        }
    }
    if (!(seen & ONE(t->id))) {
        bool is_initial = true;
        for (set s = seen; s != 0 && is_initial; s &= s - 1) {
            int w = first_of(s);
            is_initial = before->at[w] < first[w];
        }
        if (is_initial) {
            if (known & ONE(t->id))
                return;
            /* It spins there, and what let it go on is what came after. */
            if (n->spins & ONE(t->id) && is_alone)
                return;
            initials |= ONE(t->id);
        }
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
static void note_disabled(set enabled)
{
    node *n = &nodes[run.step - 1];
    set lost = n->enabled & ~ONE(n->thread) & (~enabled | run.changed);
    for (; lost != 0; lost &= lost - 1) {
        int i = first_of(lost);
        const op *o = threads[i].op;
        bool is_told = (o->kind == OP_LOCK || o->kind == OP_TAKE) &&
                       !o->is_timed && !(run.changed & ONE(i));
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
        bool is_dependent = threads[i].op->kind == OP_EXIT;
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
    if (!proves() || run.is_first_part)
        return;
    const node *n = &nodes[run.step];
    set asleep = n->asleep | n->done;
    next_asleep = asleep == 0 || run.is_stuck
                          ? 0
                          : still_asleep(asleep, t, touches, count);
}

/* Steps that this run did not come to, and that could have come earlier. */
static void undone_compete(void)
{
    if (run.step > 0 && past[run.step - 1].kind == OP_EXIT)
        nodes[run.step - 1].todo |= nodes[run.step - 1].enabled;
    for (int i = 0; i < run.threads; i++) {
        thread *t = &threads[i];
        if (t->state != LIVE || t->op == NULL || t->spins || ways(t) > 0)
            continue;
        touch touches[4];
        if (t->op->kind == OP_LOCK || t->op->kind == OP_TAKE) {
            int count = touches_of(t, touches);
            clocks_blocked(t, touches, count);
        }
    }
}

/* --- Ends ------------------------------------------------------------------*/

static const char *waits_for(const thread *t, char *text, size_t room)
{
    const op *o = t->op;
    switch (o->kind) {
    case OP_LOCK: {
        uint32_t owner = ((const mutex *)o->address)->owner;
        if (owner == (uint32_t)t->id + 1)
            snprintf(text, room, "%s wants a mutex that it holds itself",
                    thread_name(t->id));
        else
            snprintf(text, room, "%s wants a mutex that %s holds",
                    thread_name(t->id),
                    owner == 0 ? "nobody" : thread_name((int)owner - 1));
        break;
    }
    case OP_JOIN:
        snprintf(text, room, "%s waits for %s to end", thread_name(t->id),
                thread_name((int)o->value));
        break;
    case OP_TAKE:
        snprintf(text, room, "%s waits for a semaphore", thread_name(t->id));
        break;
    default:
        snprintf(text, room, "%s waits for a signal", thread_name(t->id));
    }
    return text;
}

/* Nobody can go on. */
static void end_blocked(void)
{
    char text[64], all[256] = "";
    bool is_lost = false, spins = false;
    int live = 0, stopped = 0;
    for (int i = 0; i < run.threads; i++) {
        const thread *t = &threads[i];
        stopped += t->state == STOPPED;
        if (t->state != LIVE)
            continue;
        live++;
        spins |= t->spins;
        if (t->op->kind == OP_WAITING) {
            const condition *c = (const condition *)t->op->address;
            is_lost |= c->early != 0 && c->early < t->waits_since;
        }
        size_t used = strlen(all);
        if (t->spins)
            snprintf(text, sizeof text, "%s spins", thread_name(i));
        else
            waits_for(t, text, sizeof text);
        snprintf(all + used, sizeof all - used, "%s%s", used == 0 ? "" : ", ",
                text);
    }
    if (live == 0) {
        return;
    }
    if (stopped > 0)
        return;
    if (spins)
        fail(EXPLORER_LIVELOCK, "for ever: %s", all);
    else if (is_lost)
        fail(EXPLORER_LOST_WAKEUP, "the signal came too early: %s", all);
    else
        fail(EXPLORER_DEADLOCK, "%s", all);
}

/* --- The default order -----------------------------------------------------*/

typedef struct candidate_turn {
    uint8_t thread, way;
} candidate_turn;

static candidate_turn turns[MAX_THREADS * 4];
static int turn_count;

static void add_turns(int i, set which)
{
    if (!(which & ONE(i)))
        return;
    int n = ways(&threads[i]);
    for (int k = 0; k < n; k++)
        turns[turn_count++] =
                (candidate_turn){(uint8_t)i, (uint8_t)way_of(&threads[i], k)};
}

/* The thread that runs goes on; when it cannot, or yields, the next; what
 * only time or chance lets go on comes last. */
static void order_turns(set enabled)
{
    set reluctant = 0;
    for (set s = enabled; s != 0; s &= s - 1)
        if (is_reluctant(&threads[first_of(s)]))
            reluctant |= s & -s;
    int self = run.self->id;
    bool yields = run.self->state == LIVE && run.self->op->kind == OP_YIELD;
    turn_count = 0;
    for (int pass = 0; pass < 2; pass++) {
        set which = pass == 0 ? enabled & ~reluctant : reluctant;
        if (!yields)
            add_turns(self, which);
        for (int i = self + 1; i < run.threads; i++)
            add_turns(i, which);
        for (int i = 0; i < self; i++)
            add_turns(i, which);
        if (yields)
            add_turns(self, which);
    }
}

static bool is_switching_point(const op *o)
{
    switch (o->kind) {
    case OP_READ:
    case OP_WRITE:
        return is_racy(o->pc);
    case OP_CREATE:
    case OP_DETACH:
        return false;
    default:
        return true;
    }
}

static thread *take(int i, int way)
{
    threads[i].op->way = (unsigned char)way;
    return &threads[i];
}

static void push_turn(schedule *s, turn t)
{
    if (s->count == s->room) {
        s->room = s->room == 0 ? 16 : 2 * s->room;
        s->turns = realloc(s->turns, s->room * sizeof *s->turns);
    }
    s->turns[s->count++] = t;
}

/* What this run did differently from the default order. */
static void note_turn(const thread *t)
{
    if (turns[0].thread != t->id || turns[0].way != t->op->way)
        push_turn(&taken, (turn){run.step, (uint8_t)t->id, t->op->way});
}

static bool is_among(int id, int way)
{
    for (int i = 0; i < turn_count; i++)
        if (turns[i].thread == id && turns[i].way == way)
            return true;
    return false;
}

static thread *choose_forced(set enabled)
{
    order_turns(enabled);
    candidate_turn c = turns[0];
    while (wanted_at < wanted.count &&
            wanted.turns[wanted_at].step <= run.step) {
        const turn *w = &wanted.turns[wanted_at++];
        if (w->step < run.step)
            continue;
        if (is_among(w->thread, w->way))
            c = (candidate_turn){w->thread, w->way};
        else if (is_strict)
            refuse("the schedule does not fit: step %u should be done by %s, "
                   "which cannot go on there",
                    run.step + 1, thread_name(w->thread));
    }
    thread *t = take(c.thread, c.way);
    note_turn(t);
    return t;
}

static thread *choose_by_delays(set enabled)
{
    node *n = &nodes[run.step];
    order_turns(enabled);
    if (run.step >= prefix) {
        n->pick = 0;
        bool may_switch = run.self->state != LIVE ||
                          turns[0].thread != run.self->id ||
                          is_switching_point(run.self->op);
        n->picks = (uint16_t)(may_switch ? turn_count : 1);
    } else if (n->pick >= turn_count) {
        search_diverged(run.self, run.self->op);
    }
    if (n->picks > 1 && delays == bound)
        could_delay_more = true;
    delays += n->pick;
    n->thread = turns[n->pick].thread;
    n->is_stuck = run.is_stuck;
    return take(n->thread, turns[n->pick].way);
}

static thread *choose_to_prove(set enabled, set chance)
{
    node *n = &nodes[run.step];
    set all = enabled | chance;
    if (run.step > 0 && run.step >= prefix)
        note_disabled(all);
    if (run.step >= prefix) {
        set awake = all & ~next_asleep;
        n->enabled = all;
        n->asleep = options.mode == EXPLORER_PROVE ? next_asleep : 0;
        n->done = 0;
        n->spins = 0;
        for (int i = 0; i < run.threads; i++)
            if (threads[i].state == LIVE && threads[i].spins)
                n->spins |= ONE(i);
        if (options.mode == EXPLORER_BRUTE)
            awake = all;
        if (awake == 0) {
            was_cut = true;
            depth = run.step;
            run_ends();
        }
        if (awake & ~chance)
            awake &= ~chance;
        int self = run.self->id;
        set after = awake & ~(ONE(self) - 1);
        n->thread = (uint8_t)(after != 0 ? first_of(after) : first_of(awake));
        n->way = 0;
        n->todo = options.mode == EXPLORER_BRUTE ? all : ONE(n->thread);
    } else if (!(all & ONE(n->thread))) {
        search_diverged(run.self, run.self->op);
    }
    n->is_stuck = run.is_stuck;
    n->ways = (uint8_t)ways(&threads[n->thread]);
    return take(n->thread, way_of(&threads[n->thread], n->way));
}

static void out_of_time(void);

/* --- Rounds ----------------------------------------------------------------*/

static bool looks_for_cycles(void)
{
    return cycle_is_possible &&
           (is_forced || seeks_cycles || options.mode == EXPLORER_PROVE);
}

/* One thread that changes nothing: it will be seen as spinning. */
static bool is_spinning_alone(void)
{
    return (cycle_moves & (cycle_moves - 1)) == 0 &&
           threads[first_of(cycle_moves)].stretch_from <= cycle_begins;
}

static void look_for_cycle(set enabled)
{
    round_kind round = cycle_look(enabled);
    if (round == FAIR_ROUND && is_spinning_alone())
        round = NO_ROUND;
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
        is_round = true;
        depth = run.step;
        run_ends();
    }
    bool is_given = run.step < prefix;
    if (seeks_cycles && !is_given &&
            (round == UNFAIR_ROUND || cycle_was_seen())) {
        was_cut = true;
        depth = run.step;
        run_ends();
    }
}

static thread *choose_unseen(set all)
{
    node *n = &nodes[run.step];
    const thread *self = run.self;
    if (run.step >= prefix) {
        bool may_switch = self->state != LIVE || !(all & ONE(self->id)) ||
                          is_switching_point(self->op);
        n->todo = may_switch ? all : ONE(self->id);
        n->done = n->asleep = 0;
        n->thread = (uint8_t)first_of(n->todo);
        n->way = 0;
    } else if (!(all & ONE(n->thread))) {
        search_diverged(run.self, run.self->op);
    }
    n->ways = (uint8_t)ways(&threads[n->thread]);
    return take(n->thread, way_of(&threads[n->thread], n->way));
}

/* As in the run before: nothing needs to be worked out. */
static thread *choose_again(void)
{
    const node *n = &nodes[run.step];
    thread *t = &threads[n->thread];
    if (options.mode == EXPLORER_FIND) {
        if (n->picks > 1 && delays == bound)
            could_delay_more = true;
        delays += n->pick;
    }
    if (t->state != LIVE)
        search_diverged(t, NULL);
    t->spins = false;
    run.is_stuck = n->is_stuck;
    run.is_first_part = true;
    return take(n->thread, past[run.step].way);
}

thread *search_choose(void)
{
    if (run.step + 1 < prefix && !is_forced && !seeks_cycles)
        return choose_again();
    run.is_first_part = false;
    if (run.step >= max_steps) {
        was_too_long = true;
        depth = run.step;
        run_ends();
    }
    if ((run.step & 1023) == 1023)
        out_of_time();
    set enabled = 0, chance = 0;
    run.is_stuck = false;
    for (int again = 0; again < 2 && enabled == 0; again++) {
        chance = 0;
        run.is_stuck = again == 1;
        for (int i = 0; i < run.threads; i++) {
            thread *t = &threads[i];
            if (t->state != LIVE || ways(t) == 0)
                continue;
            if (is_only_spurious(t))
                chance |= ONE(i);
            else
                enabled |= ONE(i);
        }
    }
    depth = run.step + 1;
    if (enabled == 0) {
        node *n = &nodes[run.step];
        bool goes_on = run.step < prefix && !is_forced &&
                       options.mode != EXPLORER_FIND && n->thread != NOBODY;
        if (is_forced)
            goes_on = wanted_at < wanted.count && chance != 0;
        if (!goes_on) {
            if (run.step > 0 && proves() && run.step >= prefix)
                note_disabled(chance);
            *n = (node){.thread = NOBODY,
                    .todo = chance,
                    .enabled = chance,
                    .asleep = proves() ? next_asleep : 0};
            end_blocked();
            run_ends();
        }
    }
    if (looks_for_cycles())
        look_for_cycle(enabled);
    if (is_forced)
        return choose_forced(enabled | chance);
    if (seeks_cycles)
        return choose_unseen(enabled | chance);
    if (options.mode == EXPLORER_FIND)
        return choose_by_delays(enabled | chance);
    return choose_to_prove(enabled, chance);
}

/* --- The next run ----------------------------------------------------------*/

static bool next_to_prove(void)
{
    while (depth > 0) {
        node *n = &nodes[depth - 1];
        if (n->thread != NOBODY && n->way + 1 < n->ways) {
            n->way++;
            prefix = depth;
            return true;
        }
        if (n->thread != NOBODY)
            n->done |= ONE(n->thread);
        set rest = n->todo & ~n->done & ~n->asleep;
        if (rest != 0) {
            n->thread = (uint8_t)first_of(rest);
            n->way = 0;
            prefix = depth;
            return true;
        }
        depth--;
    }
    return false;
}

static bool next_by_delays(void)
{
    unsigned used = 0;
    for (uint32_t i = 0; i < depth; i++)
        used += nodes[i].pick;
    for (; depth > 0; depth--) {
        node *n = &nodes[depth - 1];
        used -= n->pick;
        if (n->thread != NOBODY && n->pick + 1 < n->picks &&
                used + n->pick + 1 <= bound) {
            n->pick++;
            prefix = depth;
            return true;
        }
    }
    return false;
}

/* --- Schedules as text -----------------------------------------------------*/

/* 3B: thread B does step 3. 7A.2: in its third way. Joined by commas. */
static char *write_schedule(const schedule *s)
{
    char *text = malloc(s->count * 20 + 1);
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < s->count; i++) {
        const turn *t = &s->turns[i];
        used += (size_t)sprintf(text + used, "%s%u%s", i == 0 ? "" : ",",
                t->step + 1, t->thread == 0 ? "m" : thread_name(t->thread));
        if (t->way != 0)
            used += (size_t)sprintf(text + used, ".%u", t->way);
    }
    return text;
}

static bool read_turn(const char **text, turn *t)
{
    char *end;
    unsigned long number = strtoul(*text, &end, 10);
    if (end == *text || number == 0)
        return false;
    t->step = (uint32_t)number - 1;
    t->way = 0;
    int id = -1;
    for (int i = MAX_THREADS - 1; i >= 0 && id < 0; i--) {
        const char *name = i == 0 ? "m" : thread_name(i);
        size_t length = strlen(name);
        if (strncmp(end, name, length) == 0) {
            id = i;
            end += length;
        }
    }
    if (id < 0)
        return false;
    t->thread = (uint8_t)id;
    if (*end == '.')
        t->way = (uint8_t)strtoul(end + 1, &end, 10);
    *text = end;
    return true;
}

bool schedule_is_readable(const char *text)
{
    wanted.count = 0;
    while (*text != '\0') {
        turn t;
        if (!read_turn(&text, &t))
            return false;
        push_turn(&wanted, t);
        if (*text == ',')
            text++;
        else if (*text != '\0')
            return false;
    }
    return true;
}

/* --- Searching -------------------------------------------------------------*/

static struct timespec began;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - began.tv_sec) +
           (double)(now.tv_nsec - began.tv_nsec) / 1e9;
}

static bool is_out_of_time;

static void out_of_time(void)
{
    if (options.max_seconds > 0 && seconds() > options.max_seconds) {
        is_out_of_time = true;
        run_ends();
    }
}

/* The best failing run so far. */
static explorer_verdict best_verdict;
static schedule best;
static uint32_t best_steps;

/* The whole of this run, as turns that each name their thread. */
static void copy_run(schedule *to)
{
    to->count = 0;
    for (uint32_t i = 0; i < run.step; i++)
        push_turn(to, (turn){i, past[i].thread, past[i].way});
}

static void add_outcome(const char *text)
{
    size_t at = 0;
    while (at < result->outcome_count && strcmp(result->outcomes[at], text) < 0)
        at++;
    if (at < result->outcome_count && strcmp(result->outcomes[at], text) == 0)
        return;
    result->outcomes = realloc(result->outcomes,
            (result->outcome_count + 1) * sizeof *result->outcomes);
    memmove(&result->outcomes[at + 1], &result->outcomes[at],
            (result->outcome_count - at) * sizeof *result->outcomes);
    result->outcomes[at] = strdup(text);
    result->outcome_count++;
}

static void one_run(void (*scenario)(void))
{
    was_cut = false;
    was_too_long = false;
    is_round = false;
    next_asleep = 0;
    delays = 0;
    wanted_at = 0;
    taken.count = 0;
    run_has_race = false;
    search_analyses = proves();
    model_run(scenario);
}

static void keep_if_best(void)
{
    if (run.verdict <= EXPLORER_OK || run.verdict < best_verdict)
        return;
    if (run.verdict == best_verdict && best_steps <= run.failed_step)
        return;
    best_verdict = run.verdict;
    best_steps = run.failed_step;
    copy_run(&best);
}

static void count_run(void)
{
    if (was_too_long || run.is_endless)
        was_any_too_long = true;
    if (is_round)
        was_any_round = true;
    if (was_too_long || was_cut) {
        result->cut++;
    } else if (!is_out_of_time) {
        result->executions++;
        if (run.has_outcome)
            add_outcome(run.outcome);
    }
    keep_if_best();
}

static bool is_over_limit(unsigned long limit)
{
    if ((result->executions & 127) == 0 && options.max_seconds > 0 &&
            seconds() > options.max_seconds)
        is_out_of_time = true;
    return is_out_of_time ||
           (limit != 0 && result->executions + result->cut >= limit);
}

/* More is shared than was known: what was seen counts for nothing. */
static void begin_again(void)
{
    prefix = 0;
    depth = 0;
    could_delay_more = false;
    best_verdict = EXPLORER_NONE;
    was_any_too_long = was_any_round = false;
    result->executions = result->cut = 0;
    result->has_race = result->is_weak = false;
    while (result->outcome_count > 0)
        free(result->outcomes[--result->outcome_count]);
}

static void search_all(void (*scenario)(void))
{
    begin_again();
    for (;;) {
        one_run(scenario);
        if (memory_shares_more()) {
            begin_again();
            continue;
        }
        if (proves())
            undone_compete();
        count_run();
        bool is_enough =
                (options.stop_at_first && best_verdict > EXPLORER_RACE) ||
                run.is_endless;
        bool is_over = is_enough || is_over_limit(options.max_executions);
        if (!next_to_prove()) {
            result->is_complete =
                    !was_any_too_long && !was_any_round && !is_out_of_time;
            return;
        }
        if (is_over) {
            result->is_limited = !is_enough;
            return;
        }
    }
}

enum {
    FIND_DELAYS = 6,
    FIND_EXECUTIONS = 20000,
    FIND_STEPS = 20000000, /* in all runs */
    PAST_RACE = 2000,      /* executions after the first race */
    CYCLE_RUNS = 50000,
    CYCLE_STEPS = 10000000
};

static uint64_t all_steps;

/* All runs with at most `bound` delays; whether the search is over. */
static bool search_bound(void (*scenario)(void), unsigned long *race_found_at)
{
    prefix = 0;
    depth = 0;
    could_delay_more = false;
    do {
        one_run(scenario);
        count_run();
        all_steps += run.step;
        if (best_verdict > EXPLORER_RACE || run.is_endless ||
                all_steps > FIND_STEPS)
            return true;
        if (best_verdict == EXPLORER_RACE && *race_found_at == 0)
            *race_found_at = result->executions + 1;
        if (*race_found_at != 0 &&
                result->executions > *race_found_at + PAST_RACE)
            return true;
        unsigned long limit = options.max_executions != 0
                                      ? options.max_executions
                                      : FIND_EXECUTIONS;
        if (is_over_limit(limit)) {
            result->is_limited = is_out_of_time || options.max_executions != 0;
            return true;
        }
        bool shares_more = memory_shares_more();
        if (found_racy_place || shares_more) {
            found_racy_place = false;
            prefix = 0;
            depth = 0;
            could_delay_more = false;
            continue;
        }
        if (!next_by_delays())
            return false;
    } while (true);
}

/* Nothing failed, but a thread came back to where it was: does the program
 * have rounds that it need not leave? */
static void search_cycles(void (*scenario)(void))
{
    seeks_cycles = true;
    cycle_forget();
    prefix = depth = 0;
    unsigned long runs = 0;
    uint64_t steps = 0;
    do {
        one_run(scenario);
        if (is_round)
            count_run();
        steps += run.step;
    } while (!is_round && ++runs < CYCLE_RUNS && steps < CYCLE_STEPS &&
             !is_out_of_time && next_to_prove());
    seeks_cycles = false;
}

static void search_by_delays(void (*scenario)(void))
{
    unsigned long race_found_at = 0;
    for (bound = 0; bound <= FIND_DELAYS; bound++) {
        result->bound = bound;
        if (search_bound(scenario, &race_found_at) || !could_delay_more)
            break;
    }
    if (bound > FIND_DELAYS)
        bound = FIND_DELAYS;
    if (best_verdict <= EXPLORER_RACE && cycle_is_possible && !is_out_of_time)
        search_cycles(scenario);
}

/* --- The failing run, made simpler -----------------------------------------*/

static void run_forced(void (*scenario)(void), const schedule *s, bool strict)
{
    is_forced = true;
    cycle_is_possible = true;
    is_strict = strict;
    wanted.count = 0;
    for (size_t i = 0; i < s->count; i++)
        push_turn(&wanted, s->turns[i]);
    one_run(scenario);
    is_forced = false;
}

static void copy_schedule(schedule *to, const schedule *from)
{
    to->count = 0;
    for (size_t i = 0; i < from->count; i++)
        push_turn(to, from->turns[i]);
}

static uint32_t switches(void)
{
    uint32_t n = 0;
    for (uint32_t i = 1; i < run.step; i++)
        n += past[i].thread != past[i - 1].thread;
    return n;
}

static bool runs_as_bad(explorer_verdict verdict)
{
    return run.verdict == verdict && !was_too_long;
}

enum { TRIES = 400 };

/* Leaves out turns, one at a time, as long as the run fails in the same way
 * with fewer switches. */
static void simplify(void (*scenario)(void), schedule *s)
{
    schedule trial = {0};
    explorer_verdict verdict = best_verdict;
    run_forced(scenario, s, false);
    if (!runs_as_bad(verdict))
        refuse("the program is not the same in every run: the run that "
               "failed does not fail again (step %u)",
                run.step);
    copy_schedule(s, &taken);
    uint32_t least = switches(), steps = run.step;
    int tries = 0;
    for (size_t i = s->count; i-- > 0 && tries < TRIES;) {
        trial.count = 0;
        for (size_t k = 0; k < s->count; k++)
            if (k != i)
                push_turn(&trial, s->turns[k]);
        run_forced(scenario, &trial, false);
        tries++;
        uint32_t now = switches();
        if (runs_as_bad(verdict) &&
                (now < least || (now == least && (taken.count < s->count ||
                                                         run.step < steps)))) {
            least = now;
            steps = run.step;
            copy_schedule(s, &taken);
            i = s->count;
        }
    }
    free(trial.turns);
}

static void keep_failing_run(void (*scenario)(void))
{
    explorer_mode mode = options.mode;
    options.mode = EXPLORER_REPLAY;
    simplify(scenario, &best);
    is_recording = true;
    run_forced(scenario, &best, true);
    is_recording = false;
    result->schedule = write_schedule(&best);
    snprintf(result->what, sizeof result->what, "%s", run.what);
    result->shows_race = run_has_race;
    memcpy(result->race, run_race, sizeof run_race);
    options.mode = mode;
}

static void replay(void (*scenario)(void))
{
    if (!schedule_is_readable(options.schedule))
        refuse("this is not a schedule: %s", options.schedule);
    schedule given = {0};
    copy_schedule(&given, &wanted);
    is_recording = true;
    run_forced(scenario, &given, true);
    is_recording = false;
    if (wanted_at < wanted.count)
        refuse("the schedule does not fit: the run ends after %u steps, and "
               "step %u should be done by %s",
                run.step, wanted.turns[wanted_at].step + 1,
                thread_name(wanted.turns[wanted_at].thread));
    result->executions = 1;
    best_verdict = run.verdict;
    if (run.has_outcome)
        add_outcome(run.outcome);
    result->schedule = write_schedule(&given);
    snprintf(result->what, sizeof result->what, "%s", run.what);
    result->shows_race = run_has_race;
    memcpy(result->race, run_race, sizeof run_race);
    free(given.turns);
}

static void reserve_nodes(void)
{
    static uint32_t reserved;
    max_steps = options.max_steps;
    clocks_reserve(max_steps);
    if (max_steps <= reserved)
        return;
    if (nodes != NULL)
        munmap(nodes, (reserved + 1) * sizeof *nodes);
    nodes = mmap(NULL, (max_steps + 1) * sizeof *nodes, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (nodes == MAP_FAILED)
        refuse("no memory for runs of %u steps", max_steps);
    reserved = max_steps;
}

explorer_result *search(void (*scenario)(void))
{
    result = calloc(1, sizeof *result);
    racy_count = 0;
    best_verdict = EXPLORER_NONE;
    best_steps = 0;
    was_any_too_long = false;
    is_out_of_time = false;
    found_racy_place = false;
    is_forced = false;
    clock_gettime(CLOCK_MONOTONIC, &began);
    model_start();
    memory_share_nothing();
    reserve_nodes();
    cycle_reserve(max_steps);
    cycle_is_possible = false;
    all_steps = 0;
    if (options.mode == EXPLORER_REPLAY)
        replay(scenario);
    else if (options.mode == EXPLORER_FIND)
        search_by_delays(scenario);
    else
        search_all(scenario);
    if (best_verdict > EXPLORER_OK && options.mode != EXPLORER_REPLAY)
        keep_failing_run(scenario);
    run.self = NULL;
    result->verdict = best_verdict;
    if (best_verdict <= EXPLORER_OK)
        result->verdict = result->is_limited || was_any_too_long ? EXPLORER_NONE
                                                                 : EXPLORER_OK;
    if (result->schedule == NULL)
        result->schedule = strdup("");
    return result;
}
