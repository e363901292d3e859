/*
 * The run as a picture: lanes for the threads, a row for each step, and arrows.
 *
 * It is meant for a projector and for print in grey, so nothing is said by
 * colour alone, and all is one column of 1024 units or little more. Where it is
 * put, nothing but itself is there: no script, style sheet, font or identifier
 * that another picture on the same page could have. All numbers are whole, so
 * that the same run gives the same bytes.
 *
 *   picture.c  the page: headline, code, table, and what is said after it
 *   lanes.c    where the lanes are, and their titles
 *   rows.c     the cells, and what is drawn along the lanes
 *   links.c    what goes from one lane to another, and the legend
 *   svg.c      its elements
 */
#ifndef EXPLORER_SVG_H
#define EXPLORER_SVG_H

#include <stdio.h>

#include "tests/explorer/report/layout.h"

enum {
    WIDTH = 1024,
    MARGIN = 16,
    LINE = 20,   /* from one line of text to the next */
    FONT = 15,   /* its size */
    ASCENT = 15, /* from the top of a line to where letters stand */
    PADDING = 8, /* between a box and its text */
    ROW_GAP = 8,
    BAR = 10, /* what is held: from one bar to the next */
    MOST_BARS = 3,
    NUMBERS = 52, /* the column of step numbers, usually */
};

/* How wide so many characters can be, whatever the font. */
int mono_width(size_t characters);
size_t mono_room(int width); /* how many fit */
size_t sans_room(int width);

/* --- Elements: svg.c --- */

/* Text as XML has it. */
void put_text(FILE *out, const char *text, size_t length);
void svg_text(FILE *out, int x, int y, const char *attributes, const char *text,
        size_t length);
void svg_line(
        FILE *out, int x1, int y1, int x2, int y2, const char *attributes);
void svg_box(
        FILE *out, int x, int y, int width, int height, const char *attributes);

/* Lines of a text that is cut to a width; `most` of them at the most, the last
 * one then ends in dots. */
typedef struct piece {
    const char *text;
    size_t length;
    bool is_cut;
} piece;

size_t pieces_of(const char *text, size_t room, piece *pieces, size_t most);
void svg_piece(FILE *out, int x, int y, const char *attributes, const piece *p);

/* --- The picture --- */

/* A row that is shown, and where. */
typedef struct cell {
    const row *row;
    int x, right, top, bottom; /* of what arrows go to */
    int left_ends, right_ends; /* of arrows */
    size_t left_out;           /* rows, before it */
} cell;

typedef struct lane {
    bool is_there;
    int x, width;
    int bars; /* of what is held, side by side within its boxes */
    const cell *first, *last;
} lane;

typedef struct picture {
    FILE *out;
    const explorer_result *result;
    const report *report;
    int width, y;
    int left; /* of the lanes */
    lane lanes[MAX_THREADS];
    int lane_count;
    bool has_rails; /* too many lanes for text: it stands beside them */
    int text_x;     /* there */
    cell *cells;
    size_t cell_count;
    unsigned legend; /* what the legend must tell: a set of legend items */
} picture;

/* lanes.c */
void lay_out_lanes(picture *p);
void draw_titles(picture *p);

/* rows.c */
void lay_out_rows(picture *p);
void draw_lifelines(picture *p);
void draw_rows(picture *p);
void draw_holdings(picture *p);
cell *cell_of_row(const picture *p, size_t index); /* NULL: it is not shown */

/* links.c */
typedef enum legend_item {
    LEGEND_HOLDS = ARROW_RACE + 1, /* after the kinds of arrows */
    LEGEND_SLEEPS,
    LEGEND_KEY,
    LEGEND_ITEMS
} legend_item;

void draw_links(picture *p);
void draw_legend(picture *p);

extern const char holds_style[], sleeps_style[], key_style[];

#endif
