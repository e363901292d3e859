/*
 * The page: headline, code, table, and what is said after it. Its height is
 * known when all has been drawn, so the elements are kept until then.
 */
#include "tests/explorer/report/svg.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LINES = 8, HEADLINE = 20, HEADLINE_LINE = 26 };

/* --- What stands around the table ------------------------------------------*/

/* A paragraph, over the whole width. */
static void draw_lines(
        picture *p, const char *words, size_t room, const char *attributes)
{
    piece pieces[MOST_LINES];
    size_t n = pieces_of(words, room, pieces, MOST_LINES);
    for (size_t i = 0; i < n; i++, p->y += LINE)
        svg_piece(p->out, MARGIN, p->y + ASCENT, attributes, &pieces[i]);
}

static void draw_headline(picture *p, const char *words)
{
    piece pieces[MOST_LINES];
    size_t room = (size_t)(p->width - 2 * MARGIN) / 13;
    size_t n = pieces_of(words, room, pieces, MOST_LINES);
    p->y = MARGIN;
    for (size_t i = 0; i < n; i++, p->y += HEADLINE_LINE)
        svg_piece(p->out, MARGIN, p->y + HEADLINE,
                "font-size=\"20\" font-weight=\"bold\"", &pieces[i]);
    p->y += PADDING;
}

static void draw_source(picture *p, const code *c)
{
    text number = {""};
    piece line;
    say(&number, "%d", c->line);
    svg_text(p->out, p->left - 12, p->y + ASCENT,
            "text-anchor=\"end\" fill=\"#444\"", number.s, strlen(number.s));
    pieces_of(name_source(c->file, c->line),
            mono_room(p->width - p->left - 2 * MARGIN), &line, 1);
    svg_piece(p->out, p->left, p->y + ASCENT, "", &line);
}

static void draw_code_line(picture *p, const code *c)
{
    switch (c->kind) {
    case CODE_LINE:
        draw_source(p, c);
        break;
    case CODE_FILE:
        svg_text(p->out, MARGIN, p->y + ASCENT, "font-family=\"sans-serif\"",
                c->file, strlen(c->file));
        break;
    case CODE_GAP:
        svg_text(p->out, p->left, p->y + ASCENT, "", "...", 3);
        break;
    case CODE_BLANK:
        p->y -= LINE / 2;
        break;
    }
    p->y += LINE;
}

static void draw_code(picture *p)
{
    size_t count;
    code *lines = code_of(p->report, &count);
    int height = PADDING;
    for (size_t i = 0; i < count; i++)
        height += lines[i].kind == CODE_BLANK ? LINE / 2 : LINE;
    if (count > 0) {
        svg_box(p->out, MARGIN / 2, p->y, p->width - MARGIN, height,
                "fill=\"#f2f2f2\"");
        p->y += PADDING / 2;
        fputs("<g font-family=\"monospace\">\n", p->out);
        for (size_t i = 0; i < count; i++)
            draw_code_line(p, &lines[i]);
        fputs("</g>\n", p->out);
        p->y += PADDING / 2 + 12;
    }
    free(lines);
}

static void draw_output(picture *p, const char *printed)
{
    enum { LINES = 5 };
    if (*printed == '\0')
        return;
    draw_lines(p, "the program printed:", 80, "");
    for (int i = 0; i < LINES && *printed != '\0'; i++, p->y += LINE) {
        size_t length = strcspn(printed, "\n");
        size_t room = mono_room(p->width - p->left - MARGIN);
        svg_text(p->out, p->left, p->y + ASCENT, "font-family=\"monospace\"",
                printed, length < room ? length : room);
        printed += length + (printed[length] == '\n');
    }
    if (*printed != '\0')
        draw_lines(p, "    ...", 80, "");
}

