/*
 * The lesson as text, and the list of its scenes.
 */
#include "lessons/telling/forms.h"

#include <string.h>

bool is_in(const request *r, const scene *s)
{
    return r->scene == NULL || r->scene == s;
}

FILE *create(const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
    if (file == NULL)
        fail(path, "it cannot be written");
    return file;
}

void must_close(FILE *file, const char *path)
{
    bool is_written = !ferror(file);
    is_written &= (file == stdout ? fflush(file) : fclose(file)) == 0;
    if (!is_written)
        fail(path, "not all could be written");
}

int tell_lesson(const request *r)
{
    preface p = preface_read();
    bool is_whole = r->scene == NULL, is_fine = true;
    if (is_whole)
        tell_preface(&p);
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++) {
        if (!is_in(r, s))
            continue;
        ladder l = climb(s, r->rung, r->view);
        tell_scene(&l);
        is_fine &= l.is_as_stated;
        ladder_free(&l);
    }
    if (is_whole)
        tell_questions(&p);
    return is_fine ? 0 : 1;
}

int list_scenes(const request *r)
{
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++) {
        if (!is_in(r, s))
            continue;
        const script *script = script_read(s);
        print_as(BOLD, "%s", s->name);
        printf("%s\n  ", s->is_further ? " (further reading)" : "");
        print_text(script->promise, 2, 2);
        for (int i = 0; i < script->rung_count; i++) {
            int at = printf(
                    "  %-22s %s: ", s->rungs[i].name, script->rungs[i].kind);
            print_text(script->rungs[i].title, at, 25);
        }
    }
    return 0;
}
