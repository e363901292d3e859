/*
 * The lesson's lines of the map of bugs: of what kind each is, how it shows,
 * and which of Coffman's conditions its fix takes away.
 */
#include "lessons/telling/forms.h"
#include "lessons/telling/markdown.h"

int write_map(const request *r)
{
    static const char *const kinds[] = {[OTHER_BUG] = "other",
            [ATOMICITY] = "atomicity violation",
            [ORDER] = "order violation",
            [DEADLOCK] = "deadlock"};
    static const char *const conditions[] = {[NONE_OF_THEM] = "",
            [MUTUAL_EXCLUSION] = "mutual exclusion",
            [HOLD_AND_WAIT] = "hold and wait",
            [NO_PREEMPTION] = "no preemption",
            [CIRCULAR_WAIT] = "circular wait"};
    for (const scene *s = this_lesson.scenes; s->name != NULL; s++) {
        if (!is_in(r, s))
            continue;
        const script *script = script_read(s);
        printf("| @ref lesson_%s \"%s\" | @ref %s_%s \"%s\" | ",
                this_lesson.name, this_lesson.name, this_lesson.name, s->name,
                s->name);
        put_title(stdout, script->promise);
        printf(" | %s | %s | %s |\n", kinds[s->kind],
                verdict_in_words(s->rungs[0].verdict), conditions[s->removes]);
    }
    return 0;
}
