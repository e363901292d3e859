/*
 * Texts of a lesson as Doxygen's Markdown.
 */
#ifndef LOCKSTEP_TELLING_MARKDOWN_H
#define LOCKSTEP_TELLING_MARKDOWN_H

#include <stdio.h>

void put_text(FILE *to, const char *text);
void put_sentence(FILE *to, const char *text);
void put_title(FILE *to, const char *text);

void begin_details(FILE *to, const char *summary);
void end_details(FILE *to);

#endif
