/*
 * The rest of libc, as far as programs about threads use it: memory, output,
 * time, ends of the process, strings. What a thread writes is kept; what it
 * reads from the clock is virtual; what libc reads or writes in the program's
 * memory is a step like any access.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int *explored___errno_location(void)
{
    return &run.self->error;
}

/* --- Memory ----------------------------------------------------------------*/

static void *allocate(size_t size, size_t alignment, uintptr_t pc)
{
    void *memory = memory_allocate(run.self, size, alignment, pc);
    if (memory == NULL)
        run.self->error = ENOMEM;
    return memory;
}

void *explored_malloc(size_t size)
{
    return allocate(size, 16, HERE);
}

void *explored_calloc(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        run.self->error = ENOMEM;
        return NULL;
    }
    void *memory = allocate(total, 16, HERE);
    if (memory != NULL)
        memset(memory, 0, total);
    return memory;
}

void *explored_aligned_alloc(size_t alignment, size_t size)
{
    return allocate(size, alignment, HERE);
}

int explored_posix_memalign(void **to, size_t alignment, size_t size)
{
    void *memory = memory_allocate(run.self, size, alignment, HERE);
    if (memory == NULL)
        return ENOMEM;
    *to = memory;
    return 0;
}

static void free_block(op *o)
{
    const char *who = thread_name(run.self->id);
    block *b = memory_block(o->address);
    if (b == NULL || b->start != o->address) {
        o->kind = OP_CHECK;
        step(o);
        fail_and_stop(EXPLORER_MISUSE, "%s frees what was not allocated", who);
    }
    o->size = b->size;
    if (b->freed_at != 0)
        o->kind = OP_WRITE; /* touches the block that is gone */
    step(o);
    b = memory_block(o->address);
    if (b->freed_at != 0)
        fail_and_stop(EXPLORER_USE_AFTER_FREE,
                "%s frees memory that was freed before", who);
    b->freed_at = o->pc;
    b->free_step = run.step - 1;
    b->freed_by = (uint8_t)run.self->id;
    b->free_epoch = run.self->seen.at[run.self->id];
}

void explored_free(void *memory)
{
    op o = CALL(OP_FREE, memory);
    if (memory != NULL)
        free_block(&o);
}

void *explored_realloc(void *memory, size_t size)
{
    op o = CALL(OP_FREE, memory);
    void *bigger = allocate(size, 16, o.pc);
    if (bigger == NULL || memory == NULL)
        return bigger;
    const block *b = memory_block(o.address);
    if (b != NULL && b->start == o.address)
        memcpy(bigger, memory, b->size < size ? b->size : size);
    free_block(&o);
    return bigger;
}

/* --- Accesses by libc ------------------------------------------------------*/

#define READS_(at, size)  plain(OP_READ, (at), (size), HERE, FRAME)
#define WRITES_(at, size) plain(OP_WRITE, (at), (size), HERE, FRAME)

void *explored_memcpy(void *to, const void *from, size_t size)
{
    READS_(from, size);
    WRITES_(to, size);
    return memcpy(to, from, size);
}

void *explored_memmove(void *to, const void *from, size_t size)
{
    READS_(from, size);
    WRITES_(to, size);
    return memmove(to, from, size);
}

void *explored_memset(void *to, int value, size_t size)
{
    WRITES_(to, size);
    return memset(to, value, size);
}

int explored_memcmp(const void *a, const void *b, size_t size)
{
    READS_(a, size);
    READS_(b, size);
    return memcmp(a, b, size);
}

size_t explored_strlen(const char *s)
{
    READS_(s, strlen(s) + 1);
    return strlen(s);
}

int explored_strcmp(const char *a, const char *b)
{
    READS_(a, strlen(a) + 1);
    READS_(b, strlen(b) + 1);
    return strcmp(a, b);
}

int explored_strncmp(const char *a, const char *b, size_t size)
{
    READS_(a, strnlen(a, size));
    READS_(b, strnlen(b, size));
    return strncmp(a, b, size);
}

