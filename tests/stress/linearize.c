/*
 * The search goes through the orders, one operation at a time. An operation can
 * be next if it began before any of those that are left has ended, and if the
 * model, in the state that has been reached, gives it the result that it had.
 * Where none can, the search takes the last one back and tries another.
 *
 * Different orders of the same operations often lead to the same state, and
 * from there on all is the same. So a pair of operations done and state reached
 * is gone on from only once. This keeps the search short: it has as many steps
 * as there are pairs, and not as many as there are orders.
 *
 * Sources: Wing & Gong, "Testing and verifying concurrent objects", 1993, for
 * the search; Lowe, "Testing for linearizability", 2017, for the pairs; Horn &
 * Kroening, "Faster linearizability checking via P-compositionality", 2015, for
 * keeping them as a bit set and a state.
 */
#include "tests/stress/linearize.h"

#include <stdint.h>

#include "tests/stress/visited.h"

typedef struct search {
    const model *model;
    const history *history;
    order *order; /* so far */
} search;

static bool is_done(uint64_t done, unsigned place)
{
    return (done >> place & 1) != 0;
}

/* The first end among the operations that are left; NEVER if none has ended. */
static unsigned first_end(const history *h, uint64_t done)
{
    unsigned first = NEVER;
    for (unsigned i = 0; i < h->count; i++)
        if (!is_done(done, i) && h->operations[i].ended < first)
            first = h->operations[i].ended;
    return first;
}

/* Lets the operation take effect, if it had the result that the model gives. */
static bool take_effect(const model *m, const operation *o, state *s)
{
    result r;
    if (!m->step(s, &o->call, &r))
        return false;
    return o->ended == NEVER ||
           (r.error == o->result.error && r.value == o->result.value);
}

/* Whether the operations that are left can follow. */
static bool go_on(const search *s, uint64_t done, const state *reached)
{
    const history *h = s->history;
    unsigned limit = first_end(h, done);
    if (limit == NEVER)
        return true;
    if (!visited_add(done, reached))
        return false;
    for (unsigned i = 0; i < h->count && h->operations[i].began < limit; i++) {
        state next = *reached;
        if (is_done(done, i) ||
                !take_effect(s->model, &h->operations[i], &next))
            continue;
        s->order->places[s->order->count++] = i;
        if (go_on(s, done | (uint64_t)1 << i, &next))
            return true;
        s->order->count--;
    }
    return false;
}

bool linearize(
        const model *m, const state *initial, const history *h, order *found)
{
    order unused;
    search s = {m, h, found != NULL ? found : &unused};
    s.order->count = 0;
    visited_clear();
    return go_on(&s, 0, initial);
}
