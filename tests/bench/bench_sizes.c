/*
 * How much room each object takes, in the caller's storage.
 */
#include <glib.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>

#include "primitives/barrier.h"
#include "primitives/condition.h"
#include "primitives/event.h"
#include "primitives/local.h"
#include "primitives/lock.h"
#include "primitives/queue.h"
#include "primitives/rlock.h"
#include "primitives/semaphore.h"
#include "primitives/timer.h"
#include "tests/bench/bench.h"
#include "tests/bench/textbook.h"

#define SIZE(type) #type, sizeof(type)

typedef struct size_row {
    const char *ours;
    size_t our_size;
    const char *peer;
    size_t peer_size;
    const char *other; /* or NULL */
    size_t other_size;
} size_row;

static const size_row rows[] = {
        {SIZE(sync_lock), SIZE(pthread_mutex_t), NULL, 0},
        {SIZE(sync_rlock), SIZE(pthread_mutex_t), NULL, 0},
        {SIZE(sync_semaphore), SIZE(sem_t), SIZE(textbook_semaphore)},
        {SIZE(sync_event), SIZE(atomic_bool), SIZE(textbook_event)},
        {SIZE(sync_condition), SIZE(pthread_cond_t), NULL, 0},
        {SIZE(sync_barrier), SIZE(pthread_barrier_t), SIZE(textbook_barrier)},
        {SIZE(sync_queue), SIZE(textbook_queue), NULL, 0},
        {SIZE(sync_timer), SIZE(GSource), SIZE(textbook_timer)},
        {SIZE(sync_local), SIZE(pthread_key_t), NULL, 0},
};

void bench_sizes(void)
{
    printf("\n  bytes\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const size_row *row = &rows[i];
        printf("    %-16s %3zu   %-18s %3zu", row->ours, row->our_size,
                row->peer, row->peer_size);
        if (row->other != NULL)
            printf("   %-18s %3zu", row->other, row->other_size);
        printf("\n");
    }
}
