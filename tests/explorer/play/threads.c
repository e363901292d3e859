/*
 * The threads at a choice: in which line each is, and what it is about to do, or
 * for what it waits.
 */
#include "tests/explorer/play/play.h"
#include "tests/explorer/report/colour.h"
#include "tests/explorer/report/ending.h"

#include <stdio.h>
#include <string.h>

enum { MOST_SOURCE = 30, LEAST_SOURCE = 8, NAME = 6 };

const char *name_turn(const turn *t)
{
    static char name[16];
    if (t->way == 0 || t->way == ANY_WAY)
        return thread_name(t->thread);
    snprintf(name, sizeof name, "%s.%u", thread_name(t->thread), t->way);
    return name;
}

static int turns_of(int id)
{
    int n = 0;
    for (int i = 0; i < turn_count; i++)
        n += turns[i].thread == id;
    return n;
}

/* "seats.acquire", where calls are told in a row each. */
static bool say_call(text *to, const thread *t)
{
    const told_call *call = told_call_of(t, t->op);
    if (call == NULL)
        return false;
    name_object_of_call(to, t, t->op, call);
    say(to, ".%s", call->name);
    return true;
}

void say_turn(text *to, const turn *t)
{
    const thread *who = &threads[t->thread];
    op does = *who->op;
    bool is_call = say_call(to, who);
    if (is_call && turns_of(t->thread) == 1 && !is_reluctant(who))
        return;
    say(to, is_call ? ": " : "");
    does.way = t->way;
    words_of(to, who, &does);
    if (does.kind != OP_ARRIVE)
        return;
    const barrier *b = (const barrier *)does.address;
    set all = get_set(b->waiting) | ONE(t->thread);
    for (int k = 0; k < t->way; k++)
        all &= all - 1;
    if (b->arrived + 1 == b->count)
        say(to, ", %s as the serial thread", thread_name(first_of(all)));
}

void say_wait(text *to, const game *g, int id)
{
    const thread *t = &threads[id];
    if (t->op->kind == OP_SLEEPING)
        say(to, "sleeps");
    else
        say_wish(to, g->report, id);
    int holder = t->spins ? -1 : holder_of(t, t->op);
    if (holder < 0 || holder == id)
        return;
    bool is_queue = t->op->kind == OP_READ_LOCK &&
                    threads[holder].op->kind == OP_WRITE_LOCK;
    say(to,
            is_queue                 ? "; %s is to go first"
            : t->op->kind == OP_ONCE ? ", by %s"
                                     : ", which %s has",
            thread_name(holder));
}

static const turn *turn_of(int id)
{
    for (int i = 0; i < turn_count; i++)
        if (turns[i].thread == id)
            return &turns[i];
    return NULL;
}

/* "has read balance = 0", in the line where it still is. */
static void say_has_read(text *to, const report *r, int id, int line)
{
    const thread *t = &threads[id];
    row *last = t->last == 0 ? NULL : row_of_step(r, t->last - 1);
    bool has_read = last != NULL && last->at.line == line &&
                    (last->kind == OP_READ || last->kind == OP_LOAD) &&
                    !is_library_code(&last->inside);
    const char *value = has_read ? strstr(last->text, " = ") : NULL;
    if (value != NULL && last->object == t->op->address)
        say(to, " (has read %s)", value + 3);
    else if (has_read)
        say(to, " (has read %s)", strchr(last->text, ' ') + 1);
}

static void say_next(text *to, const game *g, int id, int line)
{
    const turn *only = turn_of(id);
    bool is_sure = turns_of(id) == 1 && !is_reluctant(&threads[id]);
    if (only != NULL && is_sure) {
        say_turn(to, only);
        say_has_read(to, g->report, id, line);
    } else if (is_blocked(&threads[id])) {
        say_wait(to, g, id);
        say(to, only == NULL ? "" : "; or:");
    } else if (only != NULL) {
        say(to, "one of:");
    }
}

static const char *source_of(int id, int *line)
{
    int first;
    const thread *t = &threads[id];
    place at = where(pc_in_program(t, t->op), &first);
    const char *source = at.line == 0 ? NULL : name_source(at.file, at.line);
    *line = at.line;
    if (source == NULL)
        return "";
    return source + strspn(source, " \t");
}

static size_t width_of_sources(void)
{
    size_t widest = LEAST_SOURCE;
    for (int i = 0, line; i < run.threads; i++)
        if (threads[i].state == LIVE && strlen(source_of(i, &line)) > widest)
            widest = strlen(source_of(i, &line));
    return widest > MOST_SOURCE ? MOST_SOURCE : widest;
}

static void show_thread(const game *g, int id, size_t width)
{
    int line;
    size_t at = 2 + NAME + 5 + 2;
    const char *source = source_of(id, &line);
    size_t shown = fitting(source, width);
    text next = {""};
    say_next(&next, g, id, line);
    colour_thread(id, false);
    printf("  %-*s", NAME, thread_name(id));
    colour_end();
    printf("%5d  %.*s%*s  ", line, (int)shown, source, (int)(width - shown),
            "");
    print_wrapped(next.s, at + width + 2, at + 4);
    if (turns_of(id) == 1 && !is_blocked(&threads[id]))
        return;
    for (int i = 0; i < turn_count; i++) {
        text words = {""};
        if (turns[i].thread != id)
            continue;
        say_turn(&words, &turns[i]);
        printf("%*s%-6s ", (int)at, "", name_turn(&turns[i]));
        print_wrapped(words.s, at + 7, at + 7);
    }
}

static void say_names(text *to)
{
    for (int i = 1; i <= run.threads; i++)
        for (int k = 0; k < turn_count; k++)
            if (turns[k].thread == i % run.threads)
                say(to, "%s, ", name_turn(&turns[k]));
}

void show_choices(const game *g)
{
    text names = {"  Who goes next? ["};
    size_t width = width_of_sources();
    printf("  %-*s%5s  %-*s  does next\n", NAME, "thread", "line", (int)width,
            "");
    for (int i = 1; i <= run.threads; i++)
        if (threads[i % run.threads].state == LIVE)
            show_thread(g, i % run.threads, width);
    printf("\n  Choice %zu", moves_chosen(&g->played) + 1);
    if (g->choices > 0)
        printf(". The explorer's way has %zu, with %zu switch%s.", g->choices,
                g->switches, g->switches == 1 ? "" : "es");
    putchar('\n');
    say_names(&names);
    say(&names, "u undo, h hint, l list, ? help, q quit] ");
    if (strlen(names.s) < 79) {
        printf("%s", names.s);
        return;
    }
    print_wrapped(names.s, 0, 4);
    printf("  > ");
}
