/*
 * Ends of runs in which threads wait for ever, or go round for ever: who waits
 * for whom, and since when.
 */
#include "tests/explorer/search/cycle.h"
#include "tests/explorer/report/ending.h"

#include <string.h>

/* --- Who waits for whom ----------------------------------------------------*/

/* The thread that must act before this one can go on; -1: no one thread. */
static int waits_for(int id)
{
    const op *o = threads[id].op;
    if (threads[id].spins)
        return -1;
    return o->kind == OP_JOIN ? (int)o->value : holder_of(&threads[id], o);
}

/* A lock that somebody holds. */
static bool wants_lock(int id)
{
    const op *o = threads[id].op;
    return is_lock(o->kind) && o->kind != OP_TAKE && o->kind != OP_ONCE;
}

/* Some thread of a circle; -1: there is none. */
static int find_circle(void)
{
    for (int i = 1; i <= run.threads; i++) {
        int start = i % run.threads, id = start;
        for (int n = 0; n < run.threads; n++) {
            if (id < 0 || threads[id].state != LIVE)
                break;
            id = waits_for(id);
            if (id == start)
                return start;
        }
    }
    return -1;
}

static void say_holds(text *t, report *r, int id, const char *before)
{
    for (row *h = NULL;
            (h = next_held(r, id, r->rows + r->count, h)) != NULL;) {
        h->is_key = true;
        say_held(t, r, before, h);
        before = ", ";
    }
}

static const char *name_wanted(const report *r, int id)
{
    static text name;
    const op *o = threads[id].op;
    name.s[0] = '\0';
    const char *told = name_told(r, o->address);
    if (told != NULL)
        say(&name, "%s", told);
    else
        name_object(&name, &threads[id], o);
    if (o->kind == OP_READ_LOCK || o->kind == OP_WRITE_LOCK)
        say(&name, o->kind == OP_READ_LOCK ? " for reading" : " for writing");
    return name.s;
}

/* Lines of code, in order, each once. */
typedef struct lines {
    int line[8];
    int count;
} lines;

static void add_line(lines *l, int line)
{
    int at = l->count;
    while (at > 0 && l->line[at - 1] > line)
        at--;
    bool is_there_already = at > 0 && l->line[at - 1] == line;
    if (is_there_already || l->count == (int)(sizeof l->line / sizeof *l->line))
        return;
    memmove(&l->line[at + 1], &l->line[at],
            (size_t)(l->count - at) * sizeof *l->line);
    l->line[at] = line;
    l->count++;
}

/* "in lines 15, 16" */
static void say_lines(text *t, const lines *l)
{
    for (int i = 0; i < l->count; i++)
        say(t, "%s%d",
                i > 0          ? ", "
                : l->count > 1 ? "in lines "
                               : "in line ",
                l->line[i]);
}

static void say_lines_of_spin(text *t, const report *r, const thread *spins)
{
    lines l = {.count = 0};
    for (uint32_t i = spins->spin_from; i < spins->read_count; i++) {
        row *at = row_of_step(r, spins->reads[i].step);
        if (at == NULL)
            continue;
        at->is_key = true;
        add_line(&l, at->at.line);
    }
    say(t, "spins ");
    say_lines(t, &l);
}

/* What the loop looks at, again and again. */
static void say_reads_of_spin(text *t, const report *r, const thread *spins)
{
    const char *before = ": it finds ";
    for (uint32_t i = spins->spin_from; i < spins->read_count; i++) {
        const row *at = row_of_step(r, spins->reads[i].step);
        const char *read = at == NULL ? NULL : strchr(at->text, ' ');
        if (read == NULL || strstr(t->s, ++read) != NULL)
            continue;
        say(t, "%s%s", before, read);
        before = ", ";
    }
    say(t, ", and nobody is left to change %s",
            strchr(t->s, ',') == NULL ? "that" : "it");
}

/* "waits at b, to which 1 of 2 came" */
static void say_arrived(text *t, const report *r, int id)
{
    const barrier *b = (const barrier *)threads[id].op->address;
    say(t, "waits at %s, to which %u of %u came", name_wanted(r, id),
            b->arrived, b->count);
}

