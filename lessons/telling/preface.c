/*
 * Reads the head of lesson.c: title, what there is to learn, questions, and
 * what to read next. See the one of lessons/lock for how it is written.
 */
#include "lessons/telling/script.h"

#include <string.h>

/* What stands behind that beginning; NULL: it is another. */
static const char *after(const char *text, const char *beginning)
{
    size_t length = strlen(beginning);
    return strncmp(text, beginning, length) == 0 ? text + length : NULL;
}

/* "[x] 1 or 2 -- 1 if both read before either has written" */
static void take_answer(question *q, char *line, const char *path)
{
    bool is_right = after(line, "[x] ") != NULL;
    char *remark = strstr(line, " -- ");
    if (q->answer_count == MOST_ANSWERS || remark == NULL ||
            (!is_right && after(line, "[ ] ") == NULL))
        fail(path, line);
    *remark = '\0';
    q->answers[q->answer_count++] = (answer){
            .text = line + 4, .remark = remark + 4, .is_right = is_right};
}

static void take_question(preface *p, char *text, const char *path)
{
    if (p->question_count == MOST_QUESTIONS)
        fail(path, "too many questions");
    question *q = &p->questions[p->question_count++];
    q->text = strtok(text, "\n");
    for (char *line; (line = strtok(NULL, "\n")) != NULL;)
        take_answer(q, line, path);
}

static void take_paragraph(preface *p, char *text, const char *path)
{
    if (p->title == NULL)
        p->title = text;
    else if (after(text, "Question: ") != NULL)
        take_question(p, text + strlen("Question: "), path);
    else if (after(text, "Next: ") != NULL)
        p->next = after(text, "Next: ");
    else if (p->about == NULL)
        p->about = text;
    else
        fail(path, "a paragraph that is none of those of a preface");
}

preface preface_read(void)
{
    const char *path = path_of("lesson");
    preface p = {.title = NULL};
    int count, at = 0;
    char **lines = read_lines(path, &count);
    char *text = count == 0 ? NULL : read_comment(lines, count, &at);
    if (text == NULL)
        fail(path, "it has no preface");
    for (char *rest; *text != '\0'; text = rest) {
        rest = split(text);
        take_paragraph(&p, text, path);
    }
    if (p.title == NULL || p.about == NULL || p.next == NULL)
        fail(path, "title, what there is to learn, or what is next is missing");
    return p;
}
