/*
 * The words of a lesson, as they stand in its files: see lessons/lesson.h.
 */
#ifndef LOCKSTEP_TELLING_SCRIPT_H
#define LOCKSTEP_TELLING_SCRIPT_H

#include "lessons/lesson.h"

/* What a rung is, and where its code stands. */
typedef struct passage {
    const char *kind;  /* "The bug", "Tempting", "The fix" */
    const char *title; /* "a busy flag, tested, then set" */
    const char *why;   /* paragraphs have an empty line between them */
    int first, last;   /* lines, from 1 */
} passage;

typedef struct script {
    char *path;   /* "lessons/lock/lost_update.c" */
    char **lines; /* of the file */
    int count;
    const char *promise;
    const char *about; /* "" if nothing is said */
    const char *rule;
    passage rungs[MOST_RUNGS];
    int rung_count;
} script;

/* Reads the file of a scene; ends the process if it is not there, or is not as
 * the table says. What is read stays until the process ends. */
script *script_read(const scene *scene);

enum { MOST_ANSWERS = 5, MOST_QUESTIONS = 4 };

/* For a vote. */
typedef struct answer {
    const char *text, *remark;
    bool is_right;
} answer;

typedef struct question {
    const char *text;
    answer answers[MOST_ANSWERS];
    int answer_count;
} question;

/* The head of lesson.c. */
typedef struct preface {
    const char *title; /* "Lock: one thread at a time" */
    const char *about; /* what there is to learn */
    question questions[MOST_QUESTIONS];
    int question_count;
    const char *next;
} preface;

preface preface_read(void);

int rung_count(const scene *scene);

/* For both. */
char *path_of(const char *file); /* of the lesson, without ".c" */
char **read_lines(const char *path, int *count);
char *read_comment(char **lines, int count, int *at);
char *split(char *text);
void fail(const char *path, const char *what) __attribute__((noreturn));

#endif
