/*
 * Runs a rung in a child process, so that each run begins alike, and none that
 * fails or hangs takes the lesson with it.
 *
 * A child hangs if none of its threads has been given the processor for a
 * while, and none wants it; how long the machine takes over other things says
 * nothing. One that is busy for LONGEST_MS hangs, too.
 */
#include "lessons/telling/luck.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "lessons/lesson.h"

enum { MOST_RUNS = 1000, MOST_HANGS = 3, TIME_MS = 200 };
enum { LOOK_MS = 50, LONGEST_MS = 1000 };

void lesson_promise(bool is_kept, const char *text)
{
    (void)text;
    if (!is_kept)
        _exit(EXIT_FAILURE);
}

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void run_child(void (*rung)(void))
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    rung();
    _exit(EXIT_SUCCESS);
}

/* --- Does it hang? ---------------------------------------------------------*/

/* The number behind that name in a line of /proc; -1: it is another line. */
static long number_in(const char *line, const char *name)
{
    size_t length = strlen(name);
    return strncmp(line, name, length) == 0 ? strtol(line + length, NULL, 10)
                                            : -1;
}

/* Of a thread: how often it has given up the processor or lost it; -1: it wants
 * it, has it, or is gone. */
static long switches_of(int process, const char *thread)
{
    char path[300], line[200];
    long sum = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%s/status", process, thread);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return -1;
    while (sum != -1 && fgets(line, sizeof line, file) != NULL) {
        long given = number_in(line, "voluntary_ctxt_switches:");
        long lost = number_in(line, "nonvoluntary_ctxt_switches:");
        if (strncmp(line, "State:\tS", 8) != 0 &&
                strncmp(line, "State:", 6) == 0)
            sum = -1;
        else
            sum += given > 0 ? given : lost > 0 ? lost : 0;
    }
    fclose(file);
    return sum;
}

static long switches(int process)
{
    char path[100];
    long sum = 0;
    snprintf(path, sizeof path, "/proc/%d/task", process);
    DIR *tasks = opendir(path);
    if (tasks == NULL)
        return -1;
    for (struct dirent *task; (task = readdir(tasks)) != NULL && sum != -1;) {
        if (task->d_name[0] == '.')
            continue;
        long more = switches_of(process, task->d_name);
        sum = more == -1 ? -1 : sum + more;
    }
    closedir(tasks);
    return sum;
}

/* Whether the child, which holds the pipe's other end, has ended in time. */
static bool ends(int process, int pipe_end)
{
    struct pollfd child = {.fd = pipe_end, .events = POLLIN};
    long before = -1, begin = now_ms();
    while (now_ms() - begin < LONGEST_MS) {
        if (poll(&child, 1, LOOK_MS) > 0)
            return true;
        long now = switches(process);
        if (now != -1 && now == before)
            return false;
        before = now;
    }
    return false;
}

ending luck_run(void (*rung)(void))
{
    int ends_of_pipe[2], status;
    if (pipe(ends_of_pipe) != 0)
        return FAILED;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        run_child(rung);
    close(ends_of_pipe[1]);
    bool has_ended = child > 0 && ends(child, ends_of_pipe[0]);
    close(ends_of_pipe[0]);
    if (child <= 0)
        return FAILED;
    if (!has_ended)
        kill(child, SIGKILL);
    waitpid(child, &status, 0);
    if (!has_ended)
        return HUNG;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? ENDED_WELL : FAILED;
}

luck luck_try(void (*rung)(void))
{
    luck l = {0, 0, 0};
    long begin = now_ms();
    while (l.runs < MOST_RUNS && l.hangs < MOST_HANGS &&
            (now_ms() - begin < TIME_MS || l.runs == l.hangs)) {
        ending e = luck_run(rung);
        l.runs++;
        l.failures += e != ENDED_WELL;
        l.hangs += e == HUNG;
    }
    return l;
}
