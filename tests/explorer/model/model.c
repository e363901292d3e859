/*
 * Threads take turns here. A thread runs until it is about to do something
 * that others could notice, and there it asks the search who goes next.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/search/cycle.h"
#include "tests/explorer/memory/memory.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

run_state run;
thread threads[MAX_THREADS];
explorer_options options;

static fiber controller;
static void (*scenario_now)(void);

/* Slots are given by (creator, how many it created before): the same thread
 * has the same name in every order of steps. */
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

/* --- Failing ---------------------------------------------------------------*/

void refuse(const char *format, ...)
{
    va_list list;
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
    if (verdict <= run.verdict)
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
    if (options.mode == EXPLORER_FIND || options.mode == EXPLORER_REPLAY)
        run_ends();
    thread_stops();
}

/* --- Which operation can be done, and in how many ways ---------------------*/

static bool is_first_deadline(const thread *t)
{
    for (int i = 0; i < run.threads; i++)
        if (threads[i].state == LIVE && threads[i].op->deadline != NEVER &&
                threads[i].op->deadline < t->op->deadline)
            return false;
    return true;
}

static bool may_time_out(const thread *t)
{
    return t->op->deadline != NEVER &&
           ((unsigned)t->timeouts < options.timeouts || run.is_stuck) &&
           is_first_deadline(t);
}

static bool may_wake(const thread *t)
{
    return (unsigned)t->spurious < options.spurious;
}

static bool can_lock(const thread *t)
{
    const mutex *m = (const mutex *)t->op->address;
    bool is_mine = m->owner == (uint32_t)t->id + 1;
    return m->owner == 0 || m->is_destroyed ||
           (is_mine && m->kind != PTHREAD_MUTEX_NORMAL);
}

static bool has_something_changed(const thread *t)
{
    for (uint32_t i = t->spin_from; i < t->read_count; i++)
        if (clocks_changed_since(t->reads[i].key, t, t->reads[i].step))
            return true;
    return false;
}

bool is_blocked(const thread *t)
{
    if (t->state != LIVE || t->spins)
        return t->state == LIVE || t->state == STOPPED;
    switch (t->op->kind) {
    case OP_WAITING:
    case OP_SLEEPING:
        return true;
    case OP_LOCK:
        return !can_lock(t);
    case OP_TAKE: {
        const semaphore *s = (const semaphore *)t->op->address;
        return s->value == 0 && !s->is_destroyed;
    }
    case OP_JOIN:
        return threads[t->op->value].state != ENDED;
    default:
        return false;
    }
}

int ways(thread *t)
{
    const op *o = t->op;
    if (t->state != LIVE || o == NULL)
        return 0;
    if (t->spins) {
        if (!has_something_changed(t))
            return 0;
        t->spins = false;
    }
    switch (o->kind) {
    case OP_LOCK:
        return can_lock(t) || may_time_out(t);
    case OP_TAKE: {
        const semaphore *s = (const semaphore *)o->address;
        return s->value > 0 || s->is_destroyed || may_time_out(t);
    }
    case OP_WAITING:
        return may_time_out(t) + may_wake(t);
    case OP_SLEEPING:
        return may_time_out(t);
    case OP_JOIN:
        return threads[o->value].state == ENDED;
    case OP_UNTIL:
        return threads[o->value].state == ENDED ||
               is_blocked(&threads[o->value]);
    case OP_SIGNAL: {
        int waiting = count_of(waiters_of((const condition *)o->address));
        return waiting > 1 ? waiting : 1;
    }
    default:
        return 1;
    }
}

int way_of(const thread *t, int choice)
{
    const op *o = t->op;
    switch (o->kind) {
    case OP_LOCK:
        return can_lock(t) ? WAY_DONE : WAY_TIMEOUT;
    case OP_TAKE: {
        const semaphore *s = (const semaphore *)o->address;
        return s->value > 0 || s->is_destroyed ? WAY_DONE : WAY_TIMEOUT;
    }
    case OP_WAITING:
        return choice == 0 && may_time_out(t) ? WAY_TIMEOUT : WAY_SPURIOUS;
    case OP_SLEEPING:
        return WAY_TIMEOUT;
    default:
        return choice;
    }
}

bool is_reluctant(const thread *t)
{
    const op *o = t->op;
    return o->kind == OP_WAITING || o->kind == OP_SLEEPING ||
           (o->is_timed && way_of(t, 0) == WAY_TIMEOUT);
}

