/*
 * Hints: a way from where the player stands to the bug. It is the explorer's own
 * run as long as that fits, else one that is searched for, from here on. Each
 * way is tried before it is told, so who follows the hints gets there.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/play/play.h"

#include <stdio.h>
#include <string.h>

static schedule failing; /* run that was found last, step by step */

/* --- Before the game -------------------------------------------------------*/

/* A run of which the report says how wide the columns are, and which places
 * several threads use. */
static void try_run(game *g, const schedule *steps)
{
    run_moves_along(g, steps);
    report_free(g->report);
    g->report = record_so_far();
    fold(g->report);
    show_like(g->report, &g->played);
}

static void measure_way(game *g)
{
    static const schedule nothing;
    try_run(g, &nothing);
    g->played.count = 0;
    try_run(g, &failing);
    if (run_has_failed(g)) {
        moves_copy(&g->way, &g->played);
        g->choices = moves_chosen(&g->way);
        g->switches = moves_switches(&g->way);
    }
    g->played.count = 0;
}

/* Nothing was found: has all been seen? */
static void try_to_prove(game *g)
{
    enum { SECONDS = 5, RUNS = 100000 };
    options = g->given;
    options.mode = EXPLORER_PROVE;
    options.max_seconds = SECONDS;
    options.max_executions = RUNS;
    explorer_result *all = search(g->scenario);
    g->target = all->verdict > EXPLORER_OK ? all->verdict : EXPLORER_OK;
    g->is_proved = all->is_complete && g->target == EXPLORER_OK;
    if (g->is_proved)
        g->runs = 0; /* the orders that differ are counted */
    g->runs += all->executions;
    if (g->target > EXPLORER_OK)
        copy_run(&failing);
    snprintf(g->what, sizeof g->what, "%s", all->what);
    explorer_free(all);
    options = g->given;
}

void look_for_the_bug(game *g)
{
    options = g->given;
    options.mode = EXPLORER_FIND;
    explorer_result *found = search(g->scenario);
    g->target = found->verdict > EXPLORER_OK ? found->verdict : EXPLORER_OK;
    g->runs = found->executions + found->cut;
    snprintf(g->what, sizeof g->what, "%s", found->what);
    failing.count = 0;
    if (g->target > EXPLORER_OK)
        copy_run(&failing); /* it was repeated last, for the report */
    explorer_free(found);
    if (g->target == EXPLORER_OK && !seek.is_out_of_time)
        try_to_prove(g);
    result = zeroes(1, sizeof *result);
    measure_way(g);
}

/* --- In the middle ---------------------------------------------------------*/

static bool is_on_the_way(const game *g)
{
    const moves *to = &g->way, *now = &g->played;
    if (to->count <= now->count)
        return false;
    for (size_t i = 0; i < now->count; i++)
        if (to->at[i].thread != now->at[i].thread ||
                to->at[i].way != now->at[i].way)
            return false;
    return true;
}

/* Whether that run's steps lead from here to a failure: then they are the way. */
static bool leads_to_the_bug(game *g)
{
    size_t count = g->played.count;
    run_moves_along(g, &failing);
    bool is_way = run_has_failed(g);
    if (is_way)
        moves_copy(&g->way, &g->played);
    g->played.count = count;
    return is_way;
}

/* Whether all runs from here were seen, if none fails. */
static bool search_from_here(game *g, bool *is_complete)
{
    enum { SECONDS = 3 };
    static schedule given;
    explorer_verdict worst;
    do {
        run_moves(g);
        copy_run(&given);
        options.max_seconds = SECONDS;
        result->is_complete = false;
        worst = search_from(g->scenario, &given, &failing);
        *is_complete = result->is_complete;
        options = g->given;
    } while (seek.shares_more);
    return worst > EXPLORER_RACE || worst >= g->target;
}

static bool find_way(game *g)
{
    bool is_complete = false;
    bool is_found = is_on_the_way(g) || leads_to_the_bug(g) ||
                    (search_from_here(g, &is_complete) && leads_to_the_bug(g));
    run_moves(g);
    if (is_found)
        return true;
    if (is_complete)
        printf("  No run that begins like this fails: u goes back.\n");
    else
        printf("  No run was found that begins like this and fails: try u, to "
               "go back.\n");
    return false;
}

/* The thread is in the middle of a line, or before one. */
static void say_place(text *to, const report *r, int id)
{
    const thread *t = &threads[id];
    int first;
    if (t->state != LIVE || t->op == NULL)
        return;
    int line = where(pc_in_program(t, t->op), &first).line;
    const row *last = t->last == 0 ? NULL : row_of_step(r, t->last - 1);
    bool is_inside = last != NULL && last->at.line == line;
    say(to, ", while %s %s line %d", thread_name(id),
            is_blocked(t) ? "waits in"
            : is_inside   ? "is in the middle of"
                          : "is before",
            line);
}

static void tell_next(const game *g)
{
    const move *next = &g->way.at[g->played.count];
    int last = last_chosen(&g->played);
    text hint = {"  Let "};
    turn t = {.thread = next->thread, .way = next->way};
    bool is_more = last == next->thread;
    say(&hint, "%s go %s", name_turn(&t), is_more ? "on" : "now");
    if (last >= 0 && !is_more)
        say_place(&hint, g->report, last);
    say(&hint, ": ");
    say_turn(&hint, &t);
    say(&hint, ".");
    print_wrapped(hint.s, 0, 4);
}

void give_hint(game *g)
{
    if (g->is_proved)
        printf("  There is no way to a bug: all orders end well.\n");
    else if (!run_is_open())
        printf("  This run is over: u goes back.\n");
    else if (find_way(g))
        tell_next(g);
}
