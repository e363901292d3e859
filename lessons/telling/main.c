/*
 * The program of a lesson.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lessons/telling/tell.h"

typedef struct request {
    const char *scene; /* or one of its rungs; NULL: all */
    const char *replay, *svg, *summary;
    view view;
    void (*form)(void);
} request;

static request asked = {.view = {.tries_luck = true}};

static const char help[] =
        "  --list            the scenes and their rungs\n"
        "  --scene NAME      tells one scene, or one of its rungs\n"
        "  --replay STRING   the run of --scene NAME that the string stands "
        "for\n"
        "  --svg FILE        the failing run of --scene NAME as a picture\n"
        "  --inside          shows what the primitives do within\n"
        "  --no-luck         leaves out the runs that are left to luck\n"
        "  --summary FILE    one line a scene, and the lesson into FILE\n"
        "  --help            this\n";

static void wrong(const char *what, const char *argument)
{
    fprintf(stderr, "%s: %s%s%s; try --help\n", this_lesson.name, what,
            argument == NULL ? "" : " ", argument == NULL ? "" : argument);
    exit(2);
}

/* --- Which scene, which rung -----------------------------------------------*/

static int rung_count(const scene *s)
{
    int count = 0;
    while (count < MOST_RUNGS && s->rungs[count].name != NULL)
        count++;
    return count;
}

/* The rung of that name; for the name of a scene its first. NULL: none. */
static const rung *find_rung(const scene *s, const char *name)
{
    for (int i = 0; i < rung_count(s); i++)
        if (strcmp(s->rungs[i].name, name) == 0)
            return &s->rungs[i];
    return strcmp(s->name, name) == 0 ? &s->rungs[0] : NULL;
}

static const scene *find_scene(const char *name)
{
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++)
        if (find_rung(s, name) != NULL)
            return s;
    wrong("no scene is called", name);
    return NULL;
}

/* --- Forms -----------------------------------------------------------------*/

static void list(void)
{
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++) {
        const script *script = script_read(s);
        print_as(BOLD, "%s", s->name);
        printf("%s\n    %s\n", s->is_further ? " (further reading)" : "",
                script->promise);
        for (int i = 0; i < script->rung_count; i++)
            printf("    %-28s %s: %s\n", s->rungs[i].name,
                    script->rungs[i].kind, script->rungs[i].title);
    }
}

static bool tell(const scene *s, bool (*also)(const scene *, const finding *))
{
    const script *script = script_read(s);
    finding findings[MOST_RUNGS];
    bool is_fine = true;
    for (int i = 0; i < script->rung_count; i++) {
        findings[i] = finding_of(s, &s->rungs[i], asked.view);
        is_fine &= is_as_stated(&s->rungs[i], &findings[i]);
    }
    tell_scene(s, script, findings);
    if (also != NULL)
        also(s, findings);
    for (int i = 0; i < script->rung_count; i++)
        finding_free(&findings[i]);
    return is_fine;
}

static bool tell_all(void)
{
    preface p = preface_read();
    bool is_fine = true;
    tell_preface(&p);
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++)
        is_fine &= tell(s, NULL);
    tell_questions(&p);
    return is_fine;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--list") == 0) {
            list();
            return 0;
        } else if (strcmp(argv[i], "--help") == 0) {
            printf("%s", help);
            return 0;
        } else if (strcmp(argv[i], "--scene") == 0 && argv[i + 1] != NULL)
            asked.scene = argv[++i];
        else if (strcmp(argv[i], "--no-luck") == 0)
            asked.view.tries_luck = false;
        else if (strcmp(argv[i], "--inside") == 0)
            asked.view.shows_inside = true;
        else
            wrong("cannot make sense of", argv[i]);
    }
    return (asked.scene == NULL ? tell_all()
                                : tell(find_scene(asked.scene), NULL))
                   ? 0
                   : 1;
}
