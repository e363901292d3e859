/*
 * The event, beside that of the textbooks: how much it costs to find it set,
 * for which nothing can be cheaper than one load, and how fast two threads wake
 * each other.
 */
#include <stdatomic.h>

#include "primitives/event.h"
#include "primitives/must.h"
#include "tests/bench/bench.h"
#include "tests/bench/measure.h"
#include "tests/bench/textbook.h"

/* Between two threads each waits at its own. The first is set, so that this
 * thread begins; in the end it is set again. */
static OWN_LINE sync_event ours[2];
static OWN_LINE textbook_event textbook[2];
static OWN_LINE atomic_bool flag = true;

static void make_all(void)
{
    for (unsigned i = 0; i < 2; i++) {
        MUST(sync_event_init(&ours[i]));
        textbook_event_init(&textbook[i]);
    }
    sync_event_set(&ours[0]);
    textbook_event_set(&textbook[0]);
}

static void unmake_all(void)
{
    for (unsigned i = 0; i < 2; i++) {
        textbook_event_destroy(&textbook[i]);
        MUST(sync_event_destroy(&ours[i]));
    }
}

static void check(bool is_set)
{
    if (!is_set)
        give_up("an event is not set any more");
}

WORK(look_ours, check(sync_event_is_set(&ours[0]));)
WORK(look_atomic, check(atomic_load(&flag));)
WORK(look_textbook, check(textbook_event_is_set(&textbook[0]));)

WORK(wait_ours, sync_event_wait(&ours[0]);)
WORK(wait_textbook, textbook_event_wait(&textbook[0]);)

WORK(wake_ours, {
    sync_event_wait(&ours[me]);
    sync_event_clear(&ours[me]);
    sync_event_set(&ours[!me]);
})

WORK(wake_textbook, {
    textbook_event_wait(&textbook[me]);
    textbook_event_clear(&textbook[me]);
    textbook_event_set(&textbook[!me]);
})

void bench_event(void)
{
    static const contestant looking[MAX_CONTESTANTS] = {
            {"sync_event_is_set", look_ours, NO_AIM},
            {"atomic_load", look_atomic, MORE_BY(3)},
            {"textbook", look_textbook, NO_AIM},
    };
    static const contestant waiting[MAX_CONTESTANTS] = {
            {"sync_event_wait", wait_ours, NO_AIM},
            {"atomic_load", look_atomic, MORE_BY(3)},
            {"textbook", wait_textbook, NO_AIM},
    };
    static const contestant waking[MAX_CONTESTANTS] = {
            {"sync_event", wake_ours, NO_AIM},
            {"bare pthreads, as in the textbooks", wake_textbook, AT_MOST(1)},
    };
    make_all();
    compare("look at it when it is set", NANOSECONDS, alone, (trial){0},
            looking);
    compare("wait for it when it is set", NANOSECONDS, alone, (trial){0},
            waiting);
    compare_hand_over("wake each other", waking);
    unmake_all();
}
