/*
 * The rows of a picture: what stands in their cells, and what is drawn along a
 * lane between them: that the thread lives, sleeps, or holds a mutex.
 */
#include "tests/explorer/report/svg.h"

#include <string.h>

enum { MOST_LINES = 5 }; /* of a cell, and as many of its mark */

/* What stands in a cell: words, and a mark below them. */
typedef struct words {
    text text;
    piece pieces[MOST_LINES], marks[MOST_LINES];
    size_t count, mark_count;
} words;

static int text_left(const picture *p, const row *r)
{
    return p->has_rails ? p->text_x : p->lanes[r->thread].x;
}

/* Between that and the text, bars show what is held. */
static int bars_width(const picture *p, const row *r)
{
    return p->has_rails ? 0 : BAR * p->lanes[r->thread].bars;
}

static int text_width(const picture *p, const row *r)
{
    return p->has_rails ? p->width - MARGIN - p->text_x
                        : p->lanes[r->thread].width;
}

static void read_words(const picture *p, const row *r, words *w)
{
    int width = text_width(p, r) - bars_width(p, r) - 2 * PADDING;
    w->text.s[0] = '\0';
    if (p->has_rails)
        say(&w->text, "%-5s", thread_name(r->thread));
    cell_of(&w->text, p->report, r);
    w->count = pieces_of(w->text.s, mono_room(width), w->pieces, MOST_LINES);
    w->mark_count = r->mark == NULL ? 0
                                    : pieces_of(r->mark, mono_room(width),
                                              w->marks, MOST_LINES);
}

static void add_cell(picture *p, const row *r, size_t left_out)
{
    enum { DOT = 6 };
    words w;
    lane *l = &p->lanes[r->thread];
    cell *c = &p->cells[p->cell_count++];
    read_words(p, r, &w);
    if (left_out > 0)
        p->y += LINE + ROW_GAP;
    *c = (cell){.row = r,
            .x = l->x - (p->has_rails ? DOT : 0),
            .right = l->x + (p->has_rails ? DOT : l->width),
            .top = p->y,
            .bottom = p->y + (int)(w.count + w.mark_count) * LINE + PADDING,
            .left_out = left_out};
    p->y = c->bottom + ROW_GAP;
    if (l->first == NULL)
        l->first = c;
    l->last = c;
}

void lay_out_rows(picture *p)
{
    const report *r = p->report;
    size_t left_out = 0;
    p->cells = zeroes(r->count + 1, sizeof *p->cells);
    for (size_t i = 0; i < r->count; i++) {
        left_out += r->rows[i].is_long;
        if (!is_shown(&r->rows[i]))
            continue;
        add_cell(p, &r->rows[i], left_out);
        left_out = 0;
    }
}

