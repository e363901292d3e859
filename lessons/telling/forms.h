/*
 * The forms in which a lesson can be had.
 */
#ifndef LOCKSTEP_TELLING_FORMS_H
#define LOCKSTEP_TELLING_FORMS_H

#include <stdio.h>

#include "lessons/telling/tell.h"

typedef struct request {
    int (*form)(const struct request *); /* gives the exit status */
    const char *argument;                /* of the form */
    const scene *scene;                  /* NULL: all */
    const rung *rung; /* of the scene; NULL: all, or the first */
    view view;
} request;

int tell_lesson(const request *r);
int list_scenes(const request *r);
int summarise(const request *r);        /* into a file; a line a scene */
int present(const request *r);          /* for a projector */
int print_worksheets(const request *r); /* for paper */
int play(const request *r);
int replay(const request *r);
int draw(const request *r);       /* into a file */
int write_page(const request *r); /* for Doxygen, into a folder */
int write_map(const request *r);
int print_figures(const request *r); /* of each rung, for other tools */

/* Whether the scene is asked for. */
bool is_in(const request *r, const scene *s);

/* A file, or for "-" standard output. The process ends if all cannot be
 * written. */
FILE *create(const char *path);
void must_close(FILE *file, const char *path);

/* What is printed meanwhile, as a text; to be freed. It may be meant for the
 * terminal all the same. */
void capture_begin(bool is_for_terminal);
char *capture_end(void);

#endif
