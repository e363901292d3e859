/*
 * Elements of a picture, and text as XML has it.
 */
#include "tests/explorer/report/svg.h"

#include <string.h>

int mono_width(size_t characters)
{
    return (int)(characters * 91 + 9) / 10;
}

size_t mono_room(int width)
{
    return width < 10 ? 1 : (size_t)(width * 10 / 91);
}

size_t sans_room(int width)
{
    return width < 8 ? 1 : (size_t)(width / 8);
}

static void put_character_as_xml(FILE *out, unsigned c)
{
    char bytes[8];
    if (c == '<')
        fputs("&lt;", out);
    else if (c == '>')
        fputs("&gt;", out);
    else if (c == '&')
        fputs("&amp;", out);
    else if (c == '"')
        fputs("&quot;", out);
    else if (c == '\t')
        fputs("    ", out);
    else
        fputs(c == '\n' ? " " : put_character(bytes, c), out);
}

void put_text(FILE *out, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end && *text != '\0')
        put_character_as_xml(out, take_character(&text));
}

/* Elsewhere several spaces would be shown as one. */
static const char *spacing_of(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\t' ||
                (text[i] == ' ' && (i == 0 || text[i - 1] == ' ')))
            return " xml:space=\"preserve\"";
    return "";
}

void svg_piece(FILE *out, int x, int y, const char *attributes, const piece *p)
{
    fprintf(out, "<text x=\"%d\" y=\"%d\"%s%s%s>", x, y,
            *attributes == '\0' ? "" : " ", attributes,
            spacing_of(p->text, p->length));
    put_text(out, p->text, p->length);
    fputs(p->is_cut ? "...</text>\n" : "</text>\n", out);
}

void svg_text(FILE *out, int x, int y, const char *attributes, const char *text,
        size_t length)
{
    piece all = {text, length, false};
    svg_piece(out, x, y, attributes, &all);
}

void svg_line(FILE *out, int x1, int y1, int x2, int y2, const char *attributes)
{
    fprintf(out, "<path d=\"M%d %dL%d %d\" %s/>\n", x1, y1, x2, y2, attributes);
}

void svg_box(
        FILE *out, int x, int y, int width, int height, const char *attributes)
{
    fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" %s/>\n", x,
            y, width, height, attributes);
}

size_t pieces_of(const char *text, size_t room, piece *pieces, size_t most)
{
    size_t count = 0;
    do {
        bool is_last = count + 1 == most && strlen(text) > room;
        size_t left = is_last && room > 3 ? room - 3 : room;
        size_t length = is_last ? left : fitting(text, room);
        while (length > 1 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--; /* within a character */
        pieces[count++] = (piece){text, length, is_last};
        text += length;
        text += strspn(text, " ");
    } while (*text != '\0' && count < most);
    return count;
}
