/*
 * Tells a lesson: for each scene the promise, for each rung its code and what
 * came of running it, then why, and the rule to remember.
 */
#include "lessons/lesson.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "primitives/must.h"

enum { MOST_RUNS = 1000, TIME_A_RUNG_MS = 200 };

void lesson_run_two(void *(*body)(void *))
{
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        MUST(pthread_create(&threads[i], NULL, body, NULL));
    for (int i = 0; i < 2; i++)
        MUST(pthread_join(threads[i], NULL));
}

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Shows a function as it stands in the file, with its line numbers: from the
 * line that begins its definition to the brace that closes it. */
static void show_code(const char *path, const char *function)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        printf("    (the code is %s in %s)\n\n", function, path);
        return;
    }
    char line[256], start[128];
    snprintf(start, sizeof start, "%s(", function);
    bool inside = false;
    for (int number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        bool begins = strncmp(line, "static ", 7) == 0;
        inside = inside || (begins && strstr(line, start) != NULL);
        if (inside)
            printf("    %3d  %s", number, line);
        if (inside && line[0] == '}')
            break;
    }
    fclose(file);
    printf("\n");
}

/* Whether the rung came out as it should. */
static bool tell_rung(const scene *scene, const rung *rung)
{
    printf("  %s\n\n", rung->title);
    show_code(scene->file, rung->code);

    int runs = 0, broken = 0;
    long begin = now_ms();
    while (runs < MOST_RUNS && now_ms() - begin < TIME_A_RUNG_MS) {
        broken += !rung->run();
        runs++;
    }
    printf("    %d runs: the promise was broken in %d of them.\n", runs,
            broken);
    if (!rung->right && broken == 0)
        printf("    That is luck, and no proof: the bug is there all the "
               "same.\n");
    printf("\n");
    return !rung->right || broken == 0;
}

static bool tell_scene(const scene *scene)
{
    bool fine = true;
    printf("%s: %s\n\n", scene->name, scene->promise);
    for (const rung *rung = scene->rungs; rung->title != NULL; rung++)
        fine = tell_rung(scene, rung) && fine;
    printf("  Why: %s\n\n  Rule: %s\n\n", scene->why, scene->rule);
    return fine;
}

static void list(void)
{
    for (const scene *const *s = this_lesson.scenes; *s != NULL; s++)
        printf("%-16s %s\n", (*s)->name, (*s)->promise);
}

static void help(void)
{
    printf("Lesson %s: %s\n\n"
           "  build/lessons/%s                tells the whole lesson\n"
           "  build/lessons/%s --list         lists its scenes\n"
           "  build/lessons/%s --scene NAME   tells one of them\n"
           "  build/lessons/%s --help         this\n",
            this_lesson.name, this_lesson.title, this_lesson.name,
            this_lesson.name, this_lesson.name, this_lesson.name);
}

/* Tells the scenes of that name, or all: 0, 1 if one went wrong, 2 if there is
 * none. */
static int tell(const char *name)
{
    int status = 2;
    for (const scene *const *s = this_lesson.scenes; *s != NULL; s++) {
        if (name != NULL && strcmp(name, (*s)->name) != 0)
            continue;
        bool fine = tell_scene(*s);
        status = status == 1 || !fine ? 1 : 0;
    }
    if (status == 2)
        fprintf(stderr, "%s: no scene is called %s; try --list\n",
                this_lesson.name, name);
    return status;
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        printf("Lesson %s: %s\n\n", this_lesson.name, this_lesson.title);
        return tell(NULL);
    }
    if (argc == 3 && strcmp(argv[1], "--scene") == 0)
        return tell(argv[2]);
    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        list();
    else if (argc == 2 && strcmp(argv[1], "--help") == 0)
        help();
    else {
        fprintf(stderr, "%s: cannot make sense of %s; try --help\n",
                this_lesson.name, argv[1]);
        return 2;
    }
    return 0;
}
