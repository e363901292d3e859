/*
 * Calls that libraries tell of: what they are called, what they returned, and
 * which of their rows the table can do without.
 */
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/report/record.h"

#include <stdlib.h>
#include <string.h>

static call *call_of(const report *r, const thread *t, uint32_t number)
{
    for (size_t i = r->call_count; i-- > 0;)
        if (r->calls[i].thread == t->id && r->calls[i].of.number == number)
            return &r->calls[i];
    return NULL;
}

void name_object_of_call(
        text *to, const thread *t, const op *o, const told_call *of)
{
    op whole = *o;
    whole.address = of->object;
    whole.size = of->size;
    name_memory(to, t, &whole);
}

static call *add_call(
        report *r, const thread *t, const op *o, const told_call *of)
{
    text name = {""};
    if (r->call_count == r->call_room)
        r->calls = grow(r->calls, &r->call_room, sizeof *r->calls);
    call *new = &r->calls[r->call_count++];
    *new = (call){.of = *of, .thread = (uint8_t)t->id, .first = r->count - 1};
    name_object_of_call(&name, t, o, of);
    set_text(&new->object, "%s", name.s);
    if (of->has_item) {
        text item = {""};
        name_item(&item, t, o, of->item);
        set_text(&new->argument, "(%s)", item.s);
    }
    return new;
}

void note_call(report *r, row *new, const thread *t, const op *o)
{
    const told_call *of = told_call_of(t, o);
    if (of == NULL || o->kind == OP_CHECK || o->kind == OP_OUTPUT ||
            o->kind == OP_END)
        return;
    call *c = call_of(r, t, of->number);
    if (c == NULL)
        c = add_call(r, t, o, of);
    c->last = r->count - 1;
    new->call = (uint32_t)(c - r->calls) + 1;
}

const call *call_at_hand(const report *r, const thread *t, const op *o)
{
    const told_call *of = told_call_of(t, o);
    return of == NULL ? NULL : call_of(r, t, of->number);
}

const char *name_error(long result, explorer_returns what)
{
    bool is_error = what == EXPLORER_ERROR && result != 0;
    return is_error ? strerrorname_np((int)result) : NULL;
}

/* What the thread was given is called after who gave it: "A's totals". */
static void name_given(report *r, const thread *t, const op *o,
        uintptr_t address, const told_call *of)
{
    text name = {""};
    block *b = memory_block(address);
    if (b == NULL || b->name != NULL || options.shows_inside)
        return;
    if (r->given_count == r->given_room)
        r->given = grow(r->given, &r->given_room, sizeof *r->given);
    char **given = &r->given[r->given_count++];
    name_object_of_call(&name, t, o, of);
    *given = NULL;
    set_text(given, "%s's %s", thread_name(t->id), name.s);
    b->name = *given;
    b->named = address;
}

void note_return(report *r, const thread *t, const op *o, long result,
        explorer_returns what)
{
    const told_call *of =
            t->told_depth <= DEEPEST ? &t->told[t->told_depth - 1] : NULL;
    if (of != NULL && what == EXPLORER_POINTER)
        name_given(r, t, o, (uintptr_t)result, of);
    call *c = of == NULL ? NULL : call_of(r, t, of->number);
    if (c == NULL)
        return;
    const char *error = name_error(result, what);
    c->has_returned = true;
    c->has_failed = error != NULL;
    if (what == EXPLORER_TRUTH)
        set_text(&c->result, " = %s", result ? "true" : "false");
    else if (error != NULL)
        set_text(&c->result, " = %s", error);
    else if (what == EXPLORER_NUMBER)
        set_text(&c->result, " = %ld", result);
    else if (of->has_item && c->argument == NULL) {
        text item = {""};
        name_item(&item, t, o, of->item);
        set_text(&c->result, " = %s", item.s);
    }
}

void name_call(text *to, const call *c)
{
    say(to, "%s.%s", c->object, c->of.name);
}

void spell_call(text *to, const call *c)
{
    name_call(to, c);
    if (c->argument != NULL)
        say(to, "%s", c->argument);
}

