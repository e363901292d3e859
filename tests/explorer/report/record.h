/*
 * The failing run as it was seen: one row for each thing that happened. Rows
 * are kept by record.c, with names from naming.c in the words of words.c; told
 * to their end by ending.c, thinned out by fold.c, and printed by report.c.
 *
 * All that is said about a run is made into text while the run is at hand;
 * afterwards its memory belongs to the next one.
 */
#ifndef EXPLORER_RECORD_H
#define EXPLORER_RECORD_H

#include "tests/explorer/report/names.h"
#include "tests/explorer/search/search.h"

/* Text that is built up piece by piece; what does not fit is cut off. */
typedef struct text {
    char s[600];
} text;

void say(text *t, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

typedef struct row {
    uint32_t number; /* as in schedules, from 1; 0: it is not a step */
    uint8_t thread;
    uint8_t other; /* that is created or joined */
    op_kind kind;
    uintptr_t object; /* what it is about, while the run is at hand */
    size_t size;
    place at;       /* in the program, seen from outside a library */
    place inside;   /* where it really was */
    int first_line; /* of the function at `at` */
    int8_t holds;   /* 1: takes the mutex, -1: lets go of it */
    uintptr_t mutex;
    bool is_of_check; /* a check that fails has read what it is about */
    bool is_key;      /* has to do with the failure: shown, if those are few */
    bool is_dull;     /* says nothing about the failure */
    bool is_long;     /* could be shown, but there are too many */
    uint32_t told_by; /* index + 1 of the row that says it too; 0: none */
    uint32_t call;    /* of a library that tells of it: index + 1; 0: none */
    bool begins_wait; /* no step: here the call finds that it must wait */
    place *callers;   /* innermost first, with the lines of the calls */
    size_t caller_count;
    char *name;  /* of the object */
    char *text;  /* "read balance = 0" */
    char *shown; /* in the table, in place of the text; NULL: the text */
    char *mark;  /* "overwrites step 4"; NULL: none */
} row;

/* A call that a library told of. */
typedef struct call {
    told_call of;
    uint8_t thread;
    bool has_returned, has_failed;
    size_t first, last; /* rows */
    char *object;       /* "forks[1]" */
    char *argument;     /* "(&jobs[2])"; NULL: nothing to be said */
    char *result;       /* " = EAGAIN"; NULL: nothing to be said */
} call;

/* From a row of one thread to a row of another. */
typedef enum arrow_kind {
    ARROW_CREATE,
    ARROW_JOIN,
    ARROW_RELEASE, /* to an acquire */
    ARROW_WAKE,
    ARROW_WAIT, /* for ever: to where what it wants was taken */
    ARROW_RACE, /* no arrow: nothing orders the two */
} arrow_kind;

typedef struct arrow {
    arrow_kind kind;
    uint32_t from, to; /* as indices of rows */
} arrow;

typedef struct report {
    row *rows;
    size_t count, room;
    call *calls;
    size_t call_count, call_room;
    char **given; /* names of blocks */
    size_t given_count, given_room;
    arrow *arrows;
    size_t arrow_count, arrow_room;
    explorer_verdict verdict;
    uint32_t switches;
    const char *start[MAX_THREADS]; /* functions; NULL: no such thread */
    char *printed;
    place allocation; /* of the memory that it is about */
    int allocation_first_line;
    char **ending; /* lines */
    size_t ending_count, ending_room;
} report;

/* naming.c */
bool is_library_code(const place *at);
place where(uintptr_t pc, int *first_line);
uintptr_t pc_in_program(const thread *t, const op *o);
bool is_there(uintptr_t address, size_t size);
bool is_usable(uintptr_t address, size_t size); /* by the program */
void name_memory(text *to, const thread *t, const op *o);
void name_object(text *to, const thread *t, const op *o);
void name_value(text *to, uintptr_t address, size_t size);
/* That is handed over by the thread when it is there. */
void name_item(text *to, const thread *t, const op *o, const void *item);

/* words.c */
void words_of(text *to, const thread *t, const op *o);

/* record.c */
report *record_so_far(void); /* of the run at hand; to be freed */
row *row_of_step(const report *r, uint32_t step); /* counted from 0 */
row *add_row(report *r, const thread *t, const op *o);
void say_last(report *r, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
void set_text(char **to, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
void report_free(report *r);

/* arrows.c */
void arrows_begin(report *r);
void add_arrow(report *r, arrow_kind kind, size_t from, size_t to);
void arrow_to_child(size_t create, int creator, int child);
void arrow_to_join(int child, size_t join, int joiner);
void arrows_meet_row(const report *r, size_t index); /* that is new */

/* told.c: calls that libraries tell of. */
void note_call(report *r, row *new, const thread *t, const op *o);
void note_return(report *r, const thread *t, const op *o, long result,
        explorer_returns what);
/* "EDEADLK"; NULL: the call did not fail. */
const char *name_error(long result, explorer_returns what);
/* The words of a row that is a call's only one. */
void say_return(const report *r, row *only);
/* In which the thread is about to do that; NULL: in none. */
const call *call_at_hand(const report *r, const thread *t, const op *o);
/* "ready": the whole, not a part of it. */
void name_object_of_call(
        text *to, const thread *t, const op *o, const told_call *of);
/* "ready.wait" */
void name_call(text *to, const call *c);
/* "jobs.put(&jobs[2])" */
void spell_call(text *to, const call *c);
/* The object of a told call that has this address; NULL: none. */
const char *name_told(const report *r, uintptr_t address);
/* What the row is about: its name, or that of the object of which it is part. */
const char *name_whole(const report *r, const row *of);
/* The library does it for itself, in no call of the program; or so that nothing
 * is left of a thread. */
bool is_of_library(const report *r, const row *at);
bool is_end_of_thread(const report *r, const row *at);
/* The row that is shown in place of this one, which may be itself. */
row *told_row(const report *r, const row *of);
uint32_t number_of(const report *r, const row *of); /* of that row */
void fold_calls(report *r, const row *first_create);

/* parts.c: one row for each call, or for each part of one. */
void tell_calls(report *r);
int weight_of(const row *r);

/* ending.c: what went wrong, in result->what, and what else there is to
 * be said of it. */
void tell_ending(report *r, explorer_result *result);

/* fold.c: leaves out of the table what says nothing. */
void fold_dull(report *r);
void fold(report *r);
/* While a game lasts, what several threads use is known from all reports that
 * were folded in it. */
void fold_for_game(bool begins);

#endif
