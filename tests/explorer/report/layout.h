/*
 * What the report says, whether as text, as a picture or for other tools: the
 * headline, the lines of code, the cells of the table and what stands above
 * them. How wide things are, each of them knows for itself.
 */
#ifndef EXPLORER_LAYOUT_H
#define EXPLORER_LAYOUT_H

#include "tests/explorer/report/record.h"

/* "data race" */
const char *name_failure(explorer_verdict verdict);

/* What went wrong, in a line. */
void headline_of(text *to, const explorer_result *result);

/* Whether the row has a line in the table. */
bool is_shown(const row *r);
void cell_of(text *to, const report *of, const row *r);

/* "A: deposit", and for several threads "main   A, B: deposit   C: check". */
void title_of(text *to, const report *r, int thread);
void titles_of(text *to, const report *r, set which);

typedef enum code_kind {
    CODE_LINE,
    CODE_FILE, /* a heading, if the code is from several files */
    CODE_GAP,  /* lines are left out */
    CODE_BLANK,
} code_kind;

typedef struct code {
    code_kind kind;
    const char *file;
    int line;
} code;

/* The lines of code that the report is about; to be freed. */
code *code_of(const report *r, size_t *count);

/* "--replay 4B"; to be freed. */
char *replay_of(const explorer_result *result);

/* How many bytes of the text fit: best without cutting "balance = 1". */
size_t fitting(const char *text, size_t room);

/* The character at *at, which moves on: U+FFFD for what is not UTF-8, or is no
 * character that can be seen, but for tabs and newlines; 0 at the end. */
unsigned take_character(const char **at);

/* The same as UTF-8; at least 5 bytes. Returns `to`. */
const char *put_character(char *to, unsigned character);

/* --- The table as text: report.c ---------------------------------------------*/

typedef struct table {
    const report *report;
    size_t column[MAX_THREADS]; /* where it begins; 0: the thread has none */
    bool is_list;               /* too many columns: names begin the rows */
} table;

table lay_out(const report *r);
void print_titles(const table *t);
void print_row(const table *t, const row *r);

/* The cursor is at column `at`; further lines are indented by `indent`. */
void print_wrapped(const char *text, size_t at, size_t indent);

#endif
