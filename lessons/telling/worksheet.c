/*
 * For paper: a page with the code of a scene's bug and an empty timeline, and
 * on a second page the run that fails. Pages end with a form feed.
 */
#include "lessons/telling/forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 60, LEAST_ROWS = 8 };

static int lines_of(const char *text)
{
    int count = 0;
    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

/* The titles of the run's columns, and rows to be filled in. */
static void print_empty(const char *timeline, int used)
{
    size_t length = strcspn(timeline, "\n");
    int rows = (PAGE - used) / 2;
    int wanted = lines_of(timeline) + 4;
    if (rows > wanted)
        rows = wanted;
    if (rows < LEAST_ROWS)
        rows = LEAST_ROWS;
    printf("%.*s\n\n", (int)length, timeline);
    for (int i = 1; i <= rows; i++)
        printf("%5d  %.*s\n\n", i, WIDTH - 8,
                "........................................"
                "........................................");
}

static void print_worksheet(const scene *scene)
{
    ladder l = climb(scene, &scene->rungs[0], (view){.tries_luck = false});
    if (l.findings[0].failing != NULL) {
        capture_begin(false);
        explorer_print_timeline(l.findings[0].failing);
        char *timeline = capture_end();
        capture_begin(false);
        tell_head(&l);
        print_code(l.script, &l.script->rungs[0]);
        char *question = capture_end();
        printf("%s\n  Find an order in which the promise is not kept:\n\n",
                question);
        print_empty(timeline, lines_of(question) + 6);
        printf("\f");
        tell_head(&l);
        printf("%s\n", timeline);
        tell_why(&l, 0);
        tell_rule(&l);
        printf("\f");
        free(question);
        free(timeline);
    }
    ladder_free(&l);
}

int print_worksheets(const request *r)
{
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++)
        if (is_in(r, s))
            print_worksheet(s);
    return 0;
}
