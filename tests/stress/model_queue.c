/*
 * The queue in its three orders: the items in order of arrival, of which each
 * order hands out another one first.
 *
 * An item is a two-digit number, and its first digit is its priority. What is
 * put is a pointer to it, and the putter writes the number there just before:
 * so a thread sanitizer sees whether the put happens-before the get.
 */
#include <errno.h>
#include <stdio.h>

#include "primitives/queue.h"
#include "tests/stress/model.h"

enum { PUT = 1, GET, SIZE, TASK_DONE, JOIN, CLOSE, DESTROY, VERBS };

static void begin(const model *m, state *s, dice *d)
{
    s->queue.order = m->variant;
    s->queue.capacity = (int)roll(d, 4);
}

static void describe(const state *initial, char *text, size_t size)
{
    if (initial->queue.capacity == 0)
        snprintf(text, size, "without a limit");
    else
        snprintf(text, size, "with room for %d", initial->queue.capacity);
}

/* --- The model --- */

static bool put(state *s, const call *c, result *r)
{
    if (s->queue.closed) {
        r->error = ECANCELED;
        return true;
    }
    if (s->queue.capacity > 0 && s->queue.count == s->queue.capacity)
        return unavailable(c, EAGAIN, r);
    s->queue.items[s->queue.count++] = (unsigned char)c->argument;
    s->queue.unfinished++;
    return true;
}

static int priority_of(int item)
{
    return item / 10;
}

/* Where the item stands that is to be handed out. */
static int next_place(const state *s)
{
    const unsigned char *items = s->queue.items;
    int next = s->queue.order == LIFO ? s->queue.count - 1 : 0;
    for (int i = 1; s->queue.order == PRIORITY && i < s->queue.count; i++)
        if (priority_of(items[i]) < priority_of(items[next]))
            next = i;
    return next;
}

static bool get(state *s, const call *c, result *r)
{
    if (s->queue.count == 0 && s->queue.closed) {
        r->error = ECANCELED;
        return true;
    }
    if (s->queue.count == 0)
        return unavailable(c, EAGAIN, r);
    unsigned char *items = s->queue.items;
    int place = next_place(s);
    r->value = items[place];
    s->queue.count--;
    for (int i = place; i < s->queue.count; i++)
        items[i] = items[i + 1];
    items[s->queue.count] = 0;
    return true;
}

static bool step(state *s, const call *c, result *r)
{
    *r = (result){0, 0};
    switch (c->verb) {
    case PUT:
        return put(s, c, r);
    case GET:
        return get(s, c, r);
    case SIZE:
        r->value = s->queue.count;
        return true;
    case TASK_DONE:
        if (s->queue.unfinished == 0)
            r->error = EINVAL;
        else
            s->queue.unfinished--;
        return true;
    case JOIN:
        return s->queue.unfinished == 0 || unavailable(c, ETIMEDOUT, r);
    case CLOSE:
        s->queue.closed = 1;
        return true;
    default: /* DESTROY, when nobody waits */
        r->error = s->queue.count > 0 ? EBUSY : 0;
        return true;
    }
}

/* --- The real one --- */

static sync_queue queue;
static int numbers[ITEMS_END];

static int compare(const void *a, const void *b)
{
    const int *first = a, *second = b;
    return priority_of(*first) - priority_of(*second);
}

static int make(const state *initial)
{
    size_t capacity = (size_t)initial->queue.capacity;
    switch (initial->queue.order) {
    case FIFO:
        return sync_queue_init_fifo(&queue, capacity);
    case LIFO:
        return sync_queue_init_lifo(&queue, capacity);
    default:
        return sync_queue_init_priority(&queue, capacity, compare);
    }
}

static int put_item(const call *c, const struct timespec *deadline)
{
    int *item = &numbers[c->argument];
    *item = c->argument;
    switch (c->form) {
    case TRY:
        return sync_queue_try_put(&queue, item);
    case UNTIL:
        return sync_queue_put_until(&queue, item, deadline);
    default:
        return sync_queue_put(&queue, item);
    }
}

static result get_item(const call *c, const struct timespec *deadline)
{
    void *item = NULL;
    int error;
    if (c->form == TRY)
        error = sync_queue_try_get(&queue, &item);
    else if (c->form == UNTIL)
        error = sync_queue_get_until(&queue, &item, deadline);
    else
        error = sync_queue_get(&queue, &item);
    return (result){error, item != NULL ? *(int *)item : 0};
}

static int join(form f, const struct timespec *deadline)
{
    return f == WAIT ? sync_queue_join(&queue)
                     : sync_queue_join_until(&queue, deadline);
}

static result perform(const call *c, const struct timespec *deadline)
{
    switch (c->verb) {
    case PUT:
        return (result){.error = put_item(c, deadline)};
    case GET:
        return get_item(c, deadline);
    case SIZE:
        return (result){.value = (int)sync_queue_size(&queue)};
    case TASK_DONE:
        return (result){.error = sync_queue_task_done(&queue)};
    case JOIN:
        return (result){.error = join(c->form, deadline)};
    case CLOSE:
        return (result){.error = sync_queue_close(&queue)};
    default:
        return (result){.error = sync_queue_destroy(&queue)};
    }
}

static const verb verbs[VERBS] = {
        [SIZE] = {.name = "size", .weight = 4, .gives = true},
        [PUT] = {.name = "put",
                .weight = 24,
                .forms = THREE_FORMS,
                .takes = ITEM},
        [GET] = {.name = "get",
                .weight = 24,
                .forms = THREE_FORMS,
                .gives = true},
        [TASK_DONE] = {.name = "task_done", .weight = 4},
        [JOIN] = {.name = "join", .weight = 1, .forms = NO_TRY_FORM},
        [CLOSE] = {.name = "close", .weight = 1},
        [DESTROY] = {.name = "destroy"}};

static const call common_end[2] = {
        {.verb = GET, .form = TRY, .until_it_fails = true}, {.verb = DESTROY}};

#define QUEUE_MODEL(title, order)                                              \
    {                                                                          \
        (title), .variant = (order), .verbs = verbs, .verb_count = VERBS,      \
                 .common_end = common_end, .begin = begin,                     \
                 .describe = describe, .step = step, .make = make,             \
                 .perform = perform                                            \
    }

const model fifo_model = QUEUE_MODEL("queue fifo", FIFO);
const model lifo_model = QUEUE_MODEL("queue lifo", LIFO);
const model priority_model = QUEUE_MODEL("queue priority", PRIORITY);
