/*
 * How a game begins, and how a run of it ends.
 */
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/play/play.h"

#include <stdio.h>
#include <stdlib.h>

/* --- What was chosen so far ------------------------------------------------*/

/* How many choices from there on are the same. */
static int same_choices(const moves *m, size_t from)
{
    int n = 0;
    for (size_t i = from; i < m->count; i++)
        if (m->at[i].is_chosen && m->at[i].thread == m->at[from].thread &&
                m->at[i].way == m->at[from].way)
            n++;
        else if (m->at[i].is_chosen)
            break;
    return n;
}

/* As they can be typed again: "AB 3m A.2". */
static void print_choices(const moves *m)
{
    enum { FEW = 3, LETTERS = 26 };
    int left_out = 0;
    bool is_apart = true, is_long = most_threads > 1 + LETTERS;
    printf("  Your choices:");
    for (size_t i = 0; i < m->count; i++) {
        turn t = {.thread = m->at[i].thread, .way = m->at[i].way};
        int same = same_choices(m, i);
        if (!m->at[i].is_chosen || left_out-- > 0)
            continue;
        bool is_more = same >= FEW;
        left_out = is_more ? same - 1 : 0;
        printf(is_apart || is_more || t.way != 0 ? " " : "");
        if (is_more)
            printf("%d", same);
        printf("%s", t.thread == 0 && t.way == 0 ? "m" : name_turn(&t));
        is_apart = is_more || t.way != 0 || is_long; /* AA is a name */
    }
    printf("\n");
}

static void tell_score(const game *g)
{
    size_t choices = moves_chosen(&g->played);
    size_t switches = moves_switches(&g->played);
    if (choices == 0) {
        printf("  There was nothing to choose.\n");
        return;
    }
    text score = {"  You did it with "};
    say(&score, "%zu choice%s and %zu switch%s.", choices,
            choices == 1 ? "" : "s", switches, switches == 1 ? "" : "es");
    if (g->choices > 0)
        say(&score, " The explorer's way has %zu and %zu.", g->choices,
                g->switches);
    print_wrapped(score.s, 0, 2);
    print_choices(&g->played);
}

/* --- Ends of a run ---------------------------------------------------------*/

/* A replay in another process knows less of what is shared than the game does;
 * the report is made with its eyes, and then all is as before. */
static void show_failure(game *g)
{
    schedule shared = {0};
    for (uintptr_t word = 0; (word = memory_next_shared(word)) != 0;)
        schedule_add_word(&shared, word);
    explorer_free(result);
    result = zeroes(1, sizeof *result);
    keep_played_run(g->scenario);
    result->verdict = run.verdict;
    putchar('\n');
    explorer_print(result);
    for (size_t i = 0; i < shared.word_count; i++)
        memory_share(shared.words[i], 8);
    memory_shares_more();
    free(shared.words);
}

static void tell_good_end(const game *g)
{
    if (seek.was_too_long)
        printf("  The run is too long, and ends here.");
    else if (seek.was_endless)
        printf("  It goes on like this for ever; that is how it is meant.");
    else
        printf("  The program has ended. All promises were kept%s.",
                run.verdict == EXPLORER_RACE ? ", but there was a data race"
                                             : "");
    if (g->is_proved)
        printf("\n  So it is in all orders.");
    else if (g->target > EXPLORER_OK)
        printf("\n  The bug is still there.");
    putchar('\n');
}

void show_end(game *g)
{
    if (run_has_failed(g)) {
        g->was_reached = true;
        show_failure(g);
        tell_score(g);
    } else {
        show_news(g);
        tell_good_end(g);
    }
    printf("  u goes back, n begins anew, q ends. > ");
}

/* --- The game --------------------------------------------------------------*/

static void introduce_bug(const game *g)
{
    text bug = {"The program has a bug, a "};
    say(&bug, "%s", name_failure(g->target));
    if (g->target == EXPLORER_CHECK)
        say(&bug, ": %s", g->what);
    say(&bug, ". Can you make it happen?");
    print_wrapped(bug.s, 0, 0);
}

void introduce(const game *g)
{
    printf("\nYou are the scheduler: one thread runs at a time, and you say "
           "which.\n");
    if (g->target > EXPLORER_OK)
        introduce_bug(g);
    else if (g->is_proved && g->runs == 1)
        printf("The program is right: all its orders come to the same.\n");
    else if (g->is_proved)
        printf("The program is right, in all %lu orders that differ. Try to "
               "break it!\n",
                g->runs);
    else
        printf("The explorer has found no bug, in %lu runs: can you?\n",
                g->runs);
}

void farewell(const game *g)
{
    if (run_is_open() && moves_chosen(&g->played) > 0) {
        printf("\n  The game ends in the middle of a run.\n");
        print_choices(&g->played);
    } else {
        putchar('\n');
    }
}
