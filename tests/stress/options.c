/*
 * The command line.
 */
#include "tests/stress/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const model *const all[MODELS] = {&lock_model, &rlock_model,
        &semaphore_model, &bounded_semaphore_model, &event_model, &fifo_model,
        &lifo_model, &priority_model};

static const char help[] =
        "stress [--seed N] [--seconds S] [--threads N] [--verbose] [MODEL...]\n"
        "stress --self-test\n"
        "\n"
        "Several threads use an object at random, and what they got is checked "
        "to be\nlinearizable. A model is a word of these names; without any, "
        "all are tested:\n"
        "\n";

static const char help_end[] =
        "\n"
        "  --seed N      repeats the calls of an earlier run, though not their "
        "timing\n"
        "  --seconds S   for all models together; 5 if not given\n"
        "  --threads N   the most threads in a round, 1 to 8; 4 if not given\n"
        "  --verbose     tells how many calls overlapped\n"
        "  --self-test   checks the checker with histories written by hand\n"
        "\n"
        "Ends with 0 if all is well, 1 if not, 2 if it was called wrongly.\n";

static void print_help(void)
{
    fputs(help, stdout);
    for (int i = 0; i < MODELS; i++)
        printf("  %s\n", all[i]->name);
    fputs(help_end, stdout);
    exit(EXIT_SUCCESS);
}

static void refuse(const char *argument)
{
    fprintf(stderr, "stress: %s: not understood; see stress --help\n",
            argument);
    exit(2);
}

static unsigned long read_number(const char *name, const char *text,
        unsigned long least, unsigned long most)
{
    char *end;
    unsigned long number = text != NULL ? strtoul(text, &end, 10) : 0;
    if (text == NULL || text[0] < '0' || text[0] > '9' || *end != '\0' ||
            number < least || number > most) {
        fprintf(stderr, "stress: %s wants a number from %lu to %lu\n", name,
                least, most);
        exit(2);
    }
    return number;
}

/* Whether the word is one of the name's. */
static bool has_word(const char *name, const char *word)
{
    size_t length = strlen(word);
    const char *space = strchr(name, ' ');
    if (strcmp(name, word) == 0)
        return true;
    if (space == NULL)
        return false;
    return strcmp(space + 1, word) == 0 ||
           ((size_t)(space - name) == length &&
                   strncmp(name, word, length) == 0);
}

static void add_models(options *o, const char *word)
{
    bool known = false;
    for (int i = 0; i < MODELS; i++) {
        if (!has_word(all[i]->name, word))
            continue;
        known = true;
        bool chosen = false;
        for (int j = 0; j < o->model_count; j++)
            chosen = chosen || o->models[j] == all[i];
        if (!chosen)
            o->models[o->model_count++] = all[i];
    }
    if (!known)
        refuse(word);
}

static unsigned long new_seed(void)
{
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    return (unsigned long)(at.tv_sec ^ at.tv_nsec) % 1000000;
}

options options_read(int argc, char **argv)
{
    options o = {.seed = new_seed(), .seconds = 5, .threads = 4};
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i], *next = argv[i + 1];
        if (strcmp(name, "--help") == 0)
            print_help();
        else if (strcmp(name, "--verbose") == 0)
            o.verbose = true;
        else if (strcmp(name, "--self-test") == 0)
            o.self_test = true;
        else if (strcmp(name, "--seed") == 0 && ++i)
            o.seed = read_number(name, next, 0, 4294967295);
        else if (strcmp(name, "--seconds") == 0 && ++i)
            o.seconds = (int)read_number(name, next, 1, 86400);
        else if (strcmp(name, "--threads") == 0 && ++i)
            o.threads = (int)read_number(name, next, 1, THREADS_MAX);
        else
            add_models(&o, name);
    }
    if (o.model_count == 0)
        for (; o.model_count < MODELS; o.model_count++)
            o.models[o.model_count] = all[o.model_count];
    return o;
}
