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
/* "2 of the 4 orders", "all 24 orders that differ", where `that` is " that
 * differ"; or "the only order there is". Holds until it is asked again. */
const char *orders_in_words(
        unsigned long some, unsigned long all, const char *that);
void tell_head(const ladder *l);
void tell_code(const ladder *l, int rung);     /* what it is, and the code */
void tell_findings(const ladder *l, int rung); /* luck, and how many orders */
void tell_run(const ladder *l, int rung);      /* that fails, if one does */
void tell_why(const ladder *l, int rung);
void tell_rule(const ladder *l);

#endif