void say_wish(text *t, const report *r, int id)
{
    const op *o = threads[id].op;
    const call *in = call_at_hand(r, &threads[id], o);
    if (in != NULL && !wants_lock(id)) {
        say(t, "waits in ");
        name_call(t, in);
    } else if (threads[id].spins)
        say_lines_of_spin(t, r, &threads[id]);
    else if (o->kind == OP_JOIN)
        say(t, "waits for %s to end", thread_name((int)o->value));
    else if (wants_lock(id) && waits_for(id) == id)
        say(t, "wants %s, which it holds itself", name_wanted(r, id));
    else if (wants_lock(id))
        say(t, "wants %s", name_wanted(r, id));
    else if (o->kind == OP_ONCE)
        say(t, "waits until %s is done%s", name_wanted(r, id),
                waits_for(id) == id ? ", which it does itself" : "");
    else if (o->kind == OP_LEAVE)
        say_arrived(t, r, id);
    else if (o->kind == OP_TAKE)
        say(t, "waits for %s, which is 0", name_wanted(r, id));
    else
        say(t, "waits for %s", name_wanted(r, id));
}

/* "A holds a and wants b" */
static void say_state(text *t, report *r, int id)
{
    text held = {""};
    if (waits_for(id) != id)
        say_holds(&held, r, id, "");
    say(t, "%s%s ", t->s[0] == '\0' ? "" : "; ", thread_name(id));
    if (held.s[0] != '\0')
        say(t, "holds %s and ", held.s);
    say_wish(t, r, id);
    int other = waits_for(id);
    if (wants_lock(id) && other >= 0 && threads[other].state == ENDED)
        say(t, ", which %s has kept to its end", thread_name(other));
}

static bool is_left(int id)
{
    return threads[id].state == LIVE && threads[id].op != NULL;
}

/* Who only waits for others to end is told of last, or not at all. */
static bool only_joins(int id)
{
    return !threads[id].spins && threads[id].op->kind == OP_JOIN;
}

static void say_all_states(text *t, report *r)
{
    for (int i = 0; i < run.threads; i++)
        if (is_left(i) && !only_joins(i))
            say_state(t, r, i);
    bool is_told = t->s[0] != '\0';
    for (int i = 0; i < run.threads && !is_told; i++)
        if (is_left(i))
            say_state(t, r, i);
}

static void mark_blocked(row *last, int id)
{
    int other = waits_for(id);
    bool is_held = wants_lock(id) && other != id && other >= 0;
    if (last->call != 0 && other >= 0)
        MARK(last, "waits for %s for ever", thread_name(other));
    else if (last->call != 0)
        MARK(last, "waits for ever");
    else if (is_held && threads[id].op->kind == OP_READ_LOCK &&
             threads[other].op->kind == OP_WRITE_LOCK)
        MARK(last, "%s is to go first", thread_name(other));
    else if (is_held)
        MARK(last, "%s has it", thread_name(other));
    else
        MARK(last, "for ever");
}

static void add_blocked_row(report *r, int id)
{
    text wish = {""};
    if (threads[id].spins)
        say(&wish, "spins");
    else
        say_wish(&wish, r, id);
    row *last = add_row(r, &threads[id], threads[id].op);
    if (last->call != 0) {
        wish.s[0] = '\0';
        spell_call(&wish, &r->calls[last->call - 1]);
    }
    set_text(&last->text, "%s", wish.s);
    mark_blocked(last, id);
}

/* Rows for what will never come to pass. */
static void add_blocked_rows(report *r)
{
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < run.threads; i++)
            if (is_left(i) && only_joins(i) == (pass == 1))
                add_blocked_row(r, i);
}

static row *blocked_row(const report *r, int id)
{
    row *at = r->rows + r->count;
    while (at > r->rows && at[-1].number == 0 && at[-1].mark != NULL)
        if ((--at)->thread == id)
            return at;
    return NULL;
}

/* From who waits for ever to where the other took what it wants. In a circle
 * it may wait for the other's end, which is held up where that one waits. */
static void draw_waits(report *r, set circle)
{
    row *end = r->rows + r->count;
    for (int i = 0; i < run.threads; i++) {
        int other = is_left(i) ? waits_for(i) : -1;
        if (other < 0 || other == i)
            continue;
        const row *to = NULL, *from = blocked_row(r, i);
        if (threads[i].op->kind == OP_LOCK)
            to = where_taken(r, other, threads[i].op->address, end);
        else if (circle & ONE(i))
            to = blocked_row(r, other);
        if (from != NULL && to != NULL)
            add_arrow(r, ARROW_WAIT, (size_t)(from - r->rows),
                    (size_t)(to - r->rows));
    }
}