bool is_only_spurious(const thread *t)
{
    return t->op->kind == OP_WAITING && !may_time_out(t);
}

/* --- What a step touches ---------------------------------------------------*/

static char the_clock;

int touches_of(const thread *t, touch *out)
{
    const op *o = t->op;
    int n = 0;
    touch_kind kind;
#define TOUCH(where, bytes, what)                                              \
    (out[n++] = (touch){(where), (uint32_t)(bytes), (what)})
    switch (o->kind) {
    case OP_READ:
        TOUCH(o->address, o->size, READS);
        break;
    case OP_WRITE:
        TOUCH(o->address, o->size, WRITES);
        break;
    case OP_LOAD:
        TOUCH(o->address, o->size, LOADS);
        break;
    case OP_STORE:
    case OP_UPDATE:
        TOUCH(o->address, o->size, STORES);
        break;
    case OP_COMPARE:
        kind = memcmp((void *)o->address, o->text, o->size) == 0 ? STORES
                                                                 : LOADS;
        TOUCH(o->address, o->size, kind);
        break;
    case OP_FREE:
        TOUCH(o->address, o->size, FREES);
        TOUCH(o->address, 1, RESETS);
        return n;
    case OP_LOCK:
    case OP_TRYLOCK: {
        const mutex *m = (const mutex *)o->address;
        if (m->owner == 0)
            TOUCH(o->address, 1, LOCKS);
        else if (m->owner != (uint32_t)t->id + 1)
            TOUCH(o->address, 1,
                    o->kind == OP_LOCK && !o->is_timed ? LOCKS : FINDS_LOCKED);
        break;
    }
    case OP_UNLOCK: {
        const mutex *m = (const mutex *)o->address;
        if (m->owner == (uint32_t)t->id + 1 && m->depth == 1)
            TOUCH(o->address, 1, UNLOCKS);
        break;
    }
    case OP_WAIT:
        TOUCH(o->mutex, 1, UNLOCKS);
        TOUCH(o->address, 1, ENQUEUES);
        break;
    case OP_WAITING:
        TOUCH(o->address, 1, WAKES);
        break;
    case OP_SIGNAL:
    case OP_BROADCAST:
        kind = waiters_of((const condition *)o->address) != 0 ? SIGNALS
                                                              : SIGNALS_NOBODY;
        TOUCH(o->address, 1, kind);
        if (kind == SIGNALS)
            TOUCH((uintptr_t)&the_clock, 1, READS_CLOCK);
        return n;
    case OP_TAKE:
    case OP_TRYTAKE: {
        const semaphore *s = (const semaphore *)o->address;
        kind = s->value > 0 || (o->kind == OP_TAKE && !o->is_timed) ? TAKES
                                                                    : LOOKS;
        TOUCH(o->address, 1, kind);
        break;
    }
    case OP_POST:
        TOUCH(o->address, 1, POSTS);
        break;
    case OP_VALUE:
        TOUCH(o->address, 1, LOOKS);
        break;
    case OP_INIT:
    case OP_DESTROY:
        TOUCH(o->address, 1, RESETS);
        break;
    case OP_TIME:
    case OP_DEADLINE:
        TOUCH((uintptr_t)&the_clock, 1, READS_CLOCK);
        return n;
    case OP_SLEEPING:
        TOUCH((uintptr_t)&the_clock, 1, MOVES_CLOCK);
        return n;
    case OP_EXIT:
    case OP_ASK:
    case OP_UNTIL:
        TOUCH(0, 0, EXITS);
        return n;
    default:
        return n;
    }
    if (o->is_timed || o->deadline != NEVER)
        TOUCH((uintptr_t)&the_clock, 1,
                o->kind == OP_WAIT ? READS_CLOCK : MOVES_CLOCK);
    const block *b = memory_block(o->address);
    if (b != NULL && b->freed_at != 0)
        TOUCH(b->start, 1, RESETS);
    return n;
#undef TOUCH
}

/* --- Spinning --------------------------------------------------------------*/

/* Whether the operation leaves all that is shared as it was. Locking counts
 * as such, since a loop that unlocks what it locked has changed nothing. */