cell *cell_of_row(const picture *p, size_t index)
{
    size_t low = 0, high = p->cell_count;
    const row *wanted = &p->report->rows[index];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (p->cells[middle].row < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->cell_count && p->cells[low].row == wanted ? &p->cells[low]
                                                              : NULL;
}

static void draw_words(const picture *p, const cell *c, const words *w)
{
    int x = text_left(p, c->row) + bars_width(p, c->row) + PADDING;
    int y = c->top + PADDING / 2 + ASCENT;
    for (size_t i = 0; i < w->count; i++, y += LINE)
        svg_piece(p->out, x, y, "", &w->pieces[i]);
    for (size_t i = 0; i < w->mark_count; i++, y += LINE)
        svg_piece(p->out, x, y,
                "font-family=\"sans-serif\" font-weight=\"bold\"",
                &w->marks[i]);
}

static void draw_row(const picture *p, const cell *c)
{
    words w;
    const row *r = c->row;
    int x = text_left(p, r), height = c->bottom - c->top;
    read_words(p, r, &w);
    if (r->number != 0) {
        text number = {""};
        say(&number, "%u", r->number);
        svg_text(p->out, p->left - 12, c->top + PADDING / 2 + ASCENT,
                "text-anchor=\"end\" fill=\"#444\"", number.s,
                strlen(number.s));
    }
    if (p->has_rails)
        svg_box(p->out, c->x + 1, (c->top + c->bottom) / 2 - 5, 10, 10,
                r->is_key ? "fill=\"#000\"" : "rx=\"5\" fill=\"#666\"");
    if (r->is_key)
        svg_box(p->out, x, c->top, text_width(p, r), height, key_style);
    else if (!p->has_rails)
        svg_box(p->out, x, c->top, text_width(p, r), height,
                "fill=\"#fff\" stroke=\"#999\"");
    draw_words(p, c, &w);
}

/* How many rows are left out before this one. */
static void draw_gap(const picture *p, const cell *c)
{
    enum { WIDE = 200 };
    text rows = {""};
    int x = p->has_rails ? p->text_x + PADDING : p->left;
    int y = c->top - ROW_GAP - LINE;
    say(&rows, "... (%zu more rows)", c->left_out);
    svg_box(p->out, x, y, WIDE, LINE, "fill=\"#fff\"");
    svg_text(p->out, x, y + ASCENT, "font-family=\"sans-serif\"", rows.s,
            strlen(rows.s));
}

void draw_rows(picture *p)
{
    fputs("<g font-family=\"monospace\">\n", p->out);
    for (size_t i = 0; i < p->cell_count; i++) {
        const cell *c = &p->cells[i];
        if (c->left_out > 0)
            draw_gap(p, c);
        if (c->row->is_key)
            p->legend |= 1u << LEGEND_KEY;
        draw_row(p, c);
    }
    fputs("</g>\n", p->out);
}

/* --- Behind the rows: that threads are there, and sleep --------------------*/

/* The next row of the same thread, if any. */
static const cell *next_of_thread(const picture *p, const cell *c)
{
    const cell *end = p->cells + p->cell_count;
    for (const cell *next = c + 1; next < end; next++)
        if (next->row->thread == c->row->thread)
            return next;
    return NULL;
}

/* Until where it sleeps, if it does. In a told call there is no further row of
 * who sleeps to the end. */
static int end_of_sleep(const picture *p, const cell *c)
{
    const cell *next = next_of_thread(p, c);
    if (c->row->kind != OP_WAIT || (next == NULL && c->row->call == 0))
        return c->bottom;
    return next == NULL ? p->cells[p->cell_count - 1].bottom : next->top;
}

static void draw_lifeline(picture *p, const lane *l)
{
    int x = p->has_rails ? l->x : l->x + BAR - 3;
    svg_line(p->out, x, l->first->top, x, end_of_sleep(p, l->last),
            "stroke=\"#999\" stroke-width=\"2\"");
    for (const cell *c = l->first; c != NULL; c = next_of_thread(p, c)) {
        int end = end_of_sleep(p, c);
        if (end <= c->bottom + ROW_GAP)
            continue;
        svg_line(p->out, x, c->bottom, x, end, sleeps_style);
        p->legend |= 1u << LEGEND_SLEEPS;
    }
}

void draw_lifelines(picture *p)
{
    for (int i = 0; i < MAX_THREADS; i++)
        if (p->lanes[i].is_there)
            draw_lifeline(p, &p->lanes[i]);
}

/* --- Before the rows: what is held -----------------------------------------*/

/* The row that lets go of the mutex; NULL: it is kept. */
static const row *end_of_holding(const report *r, const row *took)
{
    for (const row *at = took + 1; at < r->rows + r->count; at++)
        if (at->holds < 0 && at->thread == took->thread &&
                at->mutex == took->mutex)
            return at;
    return NULL;
}

/* How far down the rows before this one go, and half of its own. */
static int bottom_before(const picture *p, const row *end)
{
    int bottom = 0;
    for (size_t i = 0; i < p->cell_count; i++) {
        const cell *c = &p->cells[i];
        if (end != NULL && c->row > end)
            break;
        bottom = c->row == end ? (c->top + c->bottom) / 2 : c->bottom;
    }
    return bottom;
}

/* Until that row; NULL: to the end. */
static void draw_holding(
        picture *p, const cell *took, const row *until, int beside)
{
    int x = p->has_rails ? p->lanes[took->row->thread].x
                         : took->x + 3 + BAR / 2 + BAR * beside;
    int top = (took->top + took->bottom) / 2;
    int end = bottom_before(p, until);
    svg_line(p->out, x, top, x, end, holds_style);
    p->legend |= 1u << LEGEND_HOLDS;
}

static const cell *cell_of_shown(const picture *p, const row *r)
{
    const report *of = p->report;
    return cell_of_row(p, (size_t)(told_row(of, r) - of->rows));
}

void draw_holdings(picture *p)
{
    int held[MAX_THREADS] = {0};
    const report *r = p->report;
    for (size_t i = 0; i < r->count; i++) {
        const row *at = &r->rows[i];
        const row *end = at->holds > 0 ? end_of_holding(r, at) : NULL;
        const row *until = end == NULL ? NULL : told_row(r, end);
        const cell *c = at->holds > 0 ? cell_of_shown(p, at) : NULL;
        if (c != NULL && c->row != until)
            draw_holding(p, c, until, held[at->thread] % MOST_BARS);
        held[at->thread] += at->holds;
    }
}
