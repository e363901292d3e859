/*
 * For a projector: the code, then "what can go wrong?"; the run that fails;
 * why. No screen is larger than 24 rows by 80 columns. Without a terminal
 * nothing waits.
 */
#include "lessons/telling/forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 24, PROMPT = 2 };

static bool is_interactive(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* Waits for Enter; "q" or the end of the input ends the lesson. */
static void wait_for_enter(const char *prompt)
{
    char line[80];
    if (!is_interactive()) {
        printf("\n--- %s\n\n", prompt);
        return;
    }
    print_as(DIM, "\n%s  [Enter, q] ", prompt);
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL || line[0] == 'q')
        exit(EXIT_SUCCESS);
}

/* Shows the text, which is freed, in as many screens as it needs. */
static void show(char *text, const char *prompt)
{
    const char *at = text;
    while (*at != '\0') {
        int rows = 0;
        if (is_interactive())
            printf("\033[H\033[2J");
        while (*at != '\0' && (rows < ROWS - PROMPT || !is_interactive())) {
            size_t length = strcspn(at, "\n") + 1;
            fwrite(at, 1, length, stdout);
            at += length;
            rows++;
        }
        at += strspn(at, "\n");
        wait_for_enter(*at == '\0' ? prompt : "more");
    }
    free(text);
}

static void present_rung(const ladder *l, int rung)
{
    bool is_fix = l->findings[rung].failing == NULL;
    capture_begin(true);
    tell_head(l);
    tell_code(l, rung);
    show(capture_end(), is_fix ? "Is it right now?" : "What can go wrong?");
    capture_begin(true);
    tell_findings(l, rung);
    if (!is_fix) {
        tell_run(l, rung);
        show(capture_end(), "Why?");
        capture_begin(true);
    }
    tell_why(l, rung);
    if (rung + 1 == rung_count(l->scene))
        tell_rule(l);
    show(capture_end(), "on");
}

static void present_scene(const scene *scene, view view)
{
    ladder l = climb(scene, NULL, view);
    for (int i = 0; i < rung_count(scene); i++)
        present_rung(&l, i);
    ladder_free(&l);
}

static void present_questions(const preface *p)
{
    for (int i = 0; i < p->question_count; i++) {
        capture_begin(true);
        tell_question(&p->questions[i]);
        show(capture_end(), "Which one?");
        capture_begin(true);
        tell_question(&p->questions[i]);
        tell_answers(&p->questions[i]);
        show(capture_end(), "on");
    }
    tell_next(p);
}

int present(const request *r)
{
    preface p = preface_read();
    if (r->scene == NULL) {
        capture_begin(true);
        tell_preface(&p);
        show(capture_end(), "on");
    }
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++)
        if (is_in(r, s))
            present_scene(s, r->view);
    if (r->scene == NULL)
        present_questions(&p);
    return 0;
}
