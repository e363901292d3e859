/*
 * Signals: crashes of the program, and loops without a step.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <ucontext.h>

#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

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
    if (search_stops_at_failure())
        run_ends();
    thread_stops();
}

/* The program's code: explore.sh names its section so. */
extern char __start_explored_text[] __attribute__((weak));
extern char __stop_explored_text[] __attribute__((weak));

static uint64_t steps_seen;
static int idle_ticks;
enum { TICK_US = 100000, IDLE_TICKS = 20, IDLE_TICKS_AGAIN = 5 };

void end_endless(uintptr_t pc, uintptr_t frame)
{
    fail(EXPLORER_LIVELOCK,
            "%s runs for %d s without a step that others could notice",
            thread_name(run.self->id), IDLE_TICKS * TICK_US / 1000000);
    record_crash(run.self, pc, frame);
    run.is_endless = true;
    run_ends();
}

/* Only the program itself can be left at any point: elsewhere the handler
 * leaves word, and the next hook ends the run. */
static void on_tick(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    uint64_t steps = (uint64_t)run.number << 32 | run.step;
    const thread *t = run.self;
    if (t == NULL || t->state != LIVE || steps != steps_seen) {
        steps_seen = steps;
        idle_ticks = 0;
        return;
    }
    bool is_again = options.mode == EXPLORER_REPLAY;
    if (++idle_ticks < (is_again ? IDLE_TICKS_AGAIN : IDLE_TICKS))
        return;
    uintptr_t pc = pc_of(context);
    run.is_late = true;
    if (pc >= (uintptr_t)__start_explored_text &&
            pc < (uintptr_t)__stop_explored_text)
        end_endless(pc, sp_of(context));
}

void watch_for_crashes(void)
{
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
