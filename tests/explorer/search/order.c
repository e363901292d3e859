/*
 * The default order of threads, and what a run did otherwise.
 */
#include "tests/explorer/search/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- Places where a data race was seen -------------------------------------*/

enum { RACY_PLACES = 1024 };
static uintptr_t racy[RACY_PLACES];
static size_t racy_count;
static bool is_new_racy;

static bool is_racy(uintptr_t pc)
{
    for (size_t i = 0; i < racy_count; i++)
        if (racy[i] == pc)
            return true;
    return false;
}

void add_racy(uintptr_t pc)
{
    if (!is_racy(pc) && racy_count < RACY_PLACES) {
        racy[racy_count++] = pc;
        is_new_racy = true;
    }
}

void forget_racy(void)
{
    racy_count = 0;
    is_new_racy = false;
}

bool has_new_racy_place(void)
{
    bool is_new = is_new_racy;
    is_new_racy = false;
    return is_new;
}

/* --- Order -----------------------------------------------------------------*/

turn turns[MAX_THREADS * MAX_THREADS]; /* all may have as many ways */
int turn_count;

static void add_turns(int i, set which)
{
    if (!(which & ONE(i)))
        return;
    int n = ways(&threads[i]);
    for (int k = 0; k < n; k++)
        turns[turn_count++] = (turn){.step = run.step,
                .thread = (uint8_t)i,
                .way = (uint8_t)way_of(&threads[i], k)};
}

/* Whom only time, or less, lets go on. */
set reluctant_of(set enabled)
{
    set reluctant = 0;
    for (set s = enabled; s != 0; s &= s - 1)
        if (is_reluctant(&threads[first_of(s)]))
            reluctant |= s & -s;
    return reluctant;
}

/* The thread that runs goes on; when it cannot, or yields, or has done so for
 * very long, the next; what only time or chance lets go on comes last. */
void order_turns(set enabled)
{
    set reluctant = reluctant_of(enabled);
    int self = run.self->id;
    bool yields = run.self->state == LIVE &&
                  (run.self->op->kind == OP_YIELD || run.is_slice_over);
    turn_count = 0;
    for (int pass = 0; pass < 2; pass++) {
        set which = pass == 0 ? enabled & ~reluctant : reluctant;
        if (!yields)
            add_turns(self, which);
        for (int i = self + 1; i < run.threads; i++)
            add_turns(i, which);
        for (int i = 0; i < self; i++)
            add_turns(i, which);
        if (yields)
            add_turns(self, which);
    }
}

bool is_switching_point(const op *o)
{
    switch (o->kind) {
    case OP_READ:
    case OP_WRITE:
        return is_racy(o->pc);
    case OP_CREATE:
    case OP_DETACH:
        return false;
    default:
        return true;
    }
}

/* --- Schedules -------------------------------------------------------------*/

void schedule_add(schedule *s, turn t)
{
    if (s->count == s->room) {
        s->turns = grow(s->turns, &s->room, sizeof *s->turns);
    }
    s->turns[s->count++] = t;
}

void schedule_copy(schedule *to, const schedule *from)
{
    to->count = 0;
    for (size_t i = 0; i < from->count; i++)
        schedule_add(to, from->turns[i]);
}

void schedule_add_word(schedule *s, uintptr_t word)
{
    if (s->word_count == s->word_room)
        s->words = grow(s->words, &s->word_room, sizeof *s->words);
    s->words[s->word_count++] = word;
}

/* +A1f8: a word of A's stack, so far from its top; +A^10: a _Thread_local. */
static size_t write_word(char *to, uintptr_t word)
{
    for (int i = 0; i < MAX_THREADS; i++) {
        const fiber *f = &threads[i].fiber;
        const char *name = i == 0 ? "m" : thread_name(i);
        if (fiber_has(f, word))
            return (size_t)sprintf(
                    to, "+%s%zx", name, (size_t)((uintptr_t)f->top - word));
        if (local_has(&f->locals, word))
            return (size_t)sprintf(to, "+%s^%zx", name,
                    (size_t)(word - (uintptr_t)f->locals.from));
    }
    return 0;
}

/* 3B: thread B does step 3. 7A.2: in its third way. Joined by commas. */
char *schedule_write(const schedule *s)
{
    char *text = zeroes(s->count * 20 + s->word_count * 24 + 1, 1);
    size_t used = 0;
    for (size_t i = 0; i < s->count; i++) {
        const turn *t = &s->turns[i];
        used += (size_t)sprintf(text + used, "%s%u%s", i == 0 ? "" : ",",
                t->step + 1, t->thread == 0 ? "m" : thread_name(t->thread));
        if (t->way != 0)
            used += (size_t)sprintf(text + used, ".%u", t->way);
    }
    for (size_t i = 0; i < s->word_count; i++)
        used += write_word(text + used, s->words[i]);
    return text;
}

/* The thread whose name comes next; -1: there is none. */
static int read_name(char **text)
{
    for (int i = MAX_THREADS - 1; i >= 0; i--) {
        const char *name = i == 0 ? "m" : thread_name(i);
        size_t length = strlen(name);
        if (strncmp(*text, name, length) == 0) {
            *text += length;
            return i;
        }
    }
    return -1;
}

static bool read_word(const char **text, uintptr_t *word)
{
    char *end = (char *)*text + 1;
    int id = read_name(&end);
    if (id < 0)
        return false;
    const fiber *f = &threads[id].fiber;
    bool is_local = *end == '^';
    const char *number = end + is_local;
    size_t distance = strtoul(number, &end, 16);
    *text = end;
    *word = is_local ? (uintptr_t)f->locals.from + distance
                     : (uintptr_t)f->top - distance;
    return end != number && *word % 8 == 0 &&
           (is_local ? distance < local_size : fiber_has(f, *word));
}

static bool read_turn(const char **text, turn *t)
{
    char *end;
    unsigned long number = strtoul(*text, &end, 10);
    if (end == *text || number == 0)
        return false;
    t->step = (uint32_t)number - 1;
    t->way = 0;
    int id = read_name(&end);
    if (id < 0)
        return false;
    t->thread = (uint8_t)id;
    if (*end == '.')
        t->way = (uint8_t)strtoul(end + 1, &end, 10);
    *text = end;
    return true;
}

bool schedule_read(const char *text, schedule *s)
{
    uintptr_t word;
    s->count = s->word_count = 0;
    while (*text != '\0' && *text != '+') {
        turn t = {0};
        if (!read_turn(&text, &t))
            return false;
        schedule_add(s, t);
        if (*text == ',')
            text++;
        else if (*text != '\0' && *text != '+')
            return false;
    }
    while (*text == '+') {
        if (!read_word(&text, &word))
            return false;
        schedule_add_word(s, word);
    }
    return *text == '\0';
}