char *explored_strchr(const char *s, int c)
{
    READS_(s, strlen(s) + 1);
    return strchr(s, c);
}

char *explored_strrchr(const char *s, int c)
{
    READS_(s, strlen(s) + 1);
    return strrchr(s, c);
}

char *explored_strstr(const char *s, const char *part)
{
    READS_(s, strlen(s) + 1);
    return strstr(s, part);
}

char *explored_strcpy(char *to, const char *from)
{
    size_t size = strlen(from) + 1;
    READS_(from, size);
    WRITES_(to, size);
    return memcpy(to, from, size);
}

char *explored_strncpy(char *to, const char *from, size_t size)
{
    READS_(from, strnlen(from, size));
    WRITES_(to, size);
    return strncpy(to, from, size);
}

char *explored_strcat(char *to, const char *from)
{
    size_t size = strlen(from) + 1;
    READS_(from, size);
    READS_(to, strlen(to) + 1);
    char *end = to + strlen(to);
    WRITES_(end, size);
    memcpy(end, from, size);
    return to;
}

char *explored_strdup(const char *s)
{
    size_t size = strlen(s) + 1;
    READS_(s, size);
    char *copy = allocate(size, 16, HERE);
    return copy == NULL ? NULL : memcpy(copy, s, size);
}

int explored_vsnprintf(char *to, size_t size, const char *format, va_list list)
{
    char text[4096];
    int length = vsnprintf(text, sizeof text, format, list);
    size_t used =
            (size_t)length + 1 < sizeof text ? (size_t)length + 1 : sizeof text;
    if (size > 0) {
        if (used > size)
            used = size;
        WRITES_(to, used);
        memcpy(to, text, used);
        to[used - 1] = '\0';
    }
    return length;
}

int explored_snprintf(char *to, size_t size, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = explored_vsnprintf(to, size, format, list);
    va_end(list);
    return length;
}

int explored_sprintf(char *to, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = explored_vsnprintf(to, 4096, format, list);
    va_end(list);
    return length;
}

void explored_qsort(void *base, size_t count, size_t size,
        int (*compare)(const void *, const void *))
{
    READS_(base, count * size);
    WRITES_(base, count * size);
    qsort(base, count, size, compare);
}

/* --- Output ----------------------------------------------------------------*/

enum { OUTPUT_ROOM = 1 << 16 };
static char output[OUTPUT_ROOM];
static size_t output_used;

const char *run_output(void)
{
    output[output_used] = '\0';
    return output;
}

static int print(const char *text, size_t size, uintptr_t pc)
{
    if (is_recording) {
        op o = {.kind = OP_OUTPUT, .pc = pc, .text = text, .size = size};
        record_step(run.self, &o);
    }
    if (size > OUTPUT_ROOM - 1 - output_used)
        size = OUTPUT_ROOM - 1 - output_used;
    memcpy(output + output_used, text, size);
    output_used += size;
    return (int)size;
}

static void must_be_terminal(FILE *file, const char *call)
{
    if (file != stdout && file != stderr)
        refuse("%s to a file is not modelled", call);
}

static int print_list(const char *format, va_list list, uintptr_t pc)
{
    char text[4096];
    int length = vsnprintf(text, sizeof text, format, list);
    if (length >= (int)sizeof text)
        length = (int)sizeof text - 1;
    print(text, (size_t)length, pc);
    return length;
}

int explored_printf(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = print_list(format, list, HERE);
    va_end(list);
    return length;
}

int explored_vprintf(const char *format, va_list list)
{
    return print_list(format, list, HERE);
}

int explored_fprintf(FILE *file, const char *format, ...)
{
    must_be_terminal(file, "fprintf");
    va_list list;
    va_start(list, format);
    int length = print_list(format, list, HERE);
    va_end(list);
    return length;
}

int explored_vfprintf(FILE *file, const char *format, va_list list)
{
    must_be_terminal(file, "vfprintf");
    return print_list(format, list, HERE);
}

