/*
 * One run of a rung: the one that a schedule stands for, the one that fails as
 * a picture, or one that the reader chooses step by step.
 */
#include "lessons/telling/forms.h"

static const rung *rung_of(const request *r)
{
    if (r->scene == NULL)
        fail("which scene", "--scene NAME is missing");
    return r->rung != NULL ? r->rung : &r->scene->rungs[0];
}

int replay(const request *r)
{
    const rung *rung = rung_of(r);
    explorer_options options = options_for(r->scene, r->view);
    options.mode = EXPLORER_REPLAY;
    options.schedule = r->argument;
    explorer_result *result = explorer_run(rung->explored, &options);
    bool fails = explorer_verdict_of(result) > EXPLORER_OK;
    if (fails)
        explorer_print(result);
    else
        printf("This run keeps the promise.\n");
    explorer_free(result);
    return fails;
}

int draw(const request *r)
{
    const rung *rung = rung_of(r);
    explorer_options options = options_for(r->scene, r->view);
    explorer_result *result = explorer_run(rung->explored, &options);
    FILE *file = create(r->argument);
    explorer_write_svg(result, file);
    must_close(file, r->argument);
    explorer_free(result);
    return 0;
}

int play(const request *r)
{
    const rung *rung = rung_of(r);
    explorer_options options = options_for(r->scene, r->view);
    return explorer_play(rung->explored, &options) ? 1 : 0;
}
