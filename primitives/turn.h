/**
 * @file
 * @brief The library's own: giving up one's turn a few times before sleeping.
 *
 * To put a thread to sleep and wake it up costs two switches and, across cores,
 * some twenty microseconds. If what it waits for is only a moment away, it is
 * several times cheaper to let other threads run and to look again. A barrier
 * and a queue do so, a bounded number of times, and then sleep in earnest.
 *
 * No thread is let through by this that would not be let through by sleeping:
 * it only changes when a thread runs. A build that examines all orders can
 * leave the looks out with -DSYNC_LOOKS=0, and loses none.
 *
 * Source of the idea: libstdc++'s atomic wait, which yields before it sleeps.
 */
#ifndef LOCKSTEP_TURN_H
#define LOCKSTEP_TURN_H

#include <pthread.h>
#include <sched.h>

#include "must.h"

#ifndef SYNC_LOOKS
#define SYNC_LOOKS 8 /**< How often a thread looks again before it sleeps. */
#endif

/** Lets other threads have the mutex, and the processor so many times; the
 * caller holds the mutex before and after. */
static inline void sync_give_up_turns(pthread_mutex_t *mutex, int turns)
{
    MUST(pthread_mutex_unlock(mutex));
    for (int i = 0; i < turns; i++)
        sched_yield();
    MUST(pthread_mutex_lock(mutex));
}

#endif
