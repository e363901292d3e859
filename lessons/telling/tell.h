/*
 * Tells a lesson as text.
 */
#ifndef LOCKSTEP_TELLING_TELL_H
#define LOCKSTEP_TELLING_TELL_H

#include "lessons/telling/finding.h"
#include "lessons/telling/print.h"

void tell_preface(const preface *p);
void tell_questions(const preface *p);

/* What came of each rung of a scene is in `findings`. */
void tell_scene(
        const scene *scene, const script *script, const finding *findings);

/* Pieces of it, for other forms. */
const char *verdict_in_words(const rung *rung); /* "broken check, data race" */
void tell_head(const scene *scene, const script *script);
void tell_luck(const finding *f); /* "luck: ..." */
void tell_orders(const rung *rung, const finding *f);

#endif
