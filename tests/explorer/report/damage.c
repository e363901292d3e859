/*
 * Ends of runs that go wrong in memory: used after it was freed, lost, or
 * never there.
 */
#include "tests/explorer/report/ending.h"
#include "tests/explorer/memory/memory.h"

#include <string.h>

/* What a library gave to a thread, it takes back. */
static void tell_given(report *r, const block *b)
{
    say_last(r, "%s: %zu bytes, for %s alone", b->name,
            (size_t)(b->start + b->size - b->named), thread_name(b->made_by));
    const row *freed = b->freed_at == 0 ? NULL : row_of_step(r, b->free_step);
    if (freed == NULL)
        return;
    if (is_end_of_thread(r, freed))
        say_last(r, "step %u: %s ends, and they are freed", number_of(r, freed),
                thread_name(freed->thread));
    else
        say_last(r, "step %u: %s frees them in line %d", number_of(r, freed),
                thread_name(freed->thread), freed->at.line);
}

static void tell_block(report *r, const block *b, const char *name)
{
    if (b->name != NULL) {
        tell_given(r, b);
        return;
    }
    say_last(r, "%s: %zu bytes that %s allocated in line %d", name, b->size,
            thread_name(b->made_by), name_code(b->made_at).line);
    r->allocation = where(b->made_at, &r->allocation_first_line);
    if (b->freed_at != 0)
        say_last(r, "step %u: %s frees them in line %d", b->free_step + 1,
                thread_name(b->freed_by), name_code(b->freed_at).line);
}

void tell_use_after_free(report *r, row *last)
{
    const block *b = memory_block(last->object);
    last->is_key = true;
    if (b == NULL || b->freed_at == 0) {
        const thread *owner = owner_of(last->object);
        bool is_local =
                owner != NULL && local_has(&owner->fiber.locals, last->object);
        MARK(last, "its %s has ended", is_local ? "thread" : "function");
        return;
    }
    row *freed = row_of_step(r, b->free_step);
    const char *name = freed == NULL ? last->name : freed->name;
    if (freed != NULL)
        freed->is_key = true;
    bool frees = strstr(run.what, " frees ") != NULL;
    if (frees)
        set_text(&last->text, "free %s", last->name);
    MARK(last, "freed in step %u", b->free_step + 1);
    tell_block(r, b, name);
    say_last(r, "step %u: %s %s %s in line %d", number_of(r, last),
            thread_name(last->thread),
            frees                                            ? "frees"
            : last->kind == OP_READ || last->kind == OP_LOAD ? "reads"
            : last->kind <= OP_COMPARE                       ? "writes"
                                                             : "uses",
            last->name, last->at.line);
}

void tell_leak(report *r, text *what)
{
    const block *b = memory_leak();
    text name = {""};
    if (b == NULL)
        return;
    what->s[0] = '\0';
    say(what, "%zu bytes are lost: nothing points to them any more", b->size);
    op like = {.address = b->start};
    name_object(&name, &threads[0], &like);
    tell_block(r, b, name.s);
    for (size_t i = 0; i < r->count; i++)
        if (r->rows[i].object >= b->start &&
                r->rows[i].object < b->start + b->size)
            r->rows[i].is_key = true;
    mark_lost_updates(r);
}

static void say_access(text *what, const row *r)
{
    const block *b = memory_block(r->object);
    what->s[0] = '\0';
    say(what, "%s %s ", thread_name(r->thread), verb_of(r));
    if (b != NULL)
        say(what,
                "beyond the end of the %zu bytes that %s allocated in line %d",
                b->size, thread_name(b->made_by), name_code(b->made_at).line);
    else if (memory_is_heap(r->object))
        say(what, "before the beginning of allocated memory");
    else if (strncmp(r->name, "NULL", 4) == 0)
        say(what, "through a pointer that is NULL");
    else
        say(what, "through a pointer that points nowhere");
}

static bool is_bad_access(const row *r)
{
    return r->kind <= OP_COMPARE && !is_usable(r->object, r->size);
}

void tell_crash(report *r, row *last, text *what)
{
    if (last->kind >= OP_LOCK && last->kind <= OP_DESTROY) {
        what->s[0] = '\0';
        say(what, "%s uses a NULL pointer", thread_name(last->thread));
        MARK(last, "crashes");
        return;
    }
    row *access = last;
    if (last->kind == OP_CHECK && last > r->rows &&
            last[-1].thread == last->thread && is_bad_access(last - 1)) {
        access = last - 1;
        last->is_dull = true;
    }
    access->is_key = true;
    if (is_bad_access(access)) {
        say_access(what, access);
        MARK(access, "crashes");
    }
    /* Where the address came from. */
    for (row *at = access; at > r->rows && at[-1].thread == access->thread &&
                           at[-1].at.line == access->at.line;)
        (--at)->is_key = true;
}
