/*
 * The program of a lesson: reads the options, and gives the lesson in the form
 * that is asked for.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lessons/telling/forms.h"

typedef struct request {
    const scene *scene; /* NULL: all */
    const rung *rung;   /* of it; NULL: all, or the first */
    view view;
    int (*form)(void);
    const char *argument; /* of the form */
} request;

static int tell(void);

static request asked = {.view = {.tries_luck = true}, .form = tell};

__attribute__((noreturn)) static void wrong(
        const char *what, const char *argument)
{
    fprintf(stderr, "%s: %s%s%s; try --help\n", this_lesson.name, what,
            *argument == '\0' ? "" : " ", argument);
    exit(2);
}

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

/* --- Forms -----------------------------------------------------------------*/

static bool is_asked_for(const scene *s)
{
    return asked.scene == NULL || asked.scene == s;
}

static int tell(void)
{
    preface p = preface_read();
    bool is_whole = asked.scene == NULL, is_fine = true;
    if (is_whole)
        tell_preface(&p);
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++) {
        if (!is_asked_for(s))
            continue;
        ladder l = climb(s, asked.rung, asked.view);
        tell_scene(&l);
        is_fine &= l.is_as_stated;
        ladder_free(&l);
    }
    if (is_whole)
        tell_questions(&p);
    return is_fine ? 0 : 1;
}

static int list(void)
{
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++) {
        if (!is_asked_for(s))
            continue;
        const script *script = script_read(s);
        print_as(BOLD, "%s", s->name);
        printf("%s\n  %s\n", s->is_further ? " (further reading)" : "",
                script->promise);
        for (int i = 0; i < script->rung_count; i++) {
            int at = printf(
                    "  %-22s %s: ", s->rungs[i].name, script->rungs[i].kind);
            print_text(script->rungs[i].title, at, 25);
        }
    }
    return 0;
}

/* What the code prints goes into the file. */
static void begin_file(void)
{
    capture_begin();
}

static void end_file(FILE *file)
{
    char *text = capture_end();
    fputs(text, file);
    free(text);
}

static FILE *create(const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
    if (file == NULL)
        fail(path, strerror(errno));
    return file;
}

static void must_close(FILE *file)
{
    bool is_written = !ferror(file);
    is_written &= (file == stdout ? fflush(file) : fclose(file)) == 0;
    if (!is_written)
        fail(asked.argument, "it could not be written");
}

/* The lesson goes into the file, and its lines of the table are printed. */
static int summarise_all(void)
{
    FILE *file = create(asked.argument);
    preface p = preface_read();
    bool is_fine = true;
    begin_file();
    tell_preface(&p);
    end_file(file);
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++) {
        ladder l = climb(s, NULL, asked.view);
        begin_file();
        tell_scene(&l);
        end_file(file);
        summarise(&l);
        fflush(stdout);
        is_fine &= l.is_as_stated;
        ladder_free(&l);
    }
    begin_file();
    tell_questions(&p);
    end_file(file);
    must_close(file);
    return is_fine ? 0 : 1;
}

/* --- One run ---------------------------------------------------------------*/

static const rung *one_rung(void)
{
    if (asked.scene == NULL)
        wrong("which scene? --scene NAME is missing", "");
    return asked.rung != NULL ? asked.rung : &asked.scene->rungs[0];
}

static int replay(void)
{
    const rung *rung = one_rung();
    explorer_options options = options_for(asked.scene, asked.view);
    options.mode = EXPLORER_REPLAY;
    options.schedule = asked.argument;
    explorer_result *r = explorer_run(rung->explored, &options);
    explorer_verdict verdict = explorer_verdict_of(r);
    if (verdict > EXPLORER_OK)
        explorer_print(r);
    else
        printf("This run keeps the promise.\n");
    explorer_free(r);
    return verdict > EXPLORER_OK;
}

static int draw(void)
{
    const rung *rung = one_rung();
    explorer_options options = options_for(asked.scene, asked.view);
    explorer_result *r = explorer_run(rung->explored, &options);
    FILE *file = create(asked.argument);
    explorer_write_svg(r, file);
    must_close(file);
    explorer_free(r);
    return 0;
}

/* --- Other forms -----------------------------------------------------------*/

static int show(void)
{
    present(asked.scene);
    return 0;
}

static int play(void)
{
    choose_scene(asked.argument);
    wrong("not yet", "--play");
    return 0;
}

static int print_for_class(void)
{
    print_worksheets(asked.scene);
    return 0;
}

static int make_page(void)
{
    write_page(asked.argument);
    return 0;
}

static int make_map(void)
{
    write_map();
    return 0;
}

static int help(void)
{
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
           "  --help            this\n\n"
           "Exit status: 0, or 1 if a scene is not as the lesson says or the "
           "replayed run\nfails, or 2 for wrong use.\n",
            this_lesson.name);
    return 0;
}

/* --- Options ---------------------------------------------------------------*/

typedef struct option {
    const char *name;
    int (*form)(void);
    bool has_argument;
} option;

static const option forms[] = {{"--list", list, false},
        {"--present", show, false}, {"--worksheet", print_for_class, false},
        {"--play", play, true}, {"--replay", replay, true},
        {"--svg", draw, true}, {"--summary", summarise_all, true},
        {"--page", make_page, true}, {"--map", make_map, false},
        {"--help", help, false}};

static bool read_form(char ***at)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(**at, forms[i].name) != 0)
            continue;
        if (asked.form != tell)
            wrong("only one form at a time, not also", **at);
        asked.form = forms[i].form;
        if (!forms[i].has_argument)
            return true;
        if ((*at)[1] == NULL)
            wrong("something is missing after", **at);
        asked.argument = *++*at;
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
    else if (strcmp(name, "--scene") != 0)
        wrong("cannot make sense of", name);
    else if ((*at)[1] == NULL)
        wrong("a name is missing after", name);
    else
        choose_scene(*++*at);
}

int main(int argc, char **argv)
{
    (void)argc;
    for (char **at = argv + 1; *at != NULL; at++)
        if (!read_form(&at))
            read_option(&at);
    int status = asked.form();
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "%s: not all could be written\n", this_lesson.name);
        return 2;
    }
    return status;
}
