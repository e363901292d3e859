/*
 * What goes from one lane of a picture to another, and the legend. Lines differ
 * in their strokes, so that they can be told apart without colour.
 */
#include "tests/explorer/report/svg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct look {
    const char *style;
    const char *head; /* its colour; NULL: there is none */
    const char *legend;
} look;

#define LINE_OF(colour, rest) "fill=\"none\" stroke=\"" colour "\" " rest

const char holds_style[] =
        "stroke=\"#444\" stroke-width=\"7\" stroke-dasharray=\"2 2\"";
const char sleeps_style[] =
        "stroke=\"#fff\" stroke-width=\"2\" stroke-dasharray=\"5 5\"";
const char key_style[] =
        "fill=\"#ffe9e5\" stroke=\"#8c1000\" stroke-width=\"3\"";

static const char inside_of_double_line[] =
        LINE_OF("#fff", "stroke-width=\"2\"");

static const look looks[] = {
        [ARROW_CREATE] = {LINE_OF("#555", "stroke-width=\"2\" "
                                          "stroke-dasharray=\"2 4\""),
                "#555", "create, join"},
        [ARROW_JOIN] = {LINE_OF("#555", "stroke-width=\"2\" "
                                        "stroke-dasharray=\"2 4\""),
                "#555", "create, join"},
        [ARROW_RELEASE] = {LINE_OF("#0a3d91", "stroke-width=\"2\""), "#0a3d91",
                "release to acquire"},
        [ARROW_WAKE] = {LINE_OF("#0b6623", "stroke-width=\"2\" "
                                           "stroke-dasharray=\"8 4\""),
                "#0b6623", "signal to wakeup"},
        [ARROW_WAIT] = {LINE_OF("#8c1000", "stroke-width=\"4\" "
                                           "stroke-dasharray=\"14 5\""),
                "#8c1000", "waits for"},
        [ARROW_RACE] = {LINE_OF("#8c1000", "stroke-width=\"6\""), NULL,
                "data race: nothing orders the two"},
        [LEGEND_HOLDS] = {holds_style, NULL, "holds a lock"},
        [LEGEND_SLEEPS] = {NULL, NULL, "sleeps"},
        [LEGEND_KEY] = {NULL, NULL, "part of the failure"}};

/* --- Lines -----------------------------------------------------------------*/

static void draw_head(FILE *out, int x, int y, bool to_right, const look *l)
{
    enum { LENGTH = 11, HALF = 5 };
    int back = to_right ? x - LENGTH : x + LENGTH;
    fprintf(out, "<path d=\"M%d %dL%d %dL%d %dZ\" fill=\"%s\"/>\n", x, y, back,
            y - HALF, back, y + HALF, l->head);
}

/* Level from x1 to `turn`, then down or up to where it arrives level. */
static void draw_curve(
        FILE *out, int x1, int turn, int y1, int x2, int y2, const look *l)
{
    enum { HEAD = 9 };
    bool to_right = x2 > x1;
    int end = l->head == NULL ? x2 : to_right ? x2 - HEAD : x2 + HEAD;
    int middle = (turn + end) / 2;
    char path[128];
    snprintf(path, sizeof path, "M%d %dL%d %dC%d %d %d %d %d %d", x1, y1, turn,
            y1, middle, y1, middle, y2, end, y2);
    fprintf(out, "<path d=\"%s\" %s/>\n", path, l->style);
    if (l->head == NULL)
        fprintf(out, "<path d=\"%s\" %s/>\n", path, inside_of_double_line);
    else
        draw_head(out, x2, y2, to_right, l);
}

typedef struct link {
    arrow_kind kind;
    cell *from, *to;
    int reach; /* how many lanes on */
} link;

/* Ends on one side of a box are apart, the first in the middle. */
static int place_of_end(cell *c, bool at_right)
{
    enum { APART = 7, EDGE = 3 };
    int number = at_right ? c->right_ends++ : c->left_ends++;
    int y = (c->top + c->bottom) / 2 - number * APART;
    return y < c->top + EDGE ? c->top + EDGE : y;
}

/* The edge of the lane that is next to the arrow's end, towards its beginning.
 * There it turns: beside the row it begins in, and between that lane and the
 * last, there are no boxes that it could meet. */
static int turn_of(const picture *p, const cell *from, const cell *to)
{
    bool to_right = to->x > from->x;
    int turn = to_right ? from->right : from->x;
    for (int i = 0; i < MAX_THREADS; i++) {
        const cell *c = p->lanes[i].first;
        if (c == NULL)
            continue;
        if (to_right && c->right > turn && c->right < to->x)
            turn = c->right;
        if (!to_right && c->x < turn && c->x > to->right)
            turn = c->x;
    }
    return turn;
}

