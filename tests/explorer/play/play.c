/*
 * The player is the scheduler: from one choice to the next, until the bug is
 * reached or the run ends well; and back again.
 */
#include "tests/explorer/play/play.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_STEPS = 100000 };

static const char help[] =
        "  A        thread A goes next: up to where others could notice it\n"
        "  m        main does, in a program with a thread M as well\n"
        "  Enter    the same thread again\n"
        "  AABB 3A  several turns at once\n"
        "  A.2      thread A, in that way, if it has several, or waits\n"
        "  u        undo the last choice, as often as you like; n: begin anew\n"
        "  h        a hint: whom to choose on the way to the bug\n"
        "  l        the list of all that has happened\n"
        "  q        quit\n"
        "  A thread goes on as long as it makes no difference to others.\n"
        "  A switch is a choice against a thread that could have gone on.\n";

/* --- One wish after the other ----------------------------------------------*/

static void show(game *g)
{
    g->is_behind = false;
    if (!run_is_open()) {
        forget_wishes();
        show_end(g);
    } else {
        show_news(g);
        show_choices(g);
    }
}

/* If several turns were typed, only what they came to is shown, or what stands
 * in the way of the next one. */
static void catch_up(game *g)
{
    if (!g->is_behind)
        return;
    show(g);
    putchar('\n');
}

/* In the way that was asked for, or the first that there is; but what only time
 * or chance brings about must be asked for. */
static const turn *find_turn(const wish *w)
{
    for (int i = 0; i < turn_count; i++) {
        const turn *t = &turns[i];
        bool is_any = w->way == ANY_WAY && !is_reluctant(&threads[t->thread]);
        if (t->thread == w->thread && (is_any || w->way == t->way))
            return t;
    }
    return NULL;
}

static void refuse_turn(game *g, const wish *w)
{
    text why = {"  "};
    const thread *t = &threads[w->thread];
    catch_up(g);
    say(&why, "%s ", thread_name(w->thread));
    if (t->state == ABSENT)
        say(&why, "is not there yet");
    else if (t->state != LIVE)
        say(&why, "has ended");
    else if (is_blocked(t))
        say_wait(&why, g, w->thread);
    else
        say(&why, "has no way %u", w->way);
    for (int i = 0; i < turn_count; i++)
        if (turns[i].thread == w->thread) {
            say(&why, ". %s is: ", name_turn(&turns[i]));
            say_turn(&why, &turns[i]);
        }
    say(&why, ".");
    size_t left = forget_wishes();
    if (left > 0)
        say(&why, " (%zu more turn%s left out.)", left,
                left == 1 ? " is" : "s are");
    print_wrapped(why.s, 0, 4);
}

static void go_on(game *g, wish w)
{
    if (!run_is_open()) {
        forget_wishes();
        printf("  The run is over: u goes back, n begins anew, q ends. > ");
        return;
    }
    int last = last_chosen(&g->played);
    if (w.kind == WISH_SAME && last < 0) {
        printf("  Which thread? Type its name. > ");
        return;
    }
    if (w.kind == WISH_SAME)
        w = (wish){WISH_THREAD, (uint8_t)last, ANY_WAY};
    const turn *t = find_turn(&w);
    if (t == NULL) {
        refuse_turn(g, &w);
        printf("  > ");
        return;
    }
    moves_add(&g->played, t->thread, t->way, true);
    run_moves(g);
    g->is_behind = run_is_open() && has_wishes();
    if (!g->is_behind)
        show(g);
}

static void undo(game *g, bool all)
{
    moves *m = &g->played;
    if (moves_chosen(m) == 0) {
        printf("  There is nothing to undo: this is the first choice. > ");
        return;
    }
    do {
        while (!m->at[m->count - 1].is_chosen)
            m->count--;
        m->count--;
    } while (all && moves_chosen(m) > 0);
    run_moves(g);
    g->is_behind = false;
    show_where(g);
    show_choices(g);
}

static void do_wish(game *g, wish w)
{
    switch (w.kind) {
    case WISH_THREAD:
    case WISH_SAME:
        go_on(g, w);
        break;
    case WISH_UNDO:
    case WISH_ANEW:
        undo(g, w.kind == WISH_ANEW);
        break;
    case WISH_HINT:
        catch_up(g);
        give_hint(g);
        printf("  > ");
        break;
    case WISH_LIST:
        catch_up(g);
        if (run_is_open())
            show_list(g);
        else
            printf("  The run is over, and stands above.\n");
        printf("  > ");
        break;
    default:
        printf("%s  > ", help);
    }
}

/* --- The game --------------------------------------------------------------*/

static void play(game *g)
{
    look_for_the_bug(g);
    introduce(g);
    run_moves(g);
    show(g);
    for (;;) {
        wish w = next_wish();
        if (w.kind == WISH_QUIT || w.kind == WISH_END)
            break;
        do_wish(g, w);
    }
    farewell(g);
}

bool explorer_play(void (*scenario)(void), const explorer_options *given)
{
    game g = {.scenario = scenario,
            .given = given == NULL ? explorer_defaults() : *given};
    if (g.given.max_steps == 0)
        g.given.max_steps = MAX_STEPS;
    g.given.max_executions = 0;
    most_threads = 0;
    forget_wishes();
    show_begin();
    input_is_taken = true;
    fold_for_game(true);
    play(&g);
    fold_for_game(false);
    input_is_taken = false;
    report_free(g.report);
    explorer_free(result);
    free(g.played.at);
    free(g.way.at);
    return g.was_reached;
}
