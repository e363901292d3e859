/*
 * Runs that follow the moves of a game. A move goes on until the thread is about
 * to do what find would let others come before: a call that they could notice,
 * an atomic, an access that is in a data race. Everything else can be swapped
 * with what others do, so nobody is asked about it.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/play/play.h"

#include <string.h>

int most_threads;

/* --- Moves -----------------------------------------------------------------*/

void moves_copy(moves *to, const moves *from)
{
    while (to->room < from->count)
        to->at = grow(to->at, &to->room, sizeof *to->at);
    if (from->count > 0)
        memcpy(to->at, from->at, from->count * sizeof *to->at);
    to->count = from->count;
}

int last_chosen(const moves *m)
{
    for (size_t i = m->count; i > 0; i--)
        if (m->at[i - 1].is_chosen)
            return m->at[i - 1].thread;
    return -1;
}

/* Among the turns that there are, by itself and not by time or chance. */
static bool could_go_on(int thread)
{
    for (int i = 0; i < turn_count; i++)
        if (turns[i].thread == thread && !is_reluctant(&threads[thread]))
            return true;
    return false;
}

void moves_add(moves *m, int thread, int way, bool is_chosen)
{
    int last = last_chosen(m);
    bool is_switch =
            is_chosen && last >= 0 && last != thread && could_go_on(last);
    if (m->count == m->room)
        m->at = grow(m->at, &m->room, sizeof *m->at);
    m->at[m->count++] = (move){.thread = (uint8_t)thread,
            .way = (uint8_t)way,
            .is_chosen = is_chosen,
            .is_switch = is_switch,
            .is_alone = turn_count == 1};
}

size_t moves_chosen(const moves *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->count; i++)
        n += m->at[i].is_chosen;
    return n;
}

size_t moves_switches(const moves *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->count; i++)
        n += m->at[i].is_switch;
    return n;
}

/* --- The run at hand -------------------------------------------------------*/

static struct {
    moves *moves;
    size_t begun;          /* so many have begun in this run */
    uint32_t call;         /* in which the last began, of its thread's */
    bool is_open;          /* a choice is to be made */
    bool meets_more_steps; /* than when the moves were made */
    const schedule *along;
} now;

bool run_is_open(void)
{
    return now.is_open;
}

bool run_has_failed(const game *g)
{
    return run.verdict > EXPLORER_RACE ||
           (run.verdict == EXPLORER_RACE && g->target <= EXPLORER_RACE);
}

static uint32_t call_of(const thread *t)
{
    const told_call *call = told_call_of(t, t->op);
    return call == NULL ? 0 : call->number;
}

/* Nobody could notice what the thread does next, or wants to come before it. */
static bool is_quiet(thread *t)
{
    touch touches[4];
    if (t->state != LIVE || t->spins || ways(t) != 1 || is_blocked(t))
        return false;
    return !is_switching_point(t->op) || touches_of(t, touches) == 0;
}

/* A call that is told in one row is made in one move. */
static bool is_inside(thread *t)
{
    return now.call != 0 && t->state == LIVE && !t->spins && ways(t) == 1 &&
           !is_blocked(t) && !is_reluctant(t) && call_of(t) == now.call;
}

static bool is_where_it_stopped(const move *m, const thread *t)
{
    return t->op->kind == m->stop && t->op->pc == m->stop_pc;
}

/* Whether the move that has begun last is not yet over. */
static bool goes_on(set enabled)
{
    if (now.begun == 0)
        return false;
    const move *m = &now.moves->at[now.begun - 1];
    thread *t = &threads[m->thread];
    if (t->state != LIVE || !(enabled & ONE(t->id)))
        return false;
    if (m->length == 0)
        return is_quiet(t) || is_inside(t);
    if (now.meets_more_steps)
        return !is_where_it_stopped(m, t);
    return run.step < m->begins + m->length;
}

static void end_move(void)
{
    if (now.begun == 0)
        return;
    move *m = &now.moves->at[now.begun - 1];
    const thread *t = &threads[m->thread];
    m->length = run.step - m->begins;
    m->stop = t->state == LIVE ? t->op->kind : OP_END;
    m->stop_pc = t->state == LIVE ? t->op->pc : 0;
}

static void must_be_possible(const move *m)
{
    for (int i = 0; i < turn_count; i++)
        if (turns[i].thread == m->thread && turns[i].way == m->way)
            return;
    refuse("the program is not the same in every run: after %u steps %s could "
           "go on before, and cannot now",
            run.step, thread_name(m->thread));
}

static thread *begin_move(void)
{
    move *m = &now.moves->at[now.begun++];
    must_be_possible(m);
    m->begins = run.step;
    now.call = call_of(&threads[m->thread]);
    return take(m->thread, m->way);
}

/* What is no choice: what nobody notices, or all that can be done. */
static bool add_matter_of_course(void)
{
    for (int i = 0; i < turn_count; i++)
        if (is_quiet(&threads[turns[i].thread])) {
            moves_add(now.moves, turns[i].thread, turns[i].way, false);
            return true;
        }
    if (turn_count == 1)
        moves_add(now.moves, turns[0].thread, turns[0].way, false);
    return turn_count == 1;
}

/* The first step of the other run that was not done in this one, if it can be
 * done; else by the default order. */
static void add_move_along(void)
{
    uint32_t done[MAX_THREADS] = {0};
    for (uint32_t i = 0; i < run.step; i++)
        done[past[i].thread]++;
    for (size_t i = 0; i < now.along->count; i++) {
        const turn *step = &now.along->turns[i];
        if (done[step->thread] > 0) {
            done[step->thread]--;
            continue;
        }
        for (int k = 0; k < turn_count; k++)
            if (turns[k].thread == step->thread && turns[k].way == step->way) {
                moves_add(now.moves, step->thread, step->way, true);
                return;
            }
    }
    moves_add(now.moves, turns[0].thread, turns[0].way, true);
}

thread *choose_played(set enabled)
{
    order_turns(enabled);
    if (goes_on(enabled)) {
        thread *t = &threads[now.moves->at[now.begun - 1].thread];
        return take(t->id, way_of(t, 0));
    }
    end_move();
    if (now.begun == now.moves->count && !add_matter_of_course()) {
        if (now.along == NULL) {
            now.is_open = true;
            run_ends();
        }
        add_move_along();
    }
    return begin_move();
}

void run_moves_along(game *g, const schedule *along)
{
    size_t count = g->played.count;
    now.meets_more_steps = false;
    do {
        now.moves = &g->played;
        now.moves->count = count;
        now.begun = 0;
        now.is_open = false;
        now.along = along;
        options.mode = EXPLORER_REPLAY;
        seek.ends_at_race = g->target == EXPLORER_RACE;
        run_played(g->scenario);
        if (!now.is_open)
            end_move();
        now.moves->count = now.begun; /* the run may have failed before */
        now.meets_more_steps = true;
        if (most_threads < run.threads)
            most_threads = run.threads;
    } while (seek.shares_more);
}

void run_moves(game *g)
{
    run_moves_along(g, NULL);
}
