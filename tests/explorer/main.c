/*
 * The main of an explored program: reads the options, explores the program's
 * own main, and answers. The program's main has been renamed.
 */
#include "tests/explorer/explorer.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int explored_main(int argc, char **argv, char **environment);

static char **program_arguments;
static int program_argument_count;

static void program(void)
{
    explorer_call_main(
            explored_main, program_argument_count, program_arguments);
}

static const char help[] =
        "Explores the interleavings of this program.\n"
        "\n"
        "  --find            the simplest run that fails first (default): runs "
        "with up\n"
        "                    to 2 delays of a thread; then classes of runs, as "
        "--prove,\n"
        "                    10,000 of them; then up to 6 delays. At most "
        "20,000 runs,\n"
        "                    and 2,000 past the first data race or leak, to "
        "see "
        "what\n"
        "                    else there is\n"
        "  --prove           one run of every class of equivalent runs\n"
        "  --random [N]      N runs (10,000) that choose at random\n"
        "  --seed S          which runs these are (1)\n"
        "  --pct D           random runs with random priorities and D - 1 "
        "changes of\n"
        "                    them: for bugs that D orderings bring about, "
        "among many\n"
        "                    threads\n"
        "  --jobs N          random runs by N processes, with the same answer "
        "(1)\n"
        "  --replay STRING   the run that this string stands for\n"
        "  --play            you choose, step by step, which thread goes next\n"
        "  --no-spurious     no wakeups without a cause\n"
        "  --spurious N      at most N of them a thread (1)\n"
        "  --timeouts N      at most N deadlines a thread that pass while "
        "others\n"
        "                    could go on (1)\n"
        "  --max-executions N, --max-seconds S, --max-steps N (in a run, "
        "100000)\n"
        "                    limits\n"
        "  --inside          what the primitives do inside, too\n"
        "  --brief           only the last line\n"
        "  --svg FILE        the failing or replayed run as a picture; it says "
        "so if\n"
        "                    there is none. FILE is - for standard output: "
        "then\n"
        "                    nothing else is written there\n"
        "  --json FILE       answer and run for other tools, in the same way\n"
        "  --help            this\n"
        "  -- ARGUMENT ...   arguments for the program\n"
        "\n"
        "The last line is for machines. Exit status: 0 nothing found, 1 a "
        "bug,\n"
        "2 wrong use, or the program cannot be explored, 3 a limit came "
        "first.\n"
        "Ctrl-C ends the search with what it knows, again Ctrl-C at once.\n";

static void wrong(const char *what, const char *argument)
{
    fprintf(stderr, "explorer: %s%s%s (--help lists the options)\n", what,
            argument == NULL ? "" : ": ", argument == NULL ? "" : argument);
    exit(2);
}

static double number(char ***at, double least, double most)
{
    const char *name = **at;
    const char *text = *++*at;
    char *end;
    if (text == NULL)
        wrong("a number is missing after", name);
    errno = 0;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || errno != 0 || !(value >= least) ||
            !(value <= most))
        wrong("not a number that fits", text);
    return value;
}

static unsigned long whole(char ***at, double least, double most)
{
    double value = number(at, least, most);
    if (value != (double)(unsigned long)value)
        wrong("not a whole number", **at);
    return (unsigned long)value;
}

static void set_mode(explorer_options *o, bool *is_set, explorer_mode mode)
{
    if (*is_set && o->mode != mode)
        wrong("only one of --find, --prove, --random and --replay", NULL);
    *is_set = true;
    o->mode = mode;
}

/* What is written beside the report. */
typedef struct extra {
    const char *option;
    bool (*write)(const explorer_result *, FILE *);
    const char *name; /* NULL: not asked for */
    FILE *file;
} extra;

static extra extras[] = {{"--svg", explorer_write_svg, NULL, NULL},
        {"--json", explorer_write_json, NULL, NULL}};

enum { EXTRAS = sizeof extras / sizeof *extras };

static bool is_standard_output(const extra *e)
{
    return e->name != NULL && strcmp(e->name, "-") == 0;
}

static bool read_extra(char ***at)
{
    for (int i = 0; i < EXTRAS; i++) {
        if (strcmp(**at, extras[i].option) != 0)
            continue;
        extras[i].name = *++*at;
        if (extras[i].name == NULL)
            wrong("a file is missing after", extras[i].option);
        return true;
    }
    return false;
}

static void fail_to_write(const char *name)
{
    fprintf(stderr, "explorer: %s: %s\n", name, strerror(errno));
    exit(2);
}

/* Before the search, which may take long, so that it is not in vain. */
static void open_extras(void)
{
    if (extras[0].name != NULL && extras[1].name != NULL &&
            strcmp(extras[0].name, extras[1].name) == 0)
        wrong("two outputs to one file", extras[0].name);
    for (int i = 0; i < EXTRAS; i++) {
        extra *e = &extras[i];
        if (e->name == NULL)
            continue;
        e->file = is_standard_output(e) ? stdout : fopen(e->name, "w");
        if (e->file == NULL)
            fail_to_write(e->name);
    }
}

static void write_extras(const explorer_result *result)
{
    for (int i = 0; i < EXTRAS; i++) {
        const extra *e = &extras[i];
        if (e->file == NULL)
            continue;
        errno = 0;
        bool is_written = e->write(result, e->file);
        if (fclose(e->file) != 0 || !is_written)
            fail_to_write(e->name);
    }
}

