/*
 * Calls of libraries that tell of them: in which one a thread is.
 */
#include "tests/explorer/model/model.h"
#include "tests/explorer/report/record.h"

void explorer_call(const char *name, const void *object, size_t size)
{
    thread *t = run.self;
    if (t == NULL)
        return;
    t->told_count++;
    if (t->told_depth++ < DEEPEST)
        t->told[t->told_depth - 1] = (told_call){.name = name,
                .object = (uintptr_t)object,
                .size = size,
                .number = t->told_count};
}

void explorer_item(const void *item)
{
    thread *t = run.self;
    if (t == NULL || t->told_depth == 0 || t->told_depth > DEEPEST)
        return;
    told_call *call = &t->told[t->told_depth - 1];
    call->item = item;
    call->has_item = true;
}

void explorer_return(long result, explorer_returns what)
{
    thread *t = run.self;
    if (t == NULL || t->told_depth == 0)
        return;
    if (is_recording) {
        op o = {.kind = OP_RETURN, .pc = HERE, .frame = FRAME};
        record_return(t, &o, result, what);
    }
    t->told_depth--;
}

const told_call *told_call_of(const thread *t, const op *o)
{
    if (options.shows_inside || t->told_depth == 0 || t->told_depth > DEEPEST ||
            o->pc == 0)
        return NULL;
    place at = name_code(o->pc);
    bool is_inside = o->kind == OP_RETURN || is_library_code(&at);
    return is_inside ? &t->told[t->told_depth - 1] : NULL;
}
