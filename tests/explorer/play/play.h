/*
 * A game: somebody at a prompt is the scheduler. Each move is a stretch of steps
 * of one thread. The run is repeated from its beginning up to where the next
 * choice is to be made, and stops there; so to undo a move is to leave it out.
 *
 *   play.c    the game: from one choice to the next
 *   moves.c   runs that follow the moves; where a choice is to be made
 *   hint.c    a way from here to the bug
 *   ask.c     what was typed, as wishes
 *   show.c    what has happened
 *   threads.c what could happen next
 *   tell.c    how a game begins, and how a run of it ends
 */
#ifndef EXPLORER_PLAY_H
#define EXPLORER_PLAY_H

#include "tests/explorer/report/layout.h"

/* One thread goes on, until others could come before it in a way that matters. */
typedef struct move {
    uint8_t thread, way;
    bool is_chosen;  /* by the player: else it was a matter of course */
    bool is_switch;  /* though the thread chosen before could have gone on */
    bool is_alone;   /* nobody else could */
    uint32_t begins; /* at this step */
    uint32_t length; /* in steps; 0: it has not been made yet */
    op_kind stop;    /* what the thread was about to do then, and where */
    uintptr_t stop_pc;
} move;

typedef struct moves {
    move *at;
    size_t count, room;
} moves;

extern int most_threads; /* that were in any run of the game, main included */

void moves_copy(moves *to, const moves *from);
size_t moves_chosen(const moves *m);
size_t moves_switches(const moves *m);

typedef struct game {
    scenario_body *scenario;
    explorer_options given;
    explorer_verdict target; /* what the explorer found; EXPLORER_OK: nothing */
    char what[256];          /* in a sentence */
    bool is_proved;          /* that there is nothing to be found */
    unsigned long runs;      /* that it did */
    moves played;            /* so far */
    moves way; /* to the bug, if it is not empty: from here or from before */
    size_t choices, switches; /* of the explorer's own way */
    report *report;           /* of the run at hand */
    size_t shown;             /* so many of its rows were shown */
    bool is_behind;           /* there is more to be shown */
    bool was_reached;         /* the bug, at any time */
} game;

/* --- moves.c --- */

/* Repeats what was played. Afterwards the run is still at hand: */
void run_moves(game *g);
/* it waits for a choice, one of `turns`; or it has ended. */
bool run_is_open(void);
bool run_has_failed(const game *g);

/* The same, and from there on to the end as that run went, as far as it can. */
void run_moves_along(game *g, const schedule *along);

/* To be called while the turns are known from which it was taken. */
void moves_add(moves *m, int thread, int way, bool is_chosen);

/* The thread whose turn it was last; -1: nobody's yet. */
int last_chosen(const moves *m);

/* --- hint.c --- */

/* What the explorer knows of the program before the game begins. */
void look_for_the_bug(game *g);
void give_hint(game *g);

/* --- ask.c --- */

typedef enum wish_kind {
    WISH_THREAD,
    WISH_SAME, /* thread as before */
    WISH_UNDO,
    WISH_ANEW,
    WISH_HINT,
    WISH_LIST,
    WISH_HELP,
    WISH_QUIT,
    WISH_END, /* of the input */
} wish_kind;

enum { ANY_WAY = 255 };

typedef struct wish {
    wish_kind kind;
    uint8_t thread, way;
} wish;

/* The next wish of the line that was read last, or else of a new one. */
wish next_wish(void);
bool has_wishes(void);      /* left from that line */
size_t forget_wishes(void); /* how many there were */

/* --- tell.c --- */

void introduce(const game *g);
void show_end(game *g);
void farewell(const game *g);

/* --- show.c --- */

void show_begin(void);
/* In the columns of that run, if no other one had more. */
void show_like(const report *r, const moves *played);
void show_news(game *g);  /* since it was asked last */
void show_where(game *g); /* the last rows */
void show_list(const game *g);

/* --- threads.c --- */

void show_choices(const game *g);
/* "A" or "A.2" */
const char *name_turn(const turn *t);
/* What the thread does if it goes on in that way. */
void say_turn(text *to, const turn *t);
/* Why it cannot go on. */
void say_wait(text *to, const game *g, int id);

#endif