int explored_puts(const char *s)
{
    char text[4096];
    int length = snprintf(text, sizeof text, "%s\n", s);
    return print(text, (size_t)length, HERE);
}

int explored_fputs(const char *s, FILE *file)
{
    must_be_terminal(file, "fputs");
    return print(s, strlen(s), HERE);
}

int explored_putchar(int c)
{
    char text = (char)c;
    print(&text, 1, HERE);
    return c;
}

int explored_fputc(int c, FILE *file)
{
    must_be_terminal(file, "fputc");
    char text = (char)c;
    print(&text, 1, HERE);
    return c;
}

int explored_putc(int c, FILE *file)
{
    return explored_fputc(c, file);
}

size_t explored_fwrite(const void *from, size_t size, size_t count, FILE *file)
{
    must_be_terminal(file, "fwrite");
    print(from, size * count, HERE);
    return count;
}

ssize_t explored_write(int descriptor, const void *from, size_t size)
{
    if (descriptor != 1 && descriptor != 2)
        refuse("write to a file is not modelled");
    print(from, size, HERE);
    return (ssize_t)size;
}

void explored_perror(const char *s)
{
    char text[512];
    int length = snprintf(
            text, sizeof text, "%s: %s\n", s, strerror(run.self->error));
    print(text, (size_t)length, HERE);
}

int explored_fflush(FILE *file)
{
    (void)file;
    return 0;
}

int explored_setvbuf(FILE *file, const char *buffer, int mode, size_t size)
{
    (void)file;
    (void)buffer;
    (void)mode;
    (void)size;
    return 0;
}

void explored_setbuf(FILE *file, const char *buffer)
{
    (void)file;
    (void)buffer;
}

/* --- Time ------------------------------------------------------------------*/

/* When a run begins: the first second of 2000, and an hour after the start of
 * the machine. */
static const time_t REAL = 946684800, MONOTONIC = 3600;

enum { BILLION = 1000000000 };

static time_t beginning(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE
                   ? REAL
                   : MONOTONIC;
}

/* What has passed already is at the first nanosecond. */
int64_t virtual_time(const struct timespec *t, clockid_t clock)
{
    __extension__ typedef __int128 wide;
    wide ns = (wide)(t->tv_sec - beginning(clock)) * BILLION + t->tv_nsec;
    if (ns < 1)
        return 1;
    return ns > INT64_MAX ? INT64_MAX : (int64_t)ns;
}

int explored_clock_gettime(clockid_t clock, struct timespec *now)
{
    op o = CALL(OP_TIME, NULL);
    step(&o);
    now->tv_sec = beginning(clock) + run.now / BILLION;
    now->tv_nsec = run.now % BILLION;
    return 0;
}

int explored_timespec_get(struct timespec *now, int base)
{
    op o = CALL(OP_TIME, NULL);
    step(&o);
    now->tv_sec = REAL + run.now / BILLION;
    now->tv_nsec = run.now % BILLION;
    return base;
}

int explored_gettimeofday(struct timeval *now, void *zone)
{
    (void)zone;
    op o = CALL(OP_TIME, NULL);
    step(&o);
    now->tv_sec = REAL + run.now / BILLION;
    now->tv_usec = run.now % BILLION / 1000;
    return 0;
}

time_t explored_time(time_t *to)
{
    op o = CALL(OP_TIME, NULL);
    step(&o);
    time_t now = REAL + run.now / BILLION;
    if (to != NULL)
        *to = now;
    return now;
}

clock_t explored_clock(void)
{
    op o = CALL(OP_TIME, NULL);
    step(&o);
    return run.now / 1000;
}

static void sleep_until(int64_t deadline, uintptr_t pc, uintptr_t frame)
{
    op o = {.kind = OP_SLEEPING,
            .pc = pc,
            .frame = frame,
            .deadline = deadline < 1 ? 1 : deadline};
    step(&o);
    run.self->timeouts++;
    if (run.now < o.deadline)
        run.now = o.deadline;
}

