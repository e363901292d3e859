/*
 * Keeps a run, row by row, while it is repeated for the report.
 */
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/report/record.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool is_recording;

static report *current;
static uint32_t recorded_run;
static set known; /* threads that have been seen */

/* What a step leaves behind can be seen only when the next one begins. */
static struct {
    bool is_open;
    size_t row; /* of what was done last */
    op_kind kind;
} after;

/* --- Rows ------------------------------------------------------------------*/

void set_text(char **to, const char *format, ...)
{
    va_list list;
    char *old = *to; /* which may be among what is put together */
    va_start(list, format);
    if (vasprintf(to, format, list) < 0)
        refuse("no memory for the report");
    va_end(list);
    free(old);
}

row *row_of_step(const report *r, uint32_t step)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->rows[i].number == step + 1)
            return &r->rows[i];
    return NULL;
}

/* How the thread came to be in this function. What calls the thread's first
 * function is not the program. */
static void add_callers(row *r, const thread *t)
{
    uint32_t deepest = t->depth < CALLS ? t->depth : CALLS;
    if (deepest < 2)
        return;
    r->callers = zeroes(deepest - 1, sizeof *r->callers);
    for (uint32_t k = deepest; k-- > 1;) {
        place at = name_code(t->calls[k]);
        if (at.line != 0) /* else it only tells of calls */
            r->callers[r->caller_count++] = at;
    }
}

row *add_row(report *r, const thread *t, const op *o)
{
    if (r->count == r->room)
        r->rows = grow(r->rows, &r->room, sizeof *r->rows);
    row *new = &r->rows[r->count++];
    *new = (row){.thread = (uint8_t)t->id,
            .kind = o->kind,
            .other = o->kind == OP_JOIN || o->kind == OP_TRYJOIN
                             ? (uint8_t)o->value
                             : 0,
            .object = o->address,
            .size = o->size};
    new->at = where(pc_in_program(t, o), &new->first_line);
    bool is_at = o->kind == OP_CHECK || o->kind == OP_RETURN || o->pc == 0;
    new->inside = is_at ? new->at : name_code(o->pc);
    add_callers(new, t);
    if (o->kind <= OP_DESTROY || o->address != 0) {
        text name = {""};
        if (o->kind <= OP_FREE)
            name_memory(&name, t, o);
        else
            name_object(&name, t, o);
        set_text(&new->name, "%s", name.s);
    }
    note_call(r, new, t, o);
    arrows_meet_row(r, r->count - 1);
    return new;
}

void report_free(report *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < r->count; i++) {
        free(r->rows[i].callers);
        free(r->rows[i].name);
        free(r->rows[i].text);
        free(r->rows[i].shown);
        free(r->rows[i].mark);
    }
    for (size_t i = 0; i < r->call_count; i++) {
        free(r->calls[i].object);
        free(r->calls[i].argument);
        free(r->calls[i].result);
    }
    for (size_t i = 0; i < r->given_count; i++)
        free(r->given[i]);
    for (size_t i = 0; i < r->ending_count; i++)
        free(r->ending[i]);
    free(r->given);
    free(r->calls);
    free(r->ending);
    free(r->arrows);
    free(r->rows);
    free(r->printed);
    free(r);
}

static void begin(void)
{
    if (current != NULL && recorded_run == run.number)
        return;
    report_free(current);
    current = zeroes(1, sizeof *current);
    recorded_run = run.number;
    arrows_begin(current);
    known = ONE(0);
    after.is_open = false;
}

/* Adds a line to what is said after the table. */
void say_last(report *r, const char *format, ...)
{
    va_list list;
    char *line;
    va_start(list, format);
    if (vasprintf(&line, format, list) < 0)
        refuse("no memory for the report");
    va_end(list);
    if (r->ending_count == r->ending_room)
        r->ending = grow(r->ending, &r->ending_room, sizeof(char *));
    r->ending[r->ending_count++] = line;
}

/* --- What a step left behind -----------------------------------------------*/

static void name_child(row *r)
{
    for (int i = 1; i < run.threads; i++)
        if (threads[i].state != ABSENT && !(known & ONE(i))) {
            known |= ONE(i);
            r->other = (uint8_t)i;
            set_text(&r->text, "create %s", thread_name(i));
            arrow_to_child(after.row, r->thread, i);
            current->start[i] = name_function((uintptr_t)threads[i].body);
        }
}

static void finish_last_step(void)
{
    if (!after.is_open)
        return;
    after.is_open = false;
    row *r = &current->rows[after.row];
    if (after.kind == OP_CREATE) {
        name_child(r);
        return;
    }
    text t = {""};
    bool writes = after.kind == OP_WRITE || after.kind == OP_STORE;
    say(&t, "%s%s", r->text, writes ? " = " : " -> ");
    name_value(&t, r->object, r->size);
    set_text(&r->text, "%s", t.s);
}

