/*
 * The semaphore, beside that of POSIX and that of the textbooks: a permit taken
 * and put back by one thread, and one that two threads hand to each other.
 */
#include <semaphore.h>

#include "primitives/must.h"
#include "primitives/semaphore.h"
#include "tests/bench/bench.h"
#include "tests/bench/measure.h"
#include "tests/bench/textbook.h"

/* Between two threads each waits at its own. The first has a permit, so that
 * this thread begins; in the end the permit is there again. */
static OWN_LINE sync_semaphore ours[2];
static OWN_LINE sem_t posix[2];
static OWN_LINE textbook_semaphore textbook[2];

static void make_all(void)
{
    for (unsigned i = 0; i < 2; i++) {
        MUST(sync_semaphore_init(&ours[i], i == 0));
        if (sem_init(&posix[i], 0, i == 0) != 0)
            give_up("there is no sem_t to be had");
        textbook_semaphore_init(&textbook[i], i == 0);
    }
}

static void unmake_all(void)
{
    for (unsigned i = 0; i < 2; i++) {
        textbook_semaphore_destroy(&textbook[i]);
        sem_destroy(&posix[i]);
        MUST(sync_semaphore_destroy(&ours[i]));
    }
}

WORK(pair_ours, {
    sync_semaphore_acquire(&ours[0]);
    sync_semaphore_release(&ours[0]);
})

WORK(pair_posix, {
    sem_wait(&posix[0]);
    sem_post(&posix[0]);
})

WORK(pair_textbook, {
    textbook_semaphore_acquire(&textbook[0]);
    textbook_semaphore_release(&textbook[0]);
})

WORK(hand_over_ours, {
    sync_semaphore_acquire(&ours[me]);
    sync_semaphore_release(&ours[!me]);
})

WORK(hand_over_posix, {
    sem_wait(&posix[me]);
    sem_post(&posix[!me]);
})

WORK(hand_over_textbook, {
    textbook_semaphore_acquire(&textbook[me]);
    textbook_semaphore_release(&textbook[!me]);
})

void bench_semaphore(void)
{
    static const contestant uncontended[MAX_CONTESTANTS] = {
            {"sync_semaphore", pair_ours, NO_AIM},
            {"sem_t", pair_posix, AT_MOST(1.3)},
            {"textbook", pair_textbook, NO_AIM},
    };
    static const contestant hand_over[MAX_CONTESTANTS] = {
            {"sync_semaphore", hand_over_ours, NO_AIM},
            {"sem_t", hand_over_posix, NO_AIM},
            {"textbook", hand_over_textbook, NO_AIM},
    };
    make_all();
    compare("acquire, release; uncontended", NANOSECONDS, alone, (trial){0},
            uncontended);
    compare_hand_over("there and back", hand_over);
    unmake_all();
}