static void draw_link(picture *p, const link *l)
{
    cell *from = l->from, *to = l->to;
    bool to_right = to->x > from->x;
    int x1 = to_right ? from->right : from->x;
    int x2 = to_right ? to->x : to->right;
    int y1 = place_of_end(from, to_right), y2 = place_of_end(to, !to_right);
    draw_curve(p->out, x1, turn_of(p, from, to), y1, x2, y2, &looks[l->kind]);
    p->legend |= 1u << l->kind;
}

/* --- Which arrows ----------------------------------------------------------*/

/* The row that is shown for this one. For the beginning and the end of a thread
 * it is its first or last that is shown: but not beyond rows left out. */
static cell *shown_for(
        const picture *p, uint32_t index, const arrow *a, int way)
{
    const row *rows = p->report->rows, *end = rows + p->report->count;
    const row *at = told_row(p->report, &rows[index]);
    bool may_move = (a->kind == ARROW_CREATE && way > 0) ||
                    (a->kind == ARROW_JOIN && way < 0);
    int thread = at->thread;
    while (may_move && !is_shown(at) && !at->is_long) {
        do
            at += way;
        while (at >= rows && at < end && at->thread != thread);
        if (at < rows || at >= end)
            return NULL;
    }
    return cell_of_row(p, (size_t)(at - rows));
}

/* Which is nearer to the middle of a box, so that arrows do not cross on their
 * way: of those that arrive, what begins lower; of those that leave, what turns
 * sooner, and then what ends lower. */
static int by_course(const void *a, const void *b)
{
    const link *one = a, *two = b;
    if (one->from != two->from)
        return one->from < two->from ? 1 : -1;
    if (one->reach != two->reach)
        return one->reach - two->reach;
    if (one->to != two->to)
        return one->to < two->to ? 1 : -1;
    return (int)one->kind - (int)two->kind;
}

/* Steps of one call may have an arrow each. */
static bool is_drawn(const link *shown, size_t count, arrow_kind kind,
        const cell *from, const cell *to)
{
    for (size_t i = 0; i < count; i++)
        if (shown[i].kind == kind && shown[i].from == from && shown[i].to == to)
            return true;
    return false;
}

static link *shown_links(const picture *p, size_t *count)
{
    const report *r = p->report;
    link *shown = zeroes(r->arrow_count + 1, sizeof *shown);
    *count = 0;
    for (size_t i = 0; i < r->arrow_count; i++) {
        const arrow *a = &r->arrows[i];
        cell *from = shown_for(p, a->from, a, -1);
        cell *to = shown_for(p, a->to, a, 1);
        if (from == NULL || to == NULL || from->row->thread == to->row->thread)
            continue;
        int reach = abs(from->row->thread - to->row->thread);
        if (!is_drawn(shown, *count, a->kind, from, to))
            shown[(*count)++] = (link){a->kind, from, to, reach};
    }
    qsort(shown, *count, sizeof *shown, by_course);
    return shown;
}

void draw_links(picture *p)
{
    size_t count;
    link *shown = shown_links(p, &count);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || by_course(&shown[i - 1], &shown[i]) != 0)
            draw_link(p, &shown[i]);
    free(shown);
}

/* --- The legend ------------------------------------------------------------*/

enum { SAMPLE = 44 };

static void draw_sample(picture *p, int item, int x, int y)
{
    switch (item) {
    case LEGEND_KEY:
        svg_box(p->out, x + 8, y - 8, SAMPLE - 16, 16, key_style);
        break;
    case LEGEND_SLEEPS:
        svg_line(p->out, x, y, x + SAMPLE, y,
                "stroke=\"#999\" stroke-width=\"2\"");
        svg_line(p->out, x, y, x + SAMPLE, y, sleeps_style);
        break;
    case LEGEND_HOLDS:
        svg_line(p->out, x, y, x + SAMPLE, y, holds_style);
        break;
    default:
        draw_curve(p->out, x, x, y, x + SAMPLE, y, &looks[item]);
    }
}

void draw_legend(picture *p)
{
    int x = MARGIN;
    for (int item = 0; item < LEGEND_ITEMS; item++) {
        const char *words = looks[item].legend;
        bool is_like_last =
                item == ARROW_JOIN && p->legend & 1u << ARROW_CREATE;
        if (!(p->legend & 1u << item) || is_like_last)
            continue;
        int width = SAMPLE + 8 + (int)strlen(words) * 8 + 20;
        if (x > MARGIN && x + width > p->width - MARGIN) {
            x = MARGIN;
            p->y += LINE + 6;
        }
        draw_sample(p, item, x, p->y + LINE / 2);
        svg_text(p->out, x + SAMPLE + 8, p->y + ASCENT, "", words,
                strlen(words));
        x += width;
    }
    p->y += x > MARGIN ? LINE : 0;
}
