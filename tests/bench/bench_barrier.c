/*
 * The barrier, beside that of POSIX and that of the textbooks: threads that do
 * nothing but meet.
 */
#include <pthread.h>

#include "primitives/barrier.h"
#include "primitives/must.h"
#include "tests/bench/bench.h"
#include "tests/bench/measure.h"
#include "tests/bench/textbook.h"

static OWN_LINE sync_barrier ours;
static OWN_LINE pthread_barrier_t posix;
static OWN_LINE textbook_barrier textbook;

WORK(meet_ours, sync_barrier_wait(&ours, NULL);)
WORK(meet_posix, pthread_barrier_wait(&posix);)
WORK(meet_textbook, textbook_barrier_wait(&textbook);)

static void compare_meeting(const char *what, unsigned parties)
{
    static const contestant meeting[MAX_CONTESTANTS] = {
            {"sync_barrier", meet_ours, NO_AIM},
            {"pthread_barrier_t", meet_posix, AT_MOST(0.33)},
            {"textbook", meet_textbook, NO_AIM},
    };
    MUST(sync_barrier_init(&ours, parties, NULL, NULL));
    MUST(pthread_barrier_init(&posix, NULL, parties));
    textbook_barrier_init(&textbook, parties);
    compare(what, MICROSECONDS, all_together, (trial){.threads = parties},
            meeting);
    textbook_barrier_destroy(&textbook);
    MUST(pthread_barrier_destroy(&posix));
    MUST(sync_barrier_destroy(&ours));
}

void bench_barrier(void)
{
    compare_meeting("a round of 2 threads", 2);
    compare_meeting("a round of 4 threads", 4);
    compare_meeting("a round of 8 threads", 8);
}
