/*
 * Where the lanes of a picture are, and what stands above them. A few threads
 * have lanes wide enough for text; many have rails, and the text stands beside
 * them all.
 */
#include "tests/explorer/report/svg.h"

#include <string.h>

enum {
    MOST_LANES = 7,  /* with text in them */
    LEAST_BOX = 176, /* "23 lock.acquire", and a bar */
    MOST_BOX = 340,
    LEAST_GUTTER = 36, /* between boxes, for arrows */
    MOST_GUTTER = 130,
    RAIL = 40,       /* from one to the next, */
    NAMED_RAIL = 20, /* with a name above it */
    LEAST_RAIL = 8,
    RAILS = 480, /* all of them, if that will do */
};

/* --- Lanes -----------------------------------------------------------------*/

/* How many mutexes each thread holds at once, in what is shown. */
static void count_bars(picture *p)
{
    const report *r = p->report;
    int held[MAX_THREADS] = {0};
    for (size_t i = 0; i < r->count; i++) {
        const row *at = &r->rows[i];
        lane *l = &p->lanes[at->thread];
        held[at->thread] += at->holds;
        if (is_shown(at) && l->bars < held[at->thread])
            l->bars = held[at->thread];
        if (l->bars > MOST_BARS)
            l->bars = MOST_BARS;
    }
}

/* How wide each lane's boxes would like to be. */
static void measure(picture *p)
{
    const report *r = p->report;
    count_bars(p);
    for (size_t i = 0; i < r->count; i++) {
        const row *at = &r->rows[i];
        lane *l = &p->lanes[at->thread];
        text title = {""}, words = {""};
        if (!is_shown(at))
            continue;
        title_of(&title, r, at->thread);
        cell_of(&words, r, at);
        size_t most = at->mark == NULL ? 0 : strlen(at->mark);
        if (most < strlen(words.s))
            most = strlen(words.s);
        if (most < strlen(title.s) + 1)
            most = strlen(title.s) + 1;
        int width = mono_width(most) + 2 * PADDING + BAR * l->bars;
        l->width = l->width > width ? l->width : width;
        p->lane_count += !l->is_there;
        l->is_there = true;
    }
}

static int sum_of_widths(const picture *p, int most)
{
    int sum = 0;
    for (int i = 0; i < MAX_THREADS; i++)
        if (p->lanes[i].is_there)
            sum += p->lanes[i].width < most ? p->lanes[i].width : most;
    return sum;
}

static void place_lanes(picture *p)
{
    int gutters = p->lane_count - 1, gutter = LEAST_GUTTER, most = MOST_BOX;
    int room = WIDTH - p->left - MARGIN;
    while (most > LEAST_BOX &&
            sum_of_widths(p, most) + gutters * LEAST_GUTTER > room)
        most--;
    if (gutters > 0)
        gutter = (room - sum_of_widths(p, most)) / gutters;
    if (gutter < LEAST_GUTTER)
        gutter = LEAST_GUTTER;
    if (gutter > MOST_GUTTER)
        gutter = MOST_GUTTER;
    int x = p->left;
    for (int i = 0; i < MAX_THREADS; i++) {
        lane *l = &p->lanes[i];
        if (!l->is_there)
            continue;
        if (p->lane_count > 1 && l->width > most)
            l->width = most;
        if (l->width > room)
            l->width = room;
        l->x = x;
        x += l->width + gutter;
    }
    if (p->width < x - gutter + MARGIN)
        p->width = x - gutter + MARGIN;
}

/* Lanes too narrow for text: as thin as rails, and the text beside them. */
static void place_rails(picture *p)
{
    enum { TEXT = 520 };
    int pitch = RAILS / p->lane_count, x = p->left + RAIL / 3;
    if (pitch > RAIL)
        pitch = RAIL;
    if (pitch < LEAST_RAIL)
        pitch = LEAST_RAIL;
    for (int i = 0; i < MAX_THREADS; i++) {
        if (!p->lanes[i].is_there)
            continue;
        p->lanes[i].x = x;
        p->lanes[i].width = 0;
        x += i == 0 && pitch < RAIL ? pitch + RAIL / 3 : pitch;
    }
    p->text_x = x + RAIL / 2;
    if (p->width < p->text_x + TEXT)
        p->width = p->text_x + TEXT;
}

void lay_out_lanes(picture *p)
{
    measure(p);
    p->has_rails = p->lane_count > MOST_LANES;
    if (p->has_rails)
        place_rails(p);
    else
        place_lanes(p);
}

static void draw_titles_of_rails(picture *p)
{
    enum { WORDS = 12 };
    set which = 0;
    piece pieces[WORDS];
    text titles = {""};
    for (int i = 0; i < MAX_THREADS; i++)
        if (p->lanes[i].is_there)
            which |= ONE(i);
    titles_of(&titles, p->report, which);
    size_t n = pieces_of(
            titles.s, sans_room(p->width - p->left - MARGIN), pieces, WORDS);
    for (size_t i = 0; i < n; i++, p->y += LINE)
        svg_piece(p->out, p->left, p->y + ASCENT, "font-weight=\"bold\"",
                &pieces[i]);
    p->y += ROW_GAP;
    bool fits = RAILS / p->lane_count >= NAMED_RAIL;
    for (; fits && which != 0; which &= which - 1) {
        const char *name = thread_name(first_of(which));
        svg_text(p->out, p->lanes[first_of(which)].x, p->y + ASCENT,
                "text-anchor=\"middle\"", name, strlen(name));
    }
    p->y += fits ? LINE + ROW_GAP : 0;
}

/* From this lane to the next, or to the end. */
static int pitch_after(const picture *p, int id)
{
    for (int i = id + 1; i < MAX_THREADS; i++)
        if (p->lanes[i].is_there)
            return p->lanes[i].x - p->lanes[id].x;
    return p->width - p->lanes[id].x;
}

void draw_titles(picture *p)
{
    enum { LINES = 2 };
    piece pieces[LINES];
    size_t lines = 1;
    if (p->has_rails) {
        draw_titles_of_rails(p);
        return;
    }
    for (int i = 0; i < MAX_THREADS; i++) {
        const lane *l = &p->lanes[i];
        text title = {""};
        if (!l->is_there)
            continue;
        title_of(&title, p->report, i);
        size_t room = (size_t)(pitch_after(p, i) - PADDING) / 9;
        size_t n = pieces_of(title.s, room, pieces, LINES);
        for (size_t k = 0; k < n; k++)
            svg_piece(p->out, l->x, p->y + ASCENT + (int)k * LINE,
                    "font-weight=\"bold\" font-size=\"16\"", &pieces[k]);
        lines = lines < n ? n : lines;
    }
    p->y += (int)lines * LINE + ROW_GAP;
}
