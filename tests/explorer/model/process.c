/*
 * The process: its ends, its checks, and what it is told about itself.
 */
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"
#include "tests/explorer/report/names.h"

#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int *explored___errno_location(void)
{
    return &run.self->error;
}

/* --- The ends of a process -------------------------------------------------*/

enum { AT_EXIT = 32 };
static void (*at_exit[AT_EXIT])(void);
static int at_exit_count;

int explored_atexit(void (*call)(void))
{
    if (at_exit_count == AT_EXIT)
        return -1;
    at_exit[at_exit_count++] = call;
    return 0;
}

static void look_for_leaks(void)
{
    const block *leak = memory_leak();
    if (leak != NULL)
        fail(EXPLORER_LEAK, "%zu bytes that %s allocated are lost", leak->size,
                thread_name(leak->made_by));
}

void process_exits(int status, uintptr_t pc, uintptr_t frame)
{
    while (at_exit_count > 0)
        at_exit[--at_exit_count]();
    op o = {.kind = OP_EXIT,
            .value = (uint64_t)status,
            .pc = pc,
            .frame = frame};
    step(&o);
    if (status != 0)
        fail(EXPLORER_CHECK, "the program ends with status %d", status);
    look_for_leaks();
    run_ends();
}

/* The program's own copy of them, which it may change. They are the same in
 * every call. */
static char **fresh_arguments(int count, char **arguments)
{
    static char **fresh, *text;
    size_t size = 1;
    for (int i = 0; i < count; i++)
        size += strlen(arguments[i]) + 1;
    if (fresh == NULL) {
        fresh = zeroes((size_t)count + 1, sizeof *fresh);
        text = zeroes(size, 1);
    }
    char *to = text;
    for (int i = 0; i < count; i++) {
        fresh[i] = memcpy(to, arguments[i], strlen(arguments[i]) + 1);
        to += strlen(to) + 1;
    }
    fresh[count] = NULL;
    return fresh;
}

/* What "void main" returns is what is left in a register: natively mostly 0. */
void explorer_call_main(
        int (*body)(int, char **, char **), int count, char **arguments)
{
    int status = body(count, fresh_arguments(count, arguments), environ);
    if (status != 0 && name_is_void((uintptr_t)body))
        status = 0;
    process_exits(status & 255, HERE, FRAME);
}

void explored_exit(int status)
{
    process_exits(status & 255, HERE, FRAME);
}

void explored_quick_exit(int status)
{
    at_exit_count = 0;
    process_exits(status & 255, HERE, FRAME);
}

void explored__exit(int status)
{
    at_exit_count = 0;
    process_exits(status & 255, HERE, FRAME);
}

void explored__Exit(int status)
{
    at_exit_count = 0;
    process_exits(status & 255, HERE, FRAME);
}

static void broken(const char *text, uintptr_t pc)
{
    op o = {.kind = OP_CHECK, .pc = pc, .text = text};
    if (is_recording)
        record_step(run.self, &o);
    fail_and_stop(EXPLORER_CHECK, "%s: %s", thread_name(run.self->id), text);
}

void explored_abort(void)
{
    broken("abort()", HERE);
}

void explored___assert_fail(const char *expression, const char *file,
        unsigned line, const char *function)
{
    (void)file;
    (void)line;
    (void)function;
    static char text[200];
    snprintf(text, sizeof text, "assert(%s) fails", expression);
    broken(text, HERE);
}

void explorer_check(bool ok, const char *what)
{
    if (ok)
        return;
    static char text[200];
    snprintf(text, sizeof text, "%s fails", what);
    broken(text, HERE);
}

void explorer_outcome(const char *text)
{
    snprintf(run.outcome, sizeof run.outcome, "%s", text);
    run.has_outcome = true;
}

/* --- What it is told about itself ------------------------------------------*/

pid_t explored_gettid(void)
{
    return 2 + run.self->id;
}

pid_t explored_getpid(void)
{
    return 2;
}

pid_t explored_getppid(void)
{
    return 1;
}

long explored_syscall(long number, ...)
{
    if (number == SYS_gettid)
        return explored_gettid();
    if (number == SYS_getpid)
        return explored_getpid();
    refuse("syscall: only gettid and getpid are modelled");
}

int explored_sched_getcpu(void)
{
    return 0;
}

/* On one processor or on many: all interleavings are tried. */
int explored_pthread_setaffinity_np(
        pthread_t handle, size_t size, const cpu_set_t *processors)
{
    (void)handle;
    (void)size;
    (void)processors;
    return 0;
}

int explored_sched_setaffinity(
        pid_t id, size_t size, const cpu_set_t *processors)
{
    (void)id;
    (void)size;
    (void)processors;
    return 0;
}

int explored_pthread_atfork(
        void (*before)(void), void (*parent)(void), void (*child)(void))
{
    (void)before;
    (void)parent;
    (void)child;
    return 0;
}

/* --- Options: libc's own, from the beginning in every run ------------------*/

static bool is_getopt_new;

static void begin_options(void)
{
    if (is_getopt_new)
        optind = 0;
    is_getopt_new = false;
}

int explored_getopt(int count, char *const *arguments, const char *letters)
{
    begin_options();
    return getopt(count, arguments, letters);
}

int explored_getopt_long(int count, char *const *arguments, const char *letters,
        const struct option *names, int *index)
{
    begin_options();
    return getopt_long(count, arguments, letters, names, index);
}

/* --- Signals: handlers are accepted, and none ever comes -------------------*/

int explored_pthread_sigmask(int how, const sigset_t *mask, sigset_t *old)
{
    (void)how;
    (void)mask;
    if (old != NULL)
        sigemptyset(old);
    return 0;
}

int explored_sigprocmask(int how, const sigset_t *mask, sigset_t *old)
{
    return explored_pthread_sigmask(how, mask, old);
}

int explored_sigaction(
        int signal, const struct sigaction *new, struct sigaction *old)
{
    (void)signal;
    (void)new;
    if (old != NULL)
        *old = (struct sigaction){.sa_handler = SIG_DFL};
    return 0;
}

typedef void handler(int);

handler *explored_signal(int signal, handler *new)
{
    (void)signal;
    (void)new;
    return SIG_DFL;
}

int explored_raise(int signal)
{
    if (signal == SIGABRT)
        explored_abort();
    refuse("raise: signals are not modelled");
}

void process_new_run(void)
{
    at_exit_count = 0;
    optind = 1;
    is_getopt_new = true;
}
