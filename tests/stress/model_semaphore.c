/*
 * The semaphore, plain and bounded: a number of permits and a limit.
 *
 * value() is exact here: the header calls it out of date by the time the caller
 * looks, but it was right at some moment within the call.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "primitives/semaphore.h"
#include "tests/stress/model.h"

enum { ACQUIRE = 1, RELEASE, RELEASE_MANY, VALUE, DESTROY, VERBS };
enum { NO_LIMIT = INT_MAX };

enum { PLAIN, BOUNDED };

static void begin(const model *m, state *s, dice *d)
{
    s->semaphore.limit = m->variant == PLAIN ? NO_LIMIT : 1 + (int)roll(d, 3);
    s->semaphore.value = (int)roll(d, 3);
    if (s->semaphore.value > s->semaphore.limit)
        s->semaphore.value = s->semaphore.limit;
}

static void describe(const state *initial, char *text, size_t size)
{
    int value = initial->semaphore.value, limit = initial->semaphore.limit;
    if (limit == NO_LIMIT)
        snprintf(text, size, "of %d", value);
    else
        snprintf(text, size, "of %d, and %d at most", value, limit);
}

static bool release(state *s, int n, result *r)
{
    if (n == 0)
        r->error = EINVAL;
    else if (n > s->semaphore.limit - s->semaphore.value)
        r->error = EOVERFLOW;
    else
        s->semaphore.value += n;
    return true;
}

static bool step(state *s, const call *c, result *r)
{
    *r = (result){0, 0};
    switch (c->verb) {
    case ACQUIRE:
        if (s->semaphore.value == 0)
            return unavailable(c, EAGAIN, r);
        s->semaphore.value--;
        return true;
    case RELEASE:
        return release(s, 1, r);
    case RELEASE_MANY:
        return release(s, c->argument, r);
    case VALUE:
        r->value = s->semaphore.value;
        return true;
    default: /* DESTROY, when nobody waits */
        return true;
    }
}

static sync_semaphore semaphore;

static int make(const state *initial)
{
    unsigned value = (unsigned)initial->semaphore.value;
    unsigned limit = (unsigned)initial->semaphore.limit;
    if (limit == NO_LIMIT)
        return sync_semaphore_init(&semaphore, value);
    return sync_semaphore_init_bounded(&semaphore, value, limit);
}

static int acquire(form f, const struct timespec *deadline)
{
    switch (f) {
    case TRY:
        return sync_semaphore_try_acquire(&semaphore);
    case UNTIL:
        return sync_semaphore_acquire_until(&semaphore, deadline);
    default:
        return sync_semaphore_acquire(&semaphore);
    }
}

static result perform(const call *c, const struct timespec *deadline)
{
    unsigned n = (unsigned)c->argument;
    switch (c->verb) {
    case ACQUIRE:
        return (result){.error = acquire(c->form, deadline)};
    case RELEASE:
        return (result){.error = sync_semaphore_release(&semaphore)};
    case RELEASE_MANY:
        return (result){.error = sync_semaphore_release_many(&semaphore, n)};
    case VALUE:
        return (result){.value = (int)sync_semaphore_value(&semaphore)};
    default:
        return (result){.error = sync_semaphore_destroy(&semaphore)};
    }
}

static const verb verbs[VERBS] = {
        [ACQUIRE] = {.name = "acquire", .weight = 8, .forms = THREE_FORMS},
        [RELEASE] = {.name = "release", .weight = 4},
        [RELEASE_MANY] = {.name = "release_many", .weight = 2, .takes = NUMBER},
        [VALUE] = {.name = "value", .weight = 2, .gives = true},
        [DESTROY] = {.name = "destroy"}};

static const call common_end[2] = {{.verb = VALUE}, {.verb = DESTROY}};

const model semaphore_model = {"semaphore plain", .variant = PLAIN,
        .verbs = verbs, .verb_count = VERBS, .common_end = common_end,
        .begin = begin, .describe = describe, .step = step, .make = make,
        .perform = perform};

const model bounded_semaphore_model = {"semaphore bounded", .variant = BOUNDED,
        .verbs = verbs, .verb_count = VERBS, .common_end = common_end,
        .begin = begin, .describe = describe, .step = step, .make = make,
        .perform = perform};
