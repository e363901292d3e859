/*
 * Reads the words of a lesson from its files. Only comments that begin a line
 * are looked at; their paragraphs become lines of text, to be wrapped anew.
 */
#include "lessons/telling/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fail(const char *path, const char *what)
{
    fprintf(stderr, "lesson %s: %s: %s\n", this_lesson.name, path, what);
    exit(2);
}

static void *must_have(void *memory)
{
    if (memory == NULL)
        fail("memory", "there is no more");
    return memory;
}

/* --- Files -----------------------------------------------------------------*/

/* From where the program was built, else from where we are. */
static FILE *open_source(const char *path)
{
    char full[4096];
    snprintf(full, sizeof full, "%s/%s", LESSON_ROOT, path);
    FILE *file = fopen(full, "r");
    if (file == NULL)
        file = fopen(path, "r");
    if (file == NULL)
        fail(path, "the source of the lesson cannot be read");
    return file;
}

static char *read_text(const char *path)
{
    FILE *file = open_source(path);
    char *text = NULL;
    size_t size = 0;
    if (getdelim(&text, &size, '\0', file) < 0)
        fail(path, "there is nothing in it");
    fclose(file);
    return text;
}

char **read_lines(const char *path, int *count)
{
    char *text = read_text(path);
    size_t most = 1;
    for (const char *at = text; *at != '\0'; at++)
        most += *at == '\n';
    char **lines = must_have(calloc(most, sizeof *lines));
    for (*count = 0; *text != '\0'; ++*count) {
        lines[*count] = text;
        text += strcspn(text, "\n");
        if (*text == '\n')
            *text++ = '\0';
    }
    return lines;
}

/* --- Comments --------------------------------------------------------------*/

static char *join(char *text, const char *between, const char *more)
{
    size_t length = text == NULL ? 0 : strlen(text);
    size_t all = length + strlen(between) + strlen(more) + 1;
    char *joined = must_have(realloc(text, all));
    snprintf(joined + length, all - length, "%s%s", length == 0 ? "" : between,
            more);
    return joined;
}

/* A line of a comment that stands by itself: an answer, or a point of a list */
static bool is_item(const char *line)
{
    return line[0] == '[' || strncmp(line, "- ", 2) == 0;
}

/* The text of the comment that begins at lines[*at], which moves behind it;
 * NULL, if none begins there. Lines are joined, but for paragraphs and items.*/
char *read_comment(char **lines, int count, int *at)
{
    if (strcmp(lines[*at], "/*") != 0)
        return NULL;
    char *text = NULL;
    const char *between = "";
    for (++*at; *at < count && strcmp(lines[*at], " */") != 0; ++*at) {
        const char *line = lines[*at];
        line += strspn(line, " *");
        if (*line == '\0') {
            between = "\n\n";
            continue;
        }
        bool is_new = between[0] == '\n';
        text = join(text, is_new ? between : is_item(line) ? "\n" : " ", line);
        between = " ";
    }
    ++*at;
    return text == NULL ? must_have(strdup("")) : text;
}

/* Cuts the text at its first empty line, and gives what follows. */
char *split(char *text)
{
    char *gap = strstr(text, "\n\n");
    if (gap == NULL)
        return text + strlen(text);
    *gap = '\0';
    return gap + 2;
}

/* "The bug: no lock." is cut in two; the title loses its full stop. */
static bool split_title(char *text, const char *kind, passage *to)
{
    size_t length = strlen(kind);
    if (strncmp(text, kind, length) != 0 || text[length] != ':')
        return false;
    to->kind = kind;
    to->why = split(text);
    char *title = text + length + 1;
    title += strspn(title, " ");
    size_t end = strlen(title);
    if (end > 0 && title[end - 1] == '.')
        title[end - 1] = '\0';
    to->title = title;
    return true;
}

/* --- Scenes ----------------------------------------------------------------*/

static bool is_blank(const char *line)
{
    return line[strspn(line, " \t")] == '\0';
}

/* The last rung so far ends before this line. */
static void end_rung(script *s, int line)
{
    if (s->rung_count == 0 || s->rungs[s->rung_count - 1].last != 0)
        return;
    passage *rung = &s->rungs[s->rung_count - 1];
    while (is_blank(s->lines[rung->first - 1]))
        rung->first++;
    while (line > rung->first && is_blank(s->lines[line - 2]))
        line--;
    rung->last = line - 1;
}

static bool begins_rung(char *text, passage *rung)
{
    return split_title(text, "The bug", rung) ||
           split_title(text, "Tempting", rung) ||
           split_title(text, "The fix", rung);
}

/* The comment whose text it is stands in lines first ... next - 1. Whether it
 * is kept. */
static bool take_comment(script *s, char *text, int first, int next)
{
    passage rung = {.first = next};
    if (s->promise == NULL) {
        s->about = split(text);
        s->promise = text;
    } else if (strncmp(text, "Rule: ", 6) == 0) {
        end_rung(s, first);
        s->rule = memmove(text, text + 6, strlen(text + 6) + 1);
    } else if (begins_rung(text, &rung)) {
        end_rung(s, first);
        if (s->rung_count == MOST_RUNGS)
            fail(s->path, "too many rungs");
        s->rungs[s->rung_count++] = rung;
    } else {
        return false;
    }
    return true;
}

int rung_count(const scene *scene)
{
    int count = 0;
    while (count < MOST_RUNGS && scene->rungs[count].name != NULL)
        count++;
    return count;
}

static void compare(const script *s, const scene *scene)
{
    if (rung_count(scene) != s->rung_count)
        fail(s->path, "its rungs are not those of lesson.c");
    if (s->promise == NULL || s->rule == NULL)
        fail(s->path, "it has no promise or no rule");
    for (int i = 0; i < s->rung_count; i++) {
        bool is_fix = strcmp(s->rungs[i].kind, "The fix") == 0;
        if (is_fix != (scene->rungs[i].verdict == EXPLORER_OK))
            fail(s->path, "what is broken there is none in lesson.c");
    }
}

char *path_of(const char *file)
{
    char path[200];
    snprintf(path, sizeof path, "lessons/%s/%s.c", this_lesson.name, file);
    return must_have(strdup(path));
}

script *script_read(const scene *scene)
{
    script *s = must_have(calloc(1, sizeof *s));
    s->path = path_of(scene->name);
    s->lines = read_lines(s->path, &s->count);
    for (int at = 0; at < s->count;) {
        int first = at;
        char *text = read_comment(s->lines, s->count, &at);
        if (text == NULL)
            at++;
        else if (!take_comment(s, text, first + 1, at + 1))
            free(text);
    }
    end_rung(s, s->count + 1);
    compare(s, scene);
    return s;
}
