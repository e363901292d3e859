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

/* A row to be filled in: dots in each column that has a title. Titles have two
 * spaces or more between them. */
static void print_dots(const char *titles, int number)
{
    char row[WIDTH] = "";
    size_t length = strcspn(titles, "\n"), first = strspn(titles, " ");
    memset(row, '.', WIDTH - 2);
    snprintf(row, sizeof row, "%5d", number);
    memset(row + strlen(row), ' ', first - strlen(row));
    row[first] = '.';
    for (size_t at = first + 2; at < length && at < WIDTH - 2; at++)
        if (titles[at] != ' ' && titles[at - 1] == ' ' && titles[at - 2] == ' ')
            row[at - 1] = row[at - 2] = ' ';
    puts(row);
}

/* The titles of the run's columns, and rows: as many as are wanted and fit,
 * with space between them, if there is any. */
static void print_empty(const char *timeline, int used)
{
    int wanted = lines_of(timeline) + 4, room = PAGE - used;
    bool is_tight = room / 2 < LEAST_ROWS;
    int rows = is_tight ? room : room / 2;
    if (rows > wanted)
        rows = wanted;
    printf("%.*s\n\n", (int)strcspn(timeline, "\n"), timeline);
    for (int i = 1; i <= rows; i++) {
        print_dots(timeline, i);
        if (!is_tight)
            putchar('\n');
    }
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