static void sleep_for(int64_t ns, uintptr_t pc, uintptr_t frame)
{
    op begin = {.kind = OP_DEADLINE, .pc = pc, .frame = frame};
    step(&begin);
    int64_t until;
    if (__builtin_add_overflow(run.now, ns, &until))
        until = INT64_MAX;
    sleep_until(until, pc, frame);
}

unsigned explored_sleep(unsigned seconds)
{
    sleep_for((int64_t)seconds * BILLION, HERE, FRAME);
    return 0;
}

int explored_usleep(useconds_t us)
{
    sleep_for((int64_t)us * 1000, HERE, FRAME);
    return 0;
}

static bool is_time(const struct timespec *t)
{
    return t->tv_sec >= 0 && t->tv_nsec >= 0 && t->tv_nsec < BILLION;
}

static int64_t span(const struct timespec *t)
{
    __extension__ typedef __int128 wide;
    wide ns = (wide)t->tv_sec * BILLION + t->tv_nsec;
    return ns > INT64_MAX ? INT64_MAX : (int64_t)ns;
}

int explored_nanosleep(const struct timespec *t, struct timespec *rest)
{
    (void)rest;
    if (!is_time(t)) {
        run.self->error = EINVAL;
        return -1;
    }
    sleep_for(span(t), HERE, FRAME);
    return 0;
}

int explored_clock_nanosleep(clockid_t clock, int flags,
        const struct timespec *t, struct timespec *rest)
{
    (void)rest;
    if (!is_time(t))
        return EINVAL;
    if (flags & TIMER_ABSTIME) {
        op begin = CALL(OP_DEADLINE, NULL);
        step(&begin);
        sleep_until(virtual_time(t, clock), HERE, FRAME);
    } else {
        sleep_for(span(t), HERE, FRAME);
    }
    return 0;
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
    snprintf(text, sizeof text, "not so: %s", what);
    broken(text, HERE);
}

void explorer_outcome(const char *text)
{
    snprintf(run.outcome, sizeof run.outcome, "%s", text);
    run.has_outcome = true;
}

/* --- Others ----------------------------------------------------------------*/

/* Random numbers that do not depend on the order of threads. */
int explored_rand_r(unsigned *seed)
{
    *seed = *seed * 1103515245 + 12345;
    return (int)(*seed >> 1 & RAND_MAX);
}

int explored_rand(void)
{
    return explored_rand_r(&run.self->rand);
}

long explored_random(void)
{
    return explored_rand_r(&run.self->rand);
}

void explored_srand(unsigned seed)
{
    run.self->rand = seed;
}

void explored_srandom(unsigned seed)
{
    run.self->rand = seed;
}

double explored_drand48(void)
{
    return (double)explored_rand_r(&run.self->rand) / ((double)RAND_MAX + 1);
}

long explored_lrand48(void)
{
    return explored_rand_r(&run.self->rand);
}

void explored_srand48(long seed)
{
    run.self->rand = (unsigned)seed;
}

static char *token_rest;

char *explored_strtok(char *s, const char *delimiters)
{
    char *from = s != NULL ? s : token_rest;
    if (from != NULL)
        WRITES_(from, strlen(from) + 1);
    return strtok_r(s, delimiters, &token_rest);
}

char *explored_strtok_r(char *s, const char *delimiters, char **rest)
{
    char *from = s != NULL ? s : *rest;
    if (from != NULL)
        WRITES_(from, strlen(from) + 1);
    return strtok_r(s, delimiters, rest);
}

pid_t explored_gettid(void)
{
    return 2 + run.self->id;
}

pid_t explored_getpid(void)
{
    return 2;
}

int explored_pthread_sigmask(int how, const sigset_t *mask, sigset_t *old)
{
    (void)how;
    (void)mask;
    if (old != NULL)
        sigemptyset(old);
    return 0;
}

void libc_new_run(void)
{
    output_used = 0;
    at_exit_count = 0;
    token_rest = NULL;
    input_new_run();
    forget_keys();
}
