#include <stddef.h>

#include "lessons/lesson.h"

extern const scene lost_update;

static const scene *const scenes[] = {&lost_update, NULL};

const lesson this_lesson = {"lock", "one thread at a time", scenes};
