/*
 * A checker that finds nothing may have nothing to find, or may not be able to.
 * So it is given histories, for each model, of which it is known that they can
 * be explained or that they cannot.
 *
 * They are written nearly as they are printed: begin and end, thread, call, and
 * result.
 */
#include "tests/stress/self_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/stress/hand_written.h"
#include "tests/stress/linearize.h"
#include "tests/stress/model.h"
#include "tests/stress/report.h"

static void give_up(const char *text)
{
    fprintf(stderr, "stress: a hand-written history cannot be read: %s\n",
            text);
    exit(EXIT_FAILURE);
}

/* Reads `try_put`, for example, into a verb and a form. */
static void read_name(const model *m, const char *name, call *c)
{
    char plain[24];
    size_t length = strlen(name);
    c->form = WAIT;
    if (strncmp(name, "try_", 4) == 0) {
        c->form = TRY;
        name += 4;
    } else if (length > 6 && strcmp(name + length - 6, "_until") == 0) {
        c->form = UNTIL;
        length -= 6;
    }
    snprintf(plain, sizeof plain, "%.*s", (int)length, name);
    for (int i = 1; i < m->verb_count; i++)
        if (strcmp(m->verbs[i].name, plain) == 0)
            c->verb = i;
}

/* Reads one operation, `1-4 A put(12) -> 0`. */
static operation read_operation(const model *m, const char *line)
{
    char *rest, thread, name[24], argument[24] = "", got[16];
    operation o = {.call = {.verb = 0}};
    o.began = (unsigned)strtoul(line, &rest, 10);
    o.ended = (unsigned)strtoul(rest + 1, &rest, 10);
    if (sscanf(rest, " %c %23[a-z_]() -> %15s", &thread, name, got) != 3 &&
            sscanf(rest, " %c %23[a-z_](%23[^)]) -> %15s", &thread, name,
                    argument, got) != 4)
        give_up(line);
    read_name(m, name, &o.call);
    const verb *v = &m->verbs[o.call.verb];
    o.call.thread = thread - 'A' + 1;
    if (v->takes != NOTHING)
        o.call.argument = (int)strtol(argument, NULL, 10);
    o.result.error = error_number(got);
    if (o.result.error < 0) {
        o.result.error = 0;
        o.result.value = v->gives ? (int)strtol(got, NULL, 10) : 0;
    }
    if (o.call.verb == 0)
        give_up(line);
    return o;
}

static history read_history(const model *m, const char *const *lines)
{
    history h = {.count = 0};
    for (; *lines != NULL; lines++)
        h.operations[h.count++] = read_operation(m, *lines);
    history_sort(&h);
    return h;
}

static bool judge(const example *e, bool verbose)
{
    history h = read_history(e->model, e->lines);
    bool good = linearize(e->model, &e->initial, &h, NULL);
    bool right = good == e->good;
    if (verbose || !right)
        printf("stress: self-test: %s: %s: %s%s\n", e->model->name, e->title,
                good ? "linearizable" : "not linearizable",
                right ? "" : ", WHICH IS WRONG");
    return right;
}

bool self_test(bool verbose)
{
    unsigned wrong = 0, n = 0;
    for (; examples[n].title != NULL; n++)
        if (!judge(&examples[n], verbose))
            wrong++;
    if (verbose)
        printf("stress: self-test: %u histories, %u judged wrongly\n", n,
                wrong);
    return wrong == 0;
}
