#define _GNU_SOURCE /* for syscall() */
#include "tests/support.h"

#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    SRunner *runner = srunner_create(test_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

TCase *add_case(Suite *suite, const char *name)
{
    TCase *group = tcase_create(name);
    tcase_set_timeout(group, 20);
    suite_add_tcase(suite, group);
    return group;
}

/* --- Threads --- */

static void *run_worker(void *arg)
{
    worker *w = arg;
    w->tid = (pid_t)syscall(SYS_gettid);
    sem_post(&w->started);
    return w->body(w->arg);
}

void start(worker *w, void *(*body)(void *), void *arg)
{
    w->body = body;
    w->arg = arg;
    ck_ok(sem_init(&w->started, 0, 0));
    ck_ok(pthread_create(&w->thread, NULL, run_worker, w));
    gate_pass(&w->started);
}

void *finish(worker *w)
{
    void *result;
    ck_ok(pthread_join(w->thread, &result));
    ck_ok(sem_destroy(&w->started));
    return result;
}

void run_threads(unsigned n, void *(*body)(void *), void *args, size_t size)
{
    worker *workers = calloc(n, sizeof(workers[0]));
    ck_assert_ptr_nonnull(workers);
    for (unsigned i = 0; i < n; i++)
        start(&workers[i], body, size > 0 ? (char *)args + i * size : args);
    for (unsigned i = 0; i < n; i++)
        finish(&workers[i]);
    free(workers);
}

/* The letter that /proc gives for the thread's state: S if it sleeps; X if the
 * thread has ended. */
static char state_of(const worker *w)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)w->tid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 'X';
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    char *after_name = strrchr(text, ')');
    if (after_name == NULL)
        return 'X';
    return after_name[2];
}

/* More than once, for a thread may sleep for a moment at a mutex, and under
 * Valgrind a thread sleeps that waits for its turn to run. */
enum { LOOKS = 20 };

void until_asleep(const worker *w)
{
    for (int looks = 0; looks < LOOKS;) {
        char state = state_of(w);
        if (state == 'X')
            return;
        looks = state == 'S' ? looks + 1 : 0;
        sched_yield();
    }
}

/* --- Gates --- */

void gate_init(gate *g)
{
    ck_ok(sem_init(g, 0, 0));
}

void gate_open(gate *g)
{
    ck_ok(sem_post(g));
}

void gate_pass(gate *g)
{
    while (sem_wait(g) != 0)
        ck_assert_int_eq(errno, EINTR);
}

/* --- Deadlines --- */

enum { NS_PER_SECOND = 1000000000, NS_PER_MS = 1000000, MS_PER_SECOND = 1000 };

const struct timespec PAST = {0, 1};
const struct timespec FAR_AWAY = {
        sizeof(time_t) > sizeof(int) ? (time_t)LLONG_MAX : INT_MAX, 999999999};
const struct timespec NEGATIVE = {0, -1};
const struct timespec TOO_LARGE = {0, NS_PER_SECOND};

struct timespec now(void)
{
    struct timespec at;
    ck_ok(clock_gettime(CLOCK_MONOTONIC, &at));
    return at;
}

struct timespec in_ms(long ms)
{
    struct timespec at = now();
    at.tv_nsec += ms % MS_PER_SECOND * NS_PER_MS;
    at.tv_sec += ms / MS_PER_SECOND + at.tv_nsec / NS_PER_SECOND;
    at.tv_nsec %= NS_PER_SECOND;
    return at;
}

bool is_before(struct timespec a, struct timespec b)
{
    return a.tv_sec < b.tv_sec ||
           (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

long ms_since(struct timespec begin)
{
    struct timespec end = now();
    long long ns = (long long)(end.tv_sec - begin.tv_sec) * NS_PER_SECOND +
                   (end.tv_nsec - begin.tv_nsec);
    return (long)(ns / NS_PER_MS);
}

/* --- Signals --- */

static void do_nothing(int signal)
{
    (void)signal;
}

void interrupt(const worker *w, unsigned n)
{
    struct sigaction action = {.sa_handler = do_nothing};
    ck_ok(sigaction(SIGUSR1, &action, NULL));
    for (unsigned i = 0; i < n; i++) {
        until_asleep(w);
        ck_ok(pthread_kill(w->thread, SIGUSR1));
    }
}
