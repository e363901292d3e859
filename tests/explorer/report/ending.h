/*
 * The stories of the verdicts. Each puts what went wrong in `what`, with names,
 * adds what else there is to be said, and marks the rows that it is about.
 */
#ifndef EXPLORER_ENDING_H
#define EXPLORER_ENDING_H

#include "tests/explorer/report/record.h"

#define MARK(r, ...)                                                           \
    do {                                                                       \
        (r)->is_key = true;                                                    \
        set_text(&(r)->mark, __VA_ARGS__);                                     \
    } while (0)

/* "reads" */
const char *verb_of(const row *r);

/* The rows where a thread took what it holds just before row `end`, one after
 * the other: `after` is the one before, NULL to begin with. */
row *next_held(report *r, int thread, const row *end, row *after);

/* The one of them for that mutex; NULL if it does not hold it. */
row *where_taken(report *r, int thread, uintptr_t mutex, const row *end);

/* "rw for reading" */
void say_held(text *t, const report *r, const char *before, const row *took);

/* Marks writes that replace what another thread wrote after the writer had
 * read: how an update is lost. */
void mark_lost_updates(report *r);

/* blocked.c */
void say_wish(text *t, const report *r, int id); /* why it cannot go on */
void tell_deadlock(report *r, text *what);
void tell_livelock(report *r, const row *last, text *what);
void tell_lost_wakeup(report *r, text *what);

/* damage.c */
void tell_use_after_free(report *r, row *last);
void tell_leak(report *r, text *what);
void tell_crash(report *r, row *last, text *what);

#endif
