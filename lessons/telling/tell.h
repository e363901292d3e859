/*
 * Tells a lesson as text.
 */
#ifndef LOCKSTEP_TELLING_TELL_H
#define LOCKSTEP_TELLING_TELL_H

#include "lessons/telling/finding.h"
#include "lessons/telling/print.h"

void tell_preface(const preface *p);
void tell_question(const question *q);
void tell_answers(const question *q);
void tell_next(const preface *p);
void tell_questions(const preface *p); /* all that, at the end */

void tell_scene(const ladder *l);

/* Pieces of it, for other forms. */
const char *verdict_in_words(explorer_verdict verdict); /* "lost wakeup" */
const char *all_of(unsigned long orders);               /* "both", "all 24" */
void tell_head(const ladder *l);
void tell_code(const ladder *l, int rung);     /* what it is, and the code */
void tell_findings(const ladder *l, int rung); /* luck, and how many orders */
void tell_run(const ladder *l, int rung);      /* that fails, if one does */
void tell_why(const ladder *l, int rung);
void tell_rule(const ladder *l);

#endif