typedef struct request {
    explorer_options options;
    bool is_brief, is_silent, is_played;
} request;

static request read_arguments(char **at)
{
    request r = {.options = explorer_defaults()};
    explorer_options *o = &r.options;
    bool has_mode = false, no_spurious = false, spurious = false;
    bool has_seed = false, has_jobs = false;
    for (at++; *at != NULL; at++) {
        const char *name = *at;
        if (strcmp(name, "--find") == 0) {
            set_mode(o, &has_mode, EXPLORER_FIND);
        } else if (strcmp(name, "--prove") == 0) {
            set_mode(o, &has_mode, EXPLORER_PROVE);
        } else if (strcmp(name, "--random") == 0) {
            set_mode(o, &has_mode, EXPLORER_RANDOM);
            if (at[1] != NULL && at[1][0] >= '0' && at[1][0] <= '9')
                o->max_executions = whole(&at, 1, 1e15);
        } else if (strcmp(name, "--seed") == 0) {
            has_seed = true;
            o->seed = whole(&at, 0, 1e15);
        } else if (strcmp(name, "--pct") == 0) {
            set_mode(o, &has_mode, EXPLORER_RANDOM);
            o->depth = (unsigned)whole(&at, 1, EXPLORER_MOST_DEPTH);
        } else if (strcmp(name, "--jobs") == 0) {
            has_jobs = true;
            o->jobs = (unsigned)whole(&at, 1, EXPLORER_MOST_JOBS);
        } else if (strcmp(name, "--replay") == 0) {
            set_mode(o, &has_mode, EXPLORER_REPLAY);
            o->schedule = *++at;
            if (o->schedule == NULL)
                wrong("a schedule is missing after", name);
        } else if (strcmp(name, "--play") == 0) {
            r.is_played = true;
        } else if (strcmp(name, "--no-spurious") == 0) {
            no_spurious = true;
            o->spurious = 0;
        } else if (strcmp(name, "--spurious") == 0) {
            spurious = true;
            o->spurious = (unsigned)whole(&at, 0, 1000);
        } else if (strcmp(name, "--timeouts") == 0) {
            o->timeouts = (unsigned)whole(&at, 0, 1000);
        } else if (strcmp(name, "--max-executions") == 0) {
            o->max_executions = whole(&at, 1, 1e15);
        } else if (strcmp(name, "--max-seconds") == 0) {
            o->max_seconds = number(&at, 1e-3, 1e9);
        } else if (strcmp(name, "--max-steps") == 0) {
            o->max_steps = (unsigned)whole(&at, 1, 1e8);
        } else if (strcmp(name, "--inside") == 0) {
            o->shows_inside = true;
        } else if (strcmp(name, "--brief") == 0) {
            r.is_brief = true;
        } else if (read_extra(&at)) {
            r.is_silent |= strcmp(*at, "-") == 0;
        } else if (strcmp(name, "--help") == 0) {
            fputs(help, stdout);
            exit(0);
        } else if (strcmp(name, "--") == 0) {
            break;
        } else {
            wrong("unknown option", name);
        }
    }
    if (no_spurious && spurious)
        wrong("only one of --spurious and --no-spurious", NULL);
    if (has_seed && o->mode != EXPLORER_RANDOM)
        wrong("--seed is for --random and --pct", NULL);
    if (has_jobs && o->mode != EXPLORER_RANDOM)
        wrong("--jobs is for --random and --pct", NULL);
    if (r.is_played && (has_mode || r.is_brief || extras[0].name != NULL ||
                               extras[1].name != NULL))
        wrong("--play is for a person alone, without other modes or outputs",
                NULL);
    open_extras();
    program_arguments = at;
    return r;
}

/* The first signal ends the search, the second the process. */
static void on_signal(int signal)
{
    (void)signal;
    explorer_stop();
}

static void end_on(int signal)
{
    struct sigaction stop = {
            .sa_handler = on_signal, .sa_flags = SA_RESETHAND | SA_RESTART};
    struct sigaction old;
    sigaction(signal, NULL, &old);
    if (old.sa_handler != SIG_IGN)
        sigaction(signal, &stop, NULL);
}

static int status_of(explorer_verdict verdict)
{
    switch (verdict) {
    case EXPLORER_NONE:
        return 3;
    case EXPLORER_OK:
        return 0;
    default:
        return 1;
    }
}

int main(int argc, char **argv)
{
    request r = read_arguments(argv);
    /* The program sees its own name, and what stands after "--". */
    if (*program_arguments == NULL) {
        program_arguments = &argv[argc - 1];
        argv[argc] = NULL;
    }
    program_arguments[0] = argv[0];
    while (program_arguments[program_argument_count] != NULL)
        program_argument_count++;

    end_on(SIGINT);
    end_on(SIGTERM);
    r.options.shows_progress = true;
    if (r.is_played)
        return explorer_play(program, &r.options) ? 1 : 0;
    explorer_result *result = explorer_run(program, &r.options);
    explorer_verdict verdict = explorer_verdict_of(result);
    if (verdict == EXPLORER_NONE && !r.is_brief && !r.is_silent)
        printf("no answer: %s\n\n", explorer_what(result));
    if (verdict > EXPLORER_OK && !r.is_brief && !r.is_silent)
        explorer_print(result);
    if (!r.is_silent)
        explorer_print_answer(result);
    write_extras(result);
    explorer_free(result);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("explorer: the report could not be written\n", stderr);
        return 2;
    }
    return status_of(verdict);
}
