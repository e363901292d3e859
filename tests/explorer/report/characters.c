/*
 * Characters. Programs print what they like and are written in what encoding
 * they like; what comes from here is UTF-8.
 */
#include "tests/explorer/report/layout.h"

enum { UNKNOWN = 0xfffd, FIRST_VISIBLE = 0x20, LAST = 0x10ffff };

/* How many bytes follow the first of a character; -1: it is not a first one. */
static int bytes_after(unsigned char first)
{
    if (first < 0x80)
        return 0;
    if (first < 0xc2 || first > 0xf4)
        return -1;
    return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

/* XML has no other control characters, no halves of surrogate pairs and not the
 * last two of a plane. */
static bool is_character(unsigned c)
{
    bool is_control = c < FIRST_VISIBLE || (c >= 0x7f && c < 0xa0);
    bool is_surrogate = c >= 0xd800 && c < 0xe000;
    return c <= LAST && (c & 0xfffe) != 0xfffe && !is_surrogate &&
           (!is_control || c == '\t' || c == '\n');
}

unsigned take_character(const char **at)
{
    static const unsigned least[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)*at;
    if (*s == '\0')
        return 0;
    int after = bytes_after(*s);
    unsigned c = after <= 0 ? *s : *s & (0x3fu >> after);
    ++*at;
    if (after < 0)
        return UNKNOWN;
    for (int i = 1; i <= after; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return UNKNOWN;
        c = c << 6 | (s[i] & 0x3f);
    }
    if (c < least[after])
        return UNKNOWN;
    *at += after;
    return is_character(c) ? c : UNKNOWN;
}

const char *put_character(char *to, unsigned c)
{
    static const unsigned char first[] = {0, 0xc0, 0xe0, 0xf0};
    int after = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    to[after + 1] = '\0';
    for (int i = after; i > 0; i--, c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3f));
    to[0] = (char)(first[after] | c);
    return to;
}