static bool leaves_something(const op *o)
{
    switch (o->kind) {
    case OP_CREATE:
        return true;
    case OP_WRITE:
    case OP_STORE:
    case OP_UPDATE:
        return is_usable(o->address, o->size);
    case OP_COMPARE:
        return is_usable(o->address, o->size) &&
               memcmp((void *)o->address, o->text, o->size) == 0;
    default:
        return false;
    }
}

/* A reader that reads once more takes nothing, nor does it give back. */
static bool holds_anyway(const thread *t, const op *o)
{
    const rwlock *rw = (const rwlock *)o->address;
    switch (o->kind) {
    case OP_READ_LOCK:
    case OP_TRY_READ_LOCK:
        return get_set(rw->holders) & ONE(t->id);
    case OP_READ_UNLOCK:
        return memchr(rw->again, t->id + 1, sizeof rw->again) != NULL;
    default:
        return false;
    }
}

/* +1: the thread gets the lock, -1: it lets go of it. What the step touches
 * tells. */
static int8_t change_of_holding(const thread *t, const op *o)
{
    touch touches[4];
    bool is_of_lock = (o->kind >= OP_LOCK && o->kind <= OP_WAIT) ||
                      (o->kind >= OP_READ_LOCK && o->kind <= OP_SPIN_UNLOCK);
    if (!is_of_lock || !is_there(o->address, sizeof(rwlock)) ||
            holds_anyway(t, o) || touches_of(t, touches) == 0)
        return 0;
    switch (touches[0].kind) {
    case LOCKS:
    case SHARES:
        return (int8_t)(o->is_timed && o->way == WAY_TIMEOUT ? 0 : 1);
    case UNLOCKS:
    case UNSHARES:
        return -1;
    default:
        return 0;
    }
}

/* --- The doors -------------------------------------------------------------*/

/* Output, and a check that fails, take no turn. */
static bool is_numbered(op_kind kind)
{
    return kind != OP_OUTPUT && kind != OP_END;
}

void record_step(const thread *t, const op *o)
{
    text words = {""};
    begin();
    finish_last_step();
    row *r = add_row(current, t, o);
    words_of(&words, t, o);
    set_text(&r->text, "%s", words.s);
    r->number = is_numbered(o->kind) ? run.step + 1 : 0;
    if (o->kind == OP_JOIN)
        arrow_to_join(r->other, current->count - 1, t->id);
    r->holds = change_of_holding(t, o);
    r->mutex = o->kind == OP_WAIT ? o->mutex : o->address;
    after.row = current->count - 1;
    after.kind = o->kind;
    after.is_open = leaves_something(o);
}

void record_end(const thread *t)
{
    op end = {.kind = OP_END};
    record_step(t, &end);
}

/* A wait for a condition has a row anyway, of the step with which it begins. */
void record_wait(const thread *t, const op *o)
{
    if (o->kind == OP_WAITING || o->again || o->kind == OP_LEAVE ||
            !is_blocked(t) || told_call_of(t, o) == NULL)
        return;
    begin();
    finish_last_step();
    int holder = o->kind == OP_JOIN ? (int)o->value : holder_of(t, o);
    row *r = add_row(current, t, o);
    r->begins_wait = true;
    set_text(&r->text, holder < 0 ? "waits" : "waits for %s",
            holder < 0 ? "" : thread_name(holder));
}

/* A call that failed has a row even if nobody else can notice it. */
void record_return(
        const thread *t, const op *o, long result, explorer_returns what)
{
    begin();
    bool needs_row = name_error(result, what) != NULL &&
                     !options.shows_inside && t->told_depth <= DEEPEST &&
                     call_at_hand(current, t, o) == NULL;
    if (needs_row) {
        finish_last_step();
        add_row(current, t, o);
    }
    note_return(current, t, o, result, what);
    if (needs_row)
        say_return(current, &current->rows[current->count - 1]);
}

/* A library's own thread calls the program. That nobody else can notice, but
 * who reads what follows wants to know where it began. */
void record_begin(const thread *t, uintptr_t called_from, const op *o)
{
    place from = name_code(called_from), in = name_code(o->pc);
    if (t->told_depth > 0 || !is_library_code(&from) || is_library_code(&in))
        return;
    begin();
    finish_last_step();
    row *r = add_row(current, t, o);
    if (r->first_line != 0) /* and not its brace, or its first statement */
        r->at.line = r->inside.line = r->first_line;
    set_text(&r->text, "%s begins", in.function);
}

report *record_so_far(void)
{
    begin();
    finish_last_step();
    report *r = current;
    current = NULL;
    r->verdict = run.verdict;
    r->switches = run.switches;
    set_text(&r->printed, "%s", run_output());
    tell_calls(r);
    return r;
}

void record_ending(explorer_result *result)
{
    report *r = record_so_far();
    tell_ending(r, result);
    fold(r);
    report_free(result->report);
    result->report = r;
}
