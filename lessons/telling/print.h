/*
 * Text for a terminal, 80 columns wide, or for a file.
 */
#ifndef LOCKSTEP_TELLING_PRINT_H
#define LOCKSTEP_TELLING_PRINT_H

#include "lessons/telling/script.h"

enum { WIDTH = 80 };

/* Headings are bold and the like where explorer_has_colour(). From here on as it
 * is now, whatever standard output becomes; or no longer. */
void keep_colour(bool if_there_is_any);

typedef enum look { PLAIN, BOLD, DIM, RED, GREEN } look;
void print_as(look look, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* Paragraphs, wrapped; the first line begins behind what stands there already,
 * `at` characters, the others with `indent` spaces. */
void print_text(const char *text, int at, int indent);

/* "1,000" */
const char *with_commas(unsigned long number);

/* The code of a rung, with the numbers of its lines. */
void print_code(const script *script, const passage *rung);

#endif
