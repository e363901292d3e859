/*
 * The event: a flag.
 *
 * A waiter that was waiting at a set is released, even if a clear follows at
 * once. That needs no rule of its own: its wait takes effect right after the
 * set, before the clear. But neither can a history show that the rule is kept.
 * Nobody sees from outside whether a thread that has called wait is waiting
 * already; so a wait that misses a set might have come after it, and no result
 * gives it away. That rule is tested in test_event.c, with a waiter that is
 * known to be asleep.
 */
#include <stdio.h>

#include "primitives/event.h"
#include "tests/stress/model.h"

enum { SET = 1, CLEAR, IS_SET, WAIT_FOR_IT, DESTROY, VERBS };

static bool step(state *s, const call *c, result *r)
{
    *r = (result){0, 0};
    switch (c->verb) {
    case SET:
        s->event.is_set = 1;
        return true;
    case CLEAR:
        s->event.is_set = 0;
        return true;
    case IS_SET:
        r->value = s->event.is_set;
        return true;
    case WAIT_FOR_IT:
        return s->event.is_set || unavailable(c, ETIMEDOUT, r);
    default: /* DESTROY, when nobody waits */
        return true;
    }
}

static sync_event event;

static int make(const state *initial)
{
    (void)initial;
    return sync_event_init(&event);
}

static int wait_for_it(form f, const struct timespec *deadline)
{
    return f == WAIT ? sync_event_wait(&event)
                     : sync_event_wait_until(&event, deadline);
}

static result perform(const call *c, const struct timespec *deadline)
{
    switch (c->verb) {
    case SET:
        return (result){.error = sync_event_set(&event)};
    case CLEAR:
        return (result){.error = sync_event_clear(&event)};
    case IS_SET:
        return (result){.value = sync_event_is_set(&event)};
    case WAIT_FOR_IT:
        return (result){.error = wait_for_it(c->form, deadline)};
    default:
        return (result){.error = sync_event_destroy(&event)};
    }
}

static const verb verbs[VERBS] = {[SET] = {.name = "set", .weight = 3},
        [CLEAR] = {.name = "clear", .weight = 3},
        [IS_SET] = {.name = "is_set", .weight = 3, .gives = true},
        [WAIT_FOR_IT] = {.name = "wait", .weight = 4, .forms = NO_TRY_FORM},
        [DESTROY] = {.name = "destroy"}};

static const call common_end[2] = {{.verb = IS_SET}, {.verb = DESTROY}};

const model event_model = {"event", .verbs = verbs, .verb_count = VERBS,
        .common_end = common_end, .step = step, .make = make,
        .perform = perform};
