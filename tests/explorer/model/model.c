/*
 * Threads take turns here. A thread runs until it is about to do something
 * that others could notice, and there it asks the search who goes next.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

run_state run;
thread threads[MAX_THREADS];
explorer_options options;

static fiber controller;
static void (*scenario_now)(void);

/* Slots are given by (creator, how many it created before): the same thread
 * has the same name in every order of steps. In runs that follow a schedule,
 * slots are given by the order of creation: then a schedule names the same
 * threads in another process. */
static uint8_t slot_of[MAX_THREADS][MAX_THREADS];
static int slots;

int count_of(set s)
{
    return __builtin_popcountll((uint64_t)s) +
           __builtin_popcountll((uint64_t)(s >> 64));
}

void *grow(void *array, size_t *room, size_t element)
{
    *room = *room == 0 ? 64 : 2 * *room;
    void *bigger = realloc(array, *room * element);
    if (bigger == NULL)
        refuse("out of memory");
    return bigger;
}

void *reserve(void *array, size_t *room, size_t count, size_t element)
{
    if (count <= *room)
        return array;
    if (array != NULL)
        munmap(array, *room * element);
    void *memory = mmap(NULL, count * element, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        refuse("no memory for %zu steps", count);
    *room = count;
    return memory;
}

void *zeroes(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL)
        refuse("out of memory");
    return memory;
}

const char *thread_name(int id)
{
    static char names[MAX_THREADS][4];
    char *name = names[id];
    if (id == 0)
        return "main";
    if (id <= 26)
        name[0] = (char)('A' + id - 1);
    else
        snprintf(name, 4, "%c%c", 'A' + (id - 27) / 26, 'A' + (id - 27) % 26);
    return name;
}

thread *look_for_owner(uintptr_t address)
{
    if (run.self != NULL && fiber_has(&run.self->fiber, address))
        return run.self;
    for (int i = 0; i < run.threads; i++)
        if (threads[i].state != ABSENT &&
                (fiber_has(&threads[i].fiber, address) ||
                        local_has(&threads[i].fiber.locals, address)))
            return &threads[i];
    return NULL;
}

uint64_t own_state(const thread *t, uint64_t seed)
{
    const char *locals = t->fiber.locals.from;
    uintptr_t from = t->op->frame & ~(uintptr_t)7;
    if (local_size > 0)
        seed = memory_hash(locals, locals + local_size, seed);
    for (size_t rest = local_size & ~(size_t)7; rest < local_size; rest++)
        seed = seed * 31 + (unsigned char)locals[rest];
    return memory_hash((void *)from, t->fiber.top, seed);
}

/* --- Failing ---------------------------------------------------------------*/

void refuse(const char *format, ...)
{
    va_list list;
    if (is_worker)
        _exit(2);
    fflush(stdout);
    fputs("explorer: ", stderr);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    exit(2);
}

static void note_failure(
        explorer_verdict verdict, const char *format, va_list list)
{
    /* What fails after a thread has stopped may come of that. */
    if (verdict <= run.verdict || run.verdict >= EXPLORER_CHECK)
        return;
    run.verdict = verdict;
    run.failed_step = run.step;
    vsnprintf(run.what, sizeof run.what, format, list);
}

void fail(explorer_verdict verdict, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    note_failure(verdict, format, list);
    va_end(list);
}

void fail_and_stop(explorer_verdict verdict, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    note_failure(verdict, format, list);
    va_end(list);
    if (search_stops_at_failure())
        run_ends();
    thread_stops();
}

/* --- Steps -----------------------------------------------------------------*/

static void go_to(thread *from, thread *to)
{
    run.self = to;
    fiber_switch(&from->fiber, &to->fiber);
}

/* What the step touches: as in the run before, or worked out. */
static void look_up(thread *t, const op *o, past_step *p)
{
    if (run.is_first_part) {
        if (p->kind != o->kind || p->pc != o->pc || p->thread != t->id ||
                p->address != o->address)
            search_diverged(t);
        return;
    }
    p->pc = o->pc;
    p->address = o->address;
    p->size = o->size;
    p->kind = (uint8_t)o->kind;
    p->thread = (uint8_t)t->id;
    p->way = o->way;
    p->touch_count = (uint8_t)touches_of(t, p->touches);
    if (o->kind == OP_TAKE || o->kind == OP_TRYTAKE || o->kind == OP_POST ||
            o->kind == OP_VALUE)
        p->value = ((const semaphore *)o->address)->value;
    bool is_forced = run.is_stuck && o->deadline != NEVER;
    if (is_forced)
        for (int i = 0; i < run.threads; i++)
            clock_join(&t->now, &threads[i].now);
}

static void account(thread *t, op *o)
{
    past_step *p = &past[run.step];
    look_up(t, o, p);
    clocks_step(t, o, p->touches, p->touch_count);
    if (search_analyses && !run.is_first_part)
        search_stepped(t, p->touches, p->touch_count);
    note_reading(t, p->touches, p->touch_count);
    if (is_recording)
        record_step(t, o);
    run.step++;
    run.changed = 0;
    if (p->touch_count > 0 && p->touches[0].kind == EXITS)
        run.last_ask = run.step;
}