static bool is_neutral(const thread *t, const op *o)
{
    switch (o->kind) {
    case OP_WRITE:
        return o->address >= (uintptr_t)t->fiber.bottom &&
               o->address < (uintptr_t)t->fiber.top;
    case OP_READ:
    case OP_LOAD:
    case OP_LOCK:
    case OP_TRYLOCK:
    case OP_UNLOCK:
    case OP_TRYTAKE:
    case OP_VALUE:
    case OP_COMPARE:
    case OP_UPDATE: /* if it wrote what was there: see memory_changed() */
    case OP_YIELD:
    case OP_SLEEPING:
    case OP_DEADLINE:
    case OP_OUTPUT:
        return true;
    default:
        return false;
    }
}

enum { DEEPEST_SPIN = 1 << 14, NONE = 0 };

static uint64_t values_since(const thread *t, uint32_t from)
{
    uint64_t sum = 1;
    for (uint32_t i = from; i < t->read_count; i++)
        sum = (sum ^ t->reads[i].value) * 0x9e3779b97f4a7c15u + i - from;
    return sum | 1;
}

void thread_changes(thread *t)
{
    t->stretch++;
    t->stretch_from = run.step;
    t->read_count = 0;
}

void memory_changed(const op *o)
{
    thread_changes(run.self);
    clocks_changed(run.self, o->address, o->size);
}

/* Is the thread where it was, with nothing changed by it, and did it read the
 * same as in the round before? Then it waits until something that it read has
 * changed. Its registers need no look: without optimisation nothing stays in
 * them from one round to the next, and within a round they hold what is on the
 * stack or was read. */
static void notice_spinning(thread *t, const op *o)
{
    if (!is_neutral(t, o)) {
        thread_changes(t);
        return;
    }
    if ((uintptr_t)t->fiber.top - o->frame > DEEPEST_SPIN)
        return;
    visit *v = &t->visits[(o->pc ^ o->pc >> 6) % VISITS];
    uint64_t state = NONE, values = NONE;
    if (v->pc == o->pc && v->stretch == t->stretch) {
        cycle_is_possible = true;
        state = memory_hash((void *)(o->frame & ~(uintptr_t)7), t->fiber.top,
                (uint64_t)t->locks);
        values = values_since(t, v->reads);
        if (v->state == state && v->values == values) {
            t->spin_from = v->reads;
            if (!has_something_changed(t))
                t->spins = true;
        }
    }
    *v = (visit){o->pc, state, values, t->stretch, t->read_count};
}

