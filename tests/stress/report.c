/*
 * A history is cut off at the first moment at which no order explains it any
 * more. What came later does not matter: once there is no order, none comes
 * back. What is left is short, and its last result is the one to ask about.
 */
#include "tests/stress/report.h"

#include <stdio.h>

#include "tests/stress/linearize.h"

static void print_object(const model *m, const state *initial)
{
    char details[64] = "";
    if (m->describe != NULL)
        m->describe(initial, details, sizeof details);
    printf("\nThe object: %s%s%s\n"
           "Times are ranks: each begin or end of a call has the next one.\n\n",
            m->name, details[0] != '\0' ? " " : "", details);
}

static void print_order(const model *m, const history *h, const order *o)
{
    for (unsigned i = 0; i < o->count; i++) {
        char text[80];
        operation_text(m, &h->operations[o->places[i]], text, sizeof text);
        printf("    %s\n", text);
    }
    if (o->count == 0)
        printf("    (nothing has ended)\n");
}

/* The next time after this one at which an operation ended. */
static const operation *next_to_end(const history *h, unsigned time)
{
    const operation *next = NULL;
    for (unsigned i = 0; i < h->count; i++) {
        const operation *o = &h->operations[i];
        if (o->ended > time && o->ended != NEVER &&
                (next == NULL || o->ended < next->ended))
            next = o;
    }
    return next;
}

void report_violation(
        const model *m, const state *initial, const history *whole)
{
    history h = {.count = 0}, before;
    order last_good = {.count = 0}, found = last_good;
    const operation *culprit = NULL;

    linearize(m, initial, &h, &found);
    do {
        before = h;
        last_good = found;
        culprit = next_to_end(whole, culprit != NULL ? culprit->ended : 0);
        if (culprit == NULL)
            return;
        h = history_until(whole, culprit->ended);
    } while (linearize(m, initial, &h, &found));

    char text[80];
    operation_text(m, culprit, text, sizeof text);
    print_object(m, initial);
    history_print(m, &h);
    printf("\nNo order explains this. Up to time %u one did:\n",
            culprit->ended - 1);
    print_order(m, &before, &last_good);
    printf("but none has this result as well:\n    %s\n", text);
}

void report_hang(const model *m, const state *initial, const history *h)
{
    print_object(m, initial);
    history_print(m, h);
    printf("\nNothing has happened for ten seconds. Yet the calls were chosen\n"
           "so that, in whatever order, each of them can return.\n");
}
