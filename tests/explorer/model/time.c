/*
 * Time: it is virtual, and passes when somebody sleeps or a deadline does.
 */
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

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
    if (base != TIME_UTC)
        return 0;
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

static void sleep_for(op *begin, int64_t ns)
{
    int64_t until;
    step(begin);
    if (__builtin_add_overflow(run.now, ns, &until))
        until = INT64_MAX;
    sleep_until(until, begin->pc, begin->frame);
}

unsigned explored_sleep(unsigned seconds)
{
    op begin = CALL(OP_DEADLINE, NULL);
    sleep_for(&begin, (int64_t)seconds * BILLION);
    return 0;
}

int explored_usleep(useconds_t us)
{
    op begin = CALL(OP_DEADLINE, NULL);
    sleep_for(&begin, (int64_t)us * 1000);
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

int sleep_for_span(op *begin, const struct timespec *t)
{
    if (!is_time(t))
        return EINVAL;
    sleep_for(begin, span(t));
    return 0;
}

int explored_nanosleep(const struct timespec *t, struct timespec *rest)
{
    op begin = CALL(OP_DEADLINE, NULL);
    (void)rest;
    return error_of(sleep_for_span(&begin, t));
}

/* With nothing to look at these only sleep. */
int explored_select(int count, fd_set *to_read, fd_set *to_write,
        fd_set *exceptions, struct timeval *limit)
{
    op begin = CALL(OP_DEADLINE, NULL);
    (void)count;
    if (to_read != NULL || to_write != NULL || exceptions != NULL ||
            limit == NULL)
        refuse("select on files is not modelled");
    sleep_for(&begin,
            (int64_t)limit->tv_sec * BILLION + (int64_t)limit->tv_usec * 1000);
    return 0;
}

int explored_poll(struct pollfd *files, nfds_t count, int limit_ms)
{
    op begin = CALL(OP_DEADLINE, NULL);
    (void)files;
    if (count != 0 || limit_ms < 0)
        refuse("poll on files is not modelled");
    sleep_for(&begin, (int64_t)limit_ms * 1000000);
    return 0;
}

int explored_clock_nanosleep(clockid_t clock, int flags,
        const struct timespec *t, struct timespec *rest)
{
    (void)rest;
    op begin = CALL(OP_DEADLINE, NULL);
    if (!(flags & TIMER_ABSTIME))
        return sleep_for_span(&begin, t);
    if (!is_time(t))
        return EINVAL;
    step(&begin);
    sleep_until(virtual_time(t, clock), HERE, FRAME);
    return 0;
}

int explored_clock_getres(clockid_t clock, struct timespec *resolution)
{
    (void)clock;
    if (resolution != NULL)
        *resolution = (struct timespec){.tv_nsec = 1};
    return 0;
}

int explored_getrusage(int who, struct rusage *usage)
{
    (void)who;
    *usage = (struct rusage){0}; /* computing takes no time */
    return 0;
}

/* --- Calendars: the first three keep their result for all threads ----------*/

#define ACCESSES(kind, at, size)                                               \
    libc_accesses((kind), (at), (size), HERE, FRAME)

struct tm *explored_localtime(const time_t *t)
{
    ACCESSES(OP_READ, t, sizeof *t);
    ACCESSES(OP_WRITE, &hidden.time, sizeof hidden.time);
    return localtime_r(t, &hidden.time);
}

struct tm *explored_gmtime(const time_t *t)
{
    ACCESSES(OP_READ, t, sizeof *t);
    ACCESSES(OP_WRITE, &hidden.time, sizeof hidden.time);
    return gmtime_r(t, &hidden.time);
}

char *explored_ctime(const time_t *t)
{
    ACCESSES(OP_READ, t, sizeof *t);
    ACCESSES(OP_WRITE, hidden.time_text, sizeof hidden.time_text);
    return ctime_r(t, hidden.time_text);
}

char *explored_asctime(const struct tm *t)
{
    ACCESSES(OP_READ, t, sizeof *t);
    ACCESSES(OP_WRITE, hidden.time_text, sizeof hidden.time_text);
    return asctime_r(t, hidden.time_text);
}

struct tm *explored_localtime_r(const time_t *t, struct tm *to)
{
    ACCESSES(OP_READ, t, sizeof *t);
    ACCESSES(OP_WRITE, to, sizeof *to);
    return localtime_r(t, to);
}

struct tm *explored_gmtime_r(const time_t *t, struct tm *to)
{
    ACCESSES(OP_READ, t, sizeof *t);
    ACCESSES(OP_WRITE, to, sizeof *to);
    return gmtime_r(t, to);
}

char *explored_ctime_r(const time_t *t, char *to)
{
    ACCESSES(OP_READ, t, sizeof *t);
    ACCESSES(OP_WRITE, to, sizeof hidden.time_text);
    return ctime_r(t, to);
}

time_t explored_mktime(struct tm *t)
{
    ACCESSES(OP_WRITE, t, sizeof *t);
    return mktime(t);
}

size_t explored_strftime(
        char *to, size_t size, const char *format, const struct tm *t)
{
    ACCESSES(OP_READ, t, sizeof *t);
    ACCESSES(OP_WRITE, to, size);
    return strftime(to, size, format, t);
}