static void note_reading(thread *t, const touch *touches, int count)
{
    for (int i = 0; i < count; i++) {
        touch_kind kind = touches[i].kind;
        bool is_memory = kind == READS || kind == LOADS || kind == STORES;
        if (!is_memory && kind != FINDS_LOCKED && kind != LOOKS)
            continue;
        uintptr_t end = touches[i].address + touches[i].size;
        uintptr_t key = is_memory ? key_of_memory(touches[i].address)
                                  : key_of_object(touches[i].address);
        for (; key < end || key == (touches[i].address | 1); key += 8) {
            if (t->read_count == t->read_room) {
                t->reads = grow(t->reads, &t->read_room, sizeof *t->reads);
            }
            t->reads[t->read_count++] = (reading){.key = key, .step = run.step};
            if (!is_memory)
                break;
        }
    }
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
    p->is_weak = o->is_weak;
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
    search_stepped(t, p->touches, p->touch_count);
    note_reading(t, p->touches, p->touch_count);
    if (is_recording)
        record_step(t, o);
    run.step++;
    run.changed = 0;
    if (o->kind == OP_ASK || o->kind == OP_UNTIL)
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
        thread *next = search_choose();
        if (next != t)
            go_to(t, next);
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
    thread_ends(t->body(t->arg));
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

static void clear_clock(clock_vector *c)
{
    memset(c, 0, sizeof(uint32_t) * (size_t)width);
}

static void prepare(thread *t, void *(*body)(void *), void *arg)
{
    memset(t, 0, offsetof(thread, now));
    clear_clock(&t->now);
    clear_clock(&t->seen);
    clear_clock(&t->released);
    clear_clock(&t->acquired);
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
    t->parent = creator->id;
    t->is_new = true;
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
    libc_new_run();
    prepare(&threads[0], scenario_body, NULL);
    run.self = &threads[0];
    fiber_switch(&controller, &threads[0].fiber);
    run.self = NULL;
}

/* --- Signals: crashes, and loops without a step ----------------------------*/

static const char *name_of_signal(int signal)
{
    switch (signal) {
    case SIGSEGV:
        return "SIGSEGV: an address that is not there";
    case SIGBUS:
        return "SIGBUS: an address that is not there";
    case SIGFPE:
        return "SIGFPE: division by zero";
    case SIGILL:
        return "SIGILL: not an instruction";
    default:
        return "a fatal signal";
    }
}

static uintptr_t pc_of(const void *context)
{
    const ucontext_t *u = context;
#if defined __x86_64__
    return (uintptr_t)u->uc_mcontext.gregs[REG_RIP];
#elif defined __aarch64__
    return (uintptr_t)u->uc_mcontext.pc;
#else
    (void)u;
    return 0;
#endif
}

static uintptr_t sp_of(const void *context)
{
    const ucontext_t *u = context;
#if defined __x86_64__
    return (uintptr_t)u->uc_mcontext.gregs[REG_RSP];
#elif defined __aarch64__
    return (uintptr_t)u->uc_mcontext.sp;
#else
    (void)u;
    return 0;
#endif
}

static void record_crash(thread *t, uintptr_t pc, uintptr_t sp)
{
    static op crash;
    crash = (op){.kind = OP_CHECK, .pc = pc + 1, .frame = sp, .text = run.what};
    if (is_recording)
        record_step(t, &crash);
}

static void on_crash(int signal, siginfo_t *info, void *context)
{
    thread *t = run.self;
    if (t == NULL || t->state != LIVE || run.is_ours) {
        struct sigaction normal = {.sa_handler = SIG_DFL};
        sigaction(signal, &normal, NULL);
        raise(signal);
        return;
    }
    if (fiber_is_guard(&t->fiber, (uintptr_t)info->si_addr))
        refuse("the stack of thread %s is full (%zu KiB)", thread_name(t->id),
                (size_t)(t->fiber.top - t->fiber.bottom) / 1024);
    fail(EXPLORER_CRASH, "%s crashes: %s", thread_name(t->id),
            name_of_signal(signal));
    uintptr_t address = (uintptr_t)info->si_addr;
    const op *o = t->op; /* the explorer may have met the address first */
    bool is_op = o != NULL && address >= o->address &&
                 address < o->address + o->size;
    record_crash(t, is_op ? o->pc - 1 : pc_of(context), sp_of(context));
    if (options.mode == EXPLORER_FIND || options.mode == EXPLORER_REPLAY)
        run_ends();
    thread_stops();
}

static uint64_t steps_seen;
static unsigned idle_ticks;
enum { TICK_US = 100000, IDLE_TICKS = 20 };

static void on_tick(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    uint64_t steps = (uint64_t)run.number << 32 | run.step;
    thread *t = run.self;
    if (t == NULL || t->state != LIVE || steps != steps_seen) {
        steps_seen = steps;
        idle_ticks = 0;
        return;
    }
    if (++idle_ticks < IDLE_TICKS)
        return;
    idle_ticks = 0;
    fail(EXPLORER_LIVELOCK,
            "%s loops for ever without a step that others could notice",
            thread_name(t->id));
    record_crash(t, pc_of(context), sp_of(context));
    run.is_endless = true;
    run_ends();
}

void model_start(void)
{
    static bool is_started;
    slots = 1;
    memset(slot_of, 0, sizeof slot_of);
    run.threads = MAX_THREADS;
    if (is_started)
        return;
    is_started = true;
    fiber fibers[MAX_THREADS];
    fiber_reserve(fibers, MAX_THREADS);
    for (int i = 0; i < MAX_THREADS; i++) {
        threads[i].id = i;
        threads[i].fiber = fibers[i];
    }
    memory_save();
    static char handler_stack[65536 * 4];
    stack_t alternate = {
            .ss_sp = handler_stack, .ss_size = sizeof handler_stack};
    sigaltstack(&alternate, NULL);
    struct sigaction crash = {.sa_sigaction = on_crash,
            .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
        sigaction(fatal[i], &crash, NULL);
    struct sigaction tick = {.sa_sigaction = on_tick,
            .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART};
    sigaction(SIGVTALRM, &tick, NULL);
    struct itimerval every = {
            .it_interval.tv_usec = TICK_US, .it_value.tv_usec = TICK_US};
    setitimer(ITIMER_VIRTUAL, &every, NULL);
}