static void draw_ending(picture *p)
{
    const report *r = p->report;
    char *replay = replay_of(p->result);
    size_t room = sans_room(p->width - 2 * MARGIN);
    p->y += PADDING;
    for (size_t i = 0; i < r->ending_count; i++)
        draw_lines(p, r->ending[i], room, "");
    draw_output(p, r->printed);
    text words = {""};
    say(&words, "replay: %s", replay);
    draw_lines(p, words.s, mono_room(p->width - 2 * MARGIN),
            "font-family=\"monospace\"");
    free(replay);
    p->y += PADDING;
}

/* --- The page --------------------------------------------------------------*/

/* All that is seen, in words, for who cannot see it. */
static void describe(const picture *p, FILE *to)
{
    fputs("<desc>", to);
    for (size_t i = 0; i < p->cell_count; i++) {
        const row *r = p->cells[i].row;
        text words = {""};
        if (r->number != 0)
            say(&words, "step %u, ", r->number);
        say(&words, "%s: ", thread_name(r->thread));
        cell_of(&words, p->report, r);
        if (r->mark != NULL)
            say(&words, " (%s)", r->mark);
        put_text(to, words.s, strlen(words.s));
        fputs(".\n", to);
    }
    for (size_t i = 0; i < p->report->ending_count; i++) {
        put_text(to, p->report->ending[i], strlen(p->report->ending[i]));
        fputs(".\n", to);
    }
    fputs("</desc>\n", to);
}

static void begin_page(FILE *to, int width, int height, const char *title)
{
    fprintf(to,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
            "height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" xml:lang=\"en\" "
            "fill=\"#000\" font-family=\"sans-serif\" "
            "font-style=\"normal\" font-weight=\"normal\" "
            "font-size=\"%d\" style=\"max-width:100%%;height:auto\">\n<title>",
            width, height, width, height, FONT);
    put_text(to, title, strlen(title));
    fputs("</title>\n", to);
}

/* Room for the step numbers, and for those of lines. */
static void lay_out_numbers(picture *p)
{
    const report *r = p->report;
    uint32_t number = 0;
    text longest = {""};
    for (size_t i = 0; i < r->count; i++)
        number = number < r->rows[i].number ? r->rows[i].number : number;
    say(&longest, "%u", number);
    p->left = mono_width(strlen(longest.s)) + MARGIN + PADDING;
    if (p->left < NUMBERS)
        p->left = NUMBERS;
}

static void draw_run(picture *p)
{
    lay_out_numbers(p);
    lay_out_lanes(p);
    text headline = {""};
    headline_of(&headline, p->result);
    draw_headline(p, headline.s);
    draw_code(p);
    draw_titles(p);
    lay_out_rows(p);
    draw_lifelines(p);
    draw_links(p);
    draw_rows(p);
    draw_holdings(p);
    draw_ending(p);
    draw_legend(p);
}

/* Without a run to be shown there is still something to be said. */
static void say_answer(text *to, const explorer_result *r)
{
    if (r->is_complete)
        say(to, "no run fails: %lu executions, all that differ", r->executions);
    else
        say(to, "no run failed in %lu executions; there are more",
                r->executions);
}

/* What there is to be seen; its title as well. */
static void draw_elements(picture *p, text *title)
{
    if (p->report == NULL) {
        say_answer(title, p->result);
        draw_headline(p, title->s);
        return;
    }
    headline_of(title, p->result);
    draw_run(p);
}

bool explorer_write_svg(const explorer_result *result, FILE *to)
{
    char *elements = NULL;
    size_t size = 0;
    text title = {""};
    picture *p = zeroes(1, sizeof *p);
    *p = (picture){.out = open_memstream(&elements, &size),
            .result = result,
            .report = result->report,
            .width = WIDTH,
            .left = NUMBERS};
    if (p->out == NULL)
        refuse("no memory for the picture");
    draw_elements(p, &title);
    fclose(p->out);
    int height = p->y + MARGIN;
    begin_page(to, p->width, height, title.s);
    if (p->report != NULL)
        describe(p, to);
    svg_box(to, 0, 0, p->width, height, "fill=\"#fff\"");
    fwrite(elements, 1, size, to);
    fputs("</svg>\n", to);
    free(elements);
    free(p->cells);
    free(p);
    return !ferror(to);
}