void say_return(const report *r, row *only)
{
    text words = {""};
    const call *c = &r->calls[only->call - 1];
    spell_call(&words, c);
    set_text(&only->text, "%s%s", words.s, c->result);
    set_text(&only->name, "%s", c->object);
}

const char *name_told(const report *r, uintptr_t address)
{
    for (size_t i = r->call_count; i-- > 0;)
        if (address - r->calls[i].of.object < r->calls[i].of.size)
            return r->calls[i].object;
    return NULL;
}

const char *name_whole(const report *r, const row *of)
{
    const char *name = name_told(r, of->object);
    return name == NULL ? of->name : name;
}

bool is_of_library(const report *r, const row *at)
{
    return r->call_count > 0 && at->call == 0 && is_library_code(&at->at);
}

row *told_row(const report *r, const row *of)
{
    while (of->told_by != 0)
        of = &r->rows[of->told_by - 1];
    return &r->rows[of - r->rows];
}

uint32_t number_of(const report *r, const row *of)
{
    return told_row(r, of)->number;
}

/* --- In the table ----------------------------------------------------------*/

static bool is_bookkeeping(const report *r, const call *c)
{
    for (size_t i = c->first; i <= c->last; i++)
        if (r->rows[i].call == c - r->calls + 1 &&
                (r->rows[i].kind == OP_INIT || r->rows[i].kind == OP_DESTROY))
            return true;
    return false;
}

/* What is said of a step is said of the row that tells of it. */
static void hand_on(const report *r, row *at)
{
    row *teller = told_row(r, at);
    if (teller == at)
        return;
    at->is_dull = true;
    teller->is_key |= at->is_key;
    if (at->mark != NULL && teller->mark == NULL) {
        teller->mark = at->mark;
        at->mark = NULL;
    }
}

static void let_tell(const report *r, const row *teller, row *at)
{
    at->told_by = (uint32_t)(teller - r->rows) + 1;
    at->is_dull = true;
}

bool is_end_of_thread(const report *r, const row *at)
{
    if (!is_of_library(r, at))
        return false;
    for (const row *before = at; before-- > r->rows;)
        if (before->thread == at->thread && before->kind == OP_KEYS)
            return strncmp(before->text, "runs", 4) == 0;
    return false;
}

/* It is of the end: the call never comes back. */
static bool never_returns(const row *at)
{
    return at->number == 0 && !at->begins_wait && at->kind != OP_RETURN;
}

/* Whoever waits for ever has a row for it at the end. Where the thread has gone to
 * sleep is a row already: that does, if it did nothing since. Where it began to
 * wait for another says nothing more. */
static void tell_at_end(const report *r, row *blocked)
{
    bool is_last = true;
    row *at = blocked - 1;
    for (; at->call != blocked->call || at->told_by != 0; at--) {
        if (at == r->rows)
            return;
        is_last &= at->thread != blocked->thread || at->is_dull;
    }
    bool is_asleep = at->kind == OP_WAIT && !at->begins_wait;
    if (is_asleep && is_last) {
        if (at->mark == NULL)
            set_text(&at->mark, "for ever");
        free(blocked->mark);
        blocked->mark = NULL;
        at->is_key = true;
        let_tell(r, at, blocked);
    } else if (!is_asleep && (at->begins_wait || weight_of(at) < 3)) {
        let_tell(r, blocked, at);
    }
}

void fold_calls(report *r, const row *first_create)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->rows[i].call != 0)
            hand_on(r, &r->rows[i]);
    for (size_t i = 0; i < r->count; i++) {
        row *at = &r->rows[i];
        if (at->call == 0 || at->told_by != 0)
            continue;
        const call *c = &r->calls[at->call - 1];
        bool is_setup =
                &r->rows[c->last] < first_create || is_bookkeeping(r, c);
        bool says_nothing = at->shown == NULL && !never_returns(at);
        at->is_dull =
                !at->is_key && (says_nothing || (is_setup && !c->has_failed));
    }
    for (size_t i = 0; i < r->count; i++) {
        row *at = &r->rows[i];
        if (at->call != 0 && never_returns(at))
            tell_at_end(r, at);
    }
}
