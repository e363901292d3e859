/*
 * What has happened, in the rows and columns of the report, as far as it is new
 * or fits on a screen.
 */
#include "tests/explorer/play/play.h"

#include <stdint.h>
#include <stdio.h>

enum { MOST_ROWS = 12 };

static table columns;

static bool was_chosen(const moves *m, const row *r)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->at[i].is_chosen && m->at[i].begins + 1 == r->number)
            return true;
    return false;
}

/* A player wants to see what a report leaves out: what was chosen, what the
 * program prints, and that a thread is gone. */
static void unfold(const report *r, const moves *played)
{
    for (row *at = r->rows; at < r->rows + r->count; at++)
        if (at->kind == OP_OUTPUT || at->kind == OP_END ||
                (at->is_dull && at->told_by == 0 && was_chosen(played, at)))
            at->is_dull = false;
}

static int columns_of(const table *t)
{
    int n = 0;
    for (int i = 0; i < MAX_THREADS; i++)
        n += t->column[i] != 0;
    return n;
}

void show_begin(void)
{
    columns = (table){0};
}

void show_like(const report *r, const moves *played)
{
    unfold(r, played);
    table like = lay_out(r);
    if (columns_of(&like) >= columns_of(&columns))
        columns = like;
}

/* The columns stay where they are, unless that run had one less. */
static void keep_columns(const report *r)
{
    bool is_missing = false;
    for (size_t i = 0; i < r->count; i++)
        is_missing |=
                is_shown(&r->rows[i]) && columns.column[r->rows[i].thread] == 0;
    if (is_missing)
        columns = lay_out(r);
    columns.report = r;
}

/* From that row on, but no more than that many. */
static void show_rows(const game *g, size_t from, size_t most)
{
    size_t count = 0;
    keep_columns(g->report);
    for (size_t i = from; i < g->report->count; i++)
        count += is_shown(&g->report->rows[i]);
    putchar('\n');
    if (count == 0)
        return;
    print_titles(&columns);
    if (count > most)
        printf("  ...  (%zu more rows: l lists them)\n", count - most);
    for (size_t i = from; i < g->report->count; i++)
        if (is_shown(&g->report->rows[i]) && count-- <= most)
            print_row(&columns, &g->report->rows[i]);
    putchar('\n');
}

static void take_report(game *g)
{
    report_free(g->report);
    g->report = record_so_far();
    fold_dull(g->report);
    unfold(g->report, &g->played);
}

/* Whom nobody chose, since there was nobody else. */
static void say_alone(const moves *m)
{
    set alone = 0;
    for (size_t i = m->count; i > 0 && !m->at[i - 1].is_chosen; i--)
        if (m->at[i - 1].is_alone)
            alone |= ONE(m->at[i - 1].thread);
    if (alone == 0 || moves_chosen(m) == 0)
        return;
    printf("  (Nobody else could go on, so");
    for (const char *before = " "; alone != 0; alone &= alone - 1) {
        printf("%s%s", before, thread_name(first_of(alone)));
        before = count_of(alone) > 2 ? ", " : " and ";
    }
    printf(" did.)\n\n");
}

void show_news(game *g)
{
    take_report(g);
    show_rows(g, g->shown, MOST_ROWS);
    g->shown = g->report->count;
    say_alone(&g->played);
}

void show_list(const game *g)
{
    show_rows(g, 0, SIZE_MAX);
}

/* After going back: the last rows, to see where that was. */
void show_where(game *g)
{
    take_report(g);
    show_rows(g, 0, MOST_ROWS);
    g->shown = g->report->count;
}
