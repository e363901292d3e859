/*
 * Histories as data and as text.
 */
#include "tests/stress/history.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/stress/model.h"

static int by_begin(const void *a, const void *b)
{
    const operation *first = a, *second = b;
    return first->began < second->began ? -1 : 1;
}

void history_sort(history *h)
{
    qsort(h->operations, h->count, sizeof h->operations[0], by_begin);
}

history history_until(const history *whole, unsigned time)
{
    history h = {.count = 0};
    for (unsigned i = 0; i < whole->count; i++) {
        operation o = whole->operations[i];
        if (o.ended > time)
            o.ended = NEVER;
        if (o.began <= time)
            h.operations[h.count++] = o;
    }
    return h;
}

unsigned history_overlaps(const history *h)
{
    unsigned pairs = 0;
    for (unsigned i = 0; i < h->count; i++)
        for (unsigned j = i + 1; j < h->count; j++)
            if (h->operations[j].began < h->operations[i].ended)
                pairs++;
    return pairs;
}

/* --- Text --- */

static const struct {
    int number;
    const char *name;
} errors[] = {{EAGAIN, "EAGAIN"}, {EBUSY, "EBUSY"}, {ECANCELED, "ECANCELED"},
        {EDEADLK, "EDEADLK"}, {EINVAL, "EINVAL"}, {ENOMEM, "ENOMEM"},
        {EOVERFLOW, "EOVERFLOW"}, {EPERM, "EPERM"}, {ETIMEDOUT, "ETIMEDOUT"}};

enum { ERRORS = sizeof errors / sizeof errors[0] };

const char *error_name(int error)
{
    for (int i = 0; i < ERRORS; i++)
        if (errors[i].number == error)
            return errors[i].name;
    return error == 0 ? "0" : "an unknown error";
}

int error_number(const char *name)
{
    for (int i = 0; i < ERRORS; i++)
        if (strcmp(errors[i].name, name) == 0)
            return errors[i].number;
    return -1;
}

static void thread_name(int thread, char *name, size_t size)
{
    if (thread == MAIN)
        snprintf(name, size, "main");
    else
        snprintf(name, size, "%c", 'A' + thread - 1);
}

/* `try_put(12)`, `get_until(150 us)` */
static void call_text(const model *m, const call *c, char *text, size_t size)
{
    const verb *v = &m->verbs[c->verb];
    bool until = c->form == UNTIL;
    char argument[16] = "", deadline[32] = "";
    if (v->takes != NOTHING)
        snprintf(argument, sizeof argument, "%d", c->argument);
    if (until && c->deadline_us == 0)
        snprintf(deadline, sizeof deadline, "past");
    else if (until)
        snprintf(deadline, sizeof deadline, "%ld us", c->deadline_us);
    snprintf(text, size, "%s%s%s(%s%s%s)", c->form == TRY ? "try_" : "",
            v->name, until ? "_until" : "", argument,
            argument[0] != '\0' && until ? ", " : "", deadline);
}

static void result_text(
        const model *m, const operation *o, char *text, size_t size)
{
    if (o->ended == NEVER)
        snprintf(text, size, "(not back yet)");
    else if (o->result.error == 0 && m->verbs[o->call.verb].gives)
        snprintf(text, size, "%d", o->result.value);
    else
        snprintf(text, size, "%s", error_name(o->result.error));
}

void operation_text(const model *m, const operation *o, char *text, size_t size)
{
    char thread[8], called[40], got[20];
    thread_name(o->call.thread, thread, sizeof thread);
    call_text(m, &o->call, called, sizeof called);
    result_text(m, o, got, sizeof got);
    snprintf(text, size, "%s %s -> %s", thread, called, got);
}

void history_print(const model *m, const history *h)
{
    printf("  began ended  thread  call                    result\n");
    for (unsigned i = 0; i < h->count; i++) {
        const operation *o = &h->operations[i];
        char thread[8], called[40], got[20], ended[12] = "";
        thread_name(o->call.thread, thread, sizeof thread);
        call_text(m, &o->call, called, sizeof called);
        result_text(m, o, got, sizeof got);
        if (o->ended != NEVER)
            snprintf(ended, sizeof ended, "%u", o->ended);
        printf("  %5u %5s  %-6s  %-22s  %s\n", o->began, ended, thread, called,
                got);
    }
}
