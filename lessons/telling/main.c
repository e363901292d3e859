/*
 * The program of a lesson: reads the options, and gives the lesson in the form
 * that is asked for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lessons/telling/forms.h"

__attribute__((noreturn)) static void wrong(
        const char *what, const char *argument)
{
    fprintf(stderr, "%s: %s%s%s; try --help\n", this_lesson.name, what,
            *argument == '\0' ? "" : " ", argument);
    exit(2);
}

static request asked = {.form = tell_lesson, .view = {.tries_luck = true}};

/* The scene of that name, or that has a rung of that name. */
static void choose_scene(const char *name)
{
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++) {
        asked.scene = s;
        asked.rung = NULL;
        if (strcmp(s->name, name) == 0)
            return;
        for (int i = 0; i < rung_count(s); i++)
            if (strcmp(s->rungs[i].name, name) == 0) {
                asked.rung = &s->rungs[i];
                return;
            }
    }
    wrong("no scene is called", name);
}

static int help(const request *r)
{
    (void)r;
    printf("Lesson %s. Without options it is told whole.\n\n"
           "  --scene NAME      tells one scene, or one of its rungs\n"
           "  --list            the scenes and their rungs\n"
           "  --present         for a projector: screen by screen\n"
           "  --worksheet       for paper: code and an empty timeline, and the "
           "answer\n"
           "  --play NAME       you choose which thread goes next\n"
           "  --replay STRING   the run of --scene NAME that the string stands "
           "for\n"
           "  --svg FILE        the failing run of --scene NAME as a picture; "
           "- for\n"
           "                    standard output\n"
           "  --inside          what the primitives do within, too\n"
           "  --no-luck         leaves out the runs that are left to luck\n"
           "  --summary FILE    one line a scene, and the lesson into FILE\n"
           "  --page FOLDER     the lesson as a page for Doxygen\n"
           "  --map             its lines of the map of bugs\n"
           "  --figures         those of each rung, a line each\n"
           "  --help            this\n\n"
           "Exit status: 0, or 1 if a scene is not as the lesson says, or the "
           "run that\nwas replayed or played fails, or 2 for wrong use.\n",
            this_lesson.name);
    return 0;
}

typedef struct option {
    const char *name;
    int (*form)(const request *);
    bool has_argument;
} option;

static const option forms[] = {{"--list", list_scenes, false},
        {"--present", present, false}, {"--worksheet", print_worksheets, false},
        {"--play", play, true}, {"--replay", replay, true},
        {"--svg", draw, true}, {"--summary", summarise, true},
        {"--page", write_page, true}, {"--map", write_map, false},
        {"--figures", print_figures, false}, {"--help", help, false}};

/* What stands behind an option; the option must not be the last. */
static const char *argument_of(char ***at)
{
    const char *name = **at;
    if ((*at)[1] == NULL)
        wrong("something is missing after", name);
    return *++*at;
}

static bool read_form(char ***at)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(**at, forms[i].name) != 0)
            continue;
        if (asked.form != tell_lesson)
            wrong("only one form at a time, not also", **at);
        asked.form = forms[i].form;
        if (forms[i].has_argument)
            asked.argument = argument_of(at);
        return true;
    }
    return false;
}

static void read_option(char ***at)
{
    const char *name = **at;
    if (strcmp(name, "--inside") == 0)
        asked.view.shows_inside = true;
    else if (strcmp(name, "--no-luck") == 0)
        asked.view.tries_luck = false;
    else if (strcmp(name, "--scene") == 0)
        choose_scene(argument_of(at));
    else
        wrong("cannot make sense of", name);
}

int main(int argc, char **argv)
{
    (void)argc;
    for (char **at = argv + 1; *at != NULL; at++)
        if (!read_form(&at))
            read_option(&at);
    if (asked.form == play && asked.argument != NULL)
        choose_scene(asked.argument);
    int status = asked.form(&asked);
    if (fflush(stdout) != 0 || ferror(stdout))
        fail("standard output", "not all could be written");
    return status;
}
