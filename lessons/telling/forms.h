/*
 * The forms in which a lesson can be had, beside being told as text.
 */
#ifndef LOCKSTEP_TELLING_FORMS_H
#define LOCKSTEP_TELLING_FORMS_H

#include "lessons/telling/tell.h"

/* A line of the table of `make lessons`. */
void summarise(const ladder *l);

/* For a projector: screen by screen, at the reader's pace. */
void present(const scene *only); /* NULL: the whole lesson */

/* For paper: the code and an empty timeline, then the answer. */
void print_worksheets(const scene *only);

/* For `make docs`: a page, with its pictures, in that folder. */
void write_page(const char *folder);
void write_map(void);

/* What is printed meanwhile, as a text; to be freed. */
void capture_begin(void);
char *capture_end(void);

#endif