static void back_to_creator(thread *t)
{
    thread *creator = run.creator;
    t->is_new = false;
    run.creator = NULL;
    go_to(t, creator);
}

void step(op *o)
{
    thread *t = run.self;
    run.is_ours = true;
    t->op = o;
    if (o->frame < (uintptr_t)t->fiber.deepest)
        t->fiber.deepest = (char *)o->frame;
    notice_spinning(t, o);
    if (t->is_new) {
        back_to_creator(t);
    } else {
        if (is_recording && t->told_depth > 0)
            record_wait(t, o);
        thread *next = search_choose();
        if (next != t) {
            run.switches += is_recording && !is_blocked(t);
            run.slice_began = run.step;
            go_to(t, next);
        }
    }
    run.is_ours = true;
    account(t, o);
    run.is_ours = false;
}

void run_ends(void)
{
    fiber nobody;
    fiber_switch(&nobody, &controller);
    abort();
}

static void leave(thread *t)
{
    run.is_ours = true;
    if (t->is_new)
        back_to_creator(t);
    thread *next = search_choose();
    run.slice_began = run.step;
    go_to(t, next);
    abort();
}

void thread_stops(void)
{
    thread *t = run.self;
    t->state = STOPPED;
    leave(t);
    abort();
}

void thread_ends(void *result)
{
    thread *t = run.self;
    model_destructors(t);
    if (is_recording)
        record_end(t);
    t->result = result;
    t->state = ENDED;
    leave(t);
    abort();
}

static void thread_body(void)
{
    thread *t = run.self;
    int (*body)(void *) = (int (*)(void *))(void (*)(void))t->body;
    thread_ends(t->is_c11 ? (void *)(intptr_t)body(t->arg) : t->body(t->arg));
}

static int slot_for(thread *creator)
{
    int child = creator->children++;
    if (child >= MAX_THREADS)
        refuse("more than %d threads", MAX_THREADS);
    if (slot_of[creator->id][child] == 0) {
        if (slots == MAX_THREADS)
            refuse("more than %d threads", MAX_THREADS);
        slot_of[creator->id][child] = (uint8_t)slots++;
        if (width < slots)
            width = slots;
    }
    return slot_of[creator->id][child];
}

static void prepare(thread *t, void *(*body)(void *), void *arg)
{
    memset(t, 0, offsetof(thread, now));
    clock_clear(&t->now);
    clock_clear(&t->seen);
    clock_clear(&t->released);
    clock_clear(&t->acquired);
    if (t->has_keys)
        memset(t->keys, 0, sizeof t->keys);
    t->has_keys = false;
    t->stretch++;
    t->state = LIVE;
    t->body = body;
    t->arg = arg;
    t->seen.at[t->id] = 1;
    fiber_start(&t->fiber, thread_body);
}

thread *new_thread(thread *creator, void *(*body)(void *), void *arg)
{
    thread *t = &threads[slot_for(creator)];
    prepare(t, body, arg);
    if (run.threads <= t->id)
        run.threads = t->id + 1;
    clock_join(&t->now, &creator->now);
    clock_join(&t->seen, &creator->seen);
    clock_tick(creator);
    t->number = ++run.created;
    t->is_new = true;
    t->is_c11 = creator->op->is_c11;
    run.creator = creator;
    go_to(creator, t);
    run.is_ours = false;
    return t;
}

/* --- Runs ------------------------------------------------------------------*/

static void *scenario_body(void *unused)
{
    scenario_now();
    process_exits(0, 0, FRAME);
    return unused;
}

void model_run(void (*scenario)(void))
{
    uint32_t number = run.number + 1;
    for (int i = 0; i < run.threads; i++)
        threads[i].state = ABSENT;
    memset(&run, 0, offsetof(run_state, what));
    run.what[0] = '\0';
    run.outcome[0] = '\0';
    run.has_outcome = false;
    run.number = number;
    run.threads = 1;
    scenario_now = scenario;
    memory_restore();
    clocks_new_run();
    input_new_run();
    output_new_run();
    process_new_run();
    hidden_new_run();
    forget_keys();
    forget_named_semaphores();
    prepare(&threads[0], scenario_body, NULL);
    run.self = &threads[0];
    fiber_switch(&controller, &threads[0].fiber);
    run.self = NULL;
}

void model_forget_slots(void)
{
    slots = 1;
    memset(slot_of, 0, sizeof slot_of);
}

void model_start(void)
{
    static bool is_started;
    model_forget_slots();
    run.threads = MAX_THREADS;
    if (is_started)
        return;
    is_started = true;
    fiber fibers[MAX_THREADS];
    fiber_reserve(fibers, MAX_THREADS, &controller);
    for (int i = 0; i < MAX_THREADS; i++) {
        threads[i].id = i;
        threads[i].fiber = fibers[i];
    }
    memory_save();
    watch_for_crashes();
}