/* Where the mutexes were taken that others want. */
static void tell_holdings(report *r)
{
    for (row *took = r->rows; took < r->rows + r->count; took++) {
        bool is_wanted = false;
        for (int i = 0; i < run.threads; i++)
            is_wanted |= is_left(i) && waits_for(i) == took->thread &&
                         wants_lock(i) && threads[i].op->address == took->mutex;
        if (!is_wanted || where_taken(r, took->thread, took->mutex,
                                  r->rows + r->count) != took)
            continue;
        took->is_key = true;
        say_last(r, "%s holds %s since step %u, line %d%s",
                thread_name(took->thread), name_whole(r, took),
                number_of(r, took), took->at.line,
                threads[took->thread].state == ENDED ? ", though it has ended"
                                                     : "");
    }
}

void tell_deadlock(report *r, text *what)
{
    int start = find_circle();
    set circle = 0;
    what->s[0] = '\0';
    if (start < 0)
        say_all_states(what, r);
    for (int id = start; id >= 0 && id < run.threads;) {
        say_state(what, r, id);
        circle |= ONE(id);
        id = waits_for(id);
        if (id == start)
            break;
    }
    tell_holdings(r);
    add_blocked_rows(r);
    draw_waits(r, circle);
}

/* --- Livelocks -------------------------------------------------------------*/

static void tell_spinning(report *r, text *what)
{
    what->s[0] = '\0';
    say_all_states(what, r);
    for (int i = 0; i < run.threads; i++) {
        text line = {""};
        if (!is_left(i) || !threads[i].spins)
            continue;
        say(&line, "%s ", thread_name(i));
        say_lines_of_spin(&line, r, &threads[i]);
        say_reads_of_spin(&line, r, &threads[i]);
        say_last(r, "%s", line.s);
    }
    tell_holdings(r);
    add_blocked_rows(r);
    draw_waits(r, 0);
}

/* The last steps can be repeated for ever. */
static void tell_round(report *r, text *what)
{
    row *first = row_of_step(r, cycle_begins), *end = r->rows + r->count;
    if (first == NULL)
        return;
    what->s[0] = '\0';
    for (set moving = cycle_moves; moving != 0; moving &= moving - 1) {
        lines l = {.count = 0};
        int id = first_of(moving);
        for (const row *at = first; at < end; at++)
            if (at->thread == id && at->number != 0)
                add_line(&l, at->at.line);
        say(what, "%s%s ", what->s[0] == '\0' ? "" : " and ", thread_name(id));
        say_lines(what, &l);
    }
    say(what, count_of(cycle_moves) > 1 ? " go round for ever"
                                        : " goes round for ever");
    for (row *at = first; at < end; at++)
        at->is_key |= at->kind <= OP_TRYTAKE;
    say_last(r,
            "after step %u all is as it was before step %u: it can go on "
            "like this for ever",
            number_of(r, end - 1), number_of(r, first));
    if (first != end - 1)
        MARK(first, "the round begins");
    MARK(end - 1, "and again from step %u", number_of(r, first));
}

void tell_livelock(report *r, const row *last, text *what)
{
    bool can_go_on = false;
    if (last->kind == OP_CHECK)
        return; /* a loop without a step */
    for (int i = 0; i < run.threads; i++)
        can_go_on |= is_left(i) && !is_blocked(&threads[i]);
    if (can_go_on)
        tell_round(r, what);
    else
        tell_spinning(r, what);
}

/* --- Lost wakeups ----------------------------------------------------------*/

void tell_lost_wakeup(report *r, text *what)
{
    what->s[0] = '\0';
    for (int i = 0; i < run.threads; i++) {
        const thread *t = &threads[i];
        if (!is_left(i) || t->op->kind != OP_WAITING)
            continue;
        const condition *c = (const condition *)t->op->address;
        if (c->early == 0 || c->early >= t->waits_since)
            continue;
        row *signal = row_of_step(r, c->early - 1);
        row *wait = row_of_step(r, t->waits_since - 1);
        if (signal == NULL || wait == NULL)
            continue;
        say(what, "%s%s signals %s before %s waits for it",
                what->s[0] == '\0' ? "" : "; ", thread_name(signal->thread),
                name_whole(r, signal), thread_name(i));
        say_last(r, "step %u: %s signals %s, and nobody waits for it",
                number_of(r, signal), thread_name(signal->thread),
                name_whole(r, signal));
        say_last(r, "step %u: %s begins to wait for %s, and no signal comes",
                number_of(r, wait), thread_name(i), name_whole(r, wait));
        MARK(signal, "too early");
        MARK(wait, "misses step %u", number_of(r, signal));
    }
    add_blocked_rows(r);
}
