/*
 * The states, and what leads from one to the next:
 *
 *     FILLING --last arrival--> ACTING --action done--> FILLING, round + 1
 *     FILLING, ACTING --reset--> RESETTING --all have left--> FILLING
 *     any --abort, deadline--> BROKEN --reset--> RESETTING or FILLING
 *
 * A thread waits for its own round: it is through when `round` has gone past
 * the number that it read on arrival, and cancelled when the state says so
 * first. The next round may fill and even complete before it wakes up; that
 * changes nothing for it, since `round` never goes back. A cancelled round has
 * no number of its own to go by, so newcomers are kept out until its threads
 * have left.
 */
#include "primitives/barrier.h"

#include <errno.h>

#include "primitives/deadline.h"
#include "primitives/must.h"
#include "primitives/turn.h"

int sync_barrier_init(sync_barrier *barrier, unsigned parties,
        void (*action)(void *), void *arg)
{
    if (parties == 0)
        return EINVAL;
    *barrier = (sync_barrier){.parties = parties, .action = action, .arg = arg};
    pthread_cond_t *const conds[] = {&barrier->released, &barrier->all_left};
    return sync_monitor_init(&barrier->mutex, conds, 2);
}

/* Whether threads wait that nothing has released yet. */
static bool is_in_use(const sync_barrier *barrier)
{
    return barrier->outside > 0 || barrier->acting ||
           (barrier->state == SYNC_BARRIER_FILLING && barrier->arrived > 0);
}

int sync_barrier_destroy(sync_barrier *barrier)
{
    MUST(pthread_mutex_lock(&barrier->mutex));
    bool busy = is_in_use(barrier);
    while (!busy && barrier->arrived + barrier->leaving > 0) {
        MUST(pthread_cond_wait(&barrier->all_left, &barrier->mutex));
        busy = is_in_use(barrier);
    }
    MUST(pthread_mutex_unlock(&barrier->mutex));
    if (busy)
        return EBUSY;
    pthread_cond_t *const conds[] = {&barrier->released, &barrier->all_left};
    sync_monitor_destroy(&barrier->mutex, conds, 2);
    return 0;
}

int sync_barrier_wait(sync_barrier *barrier, unsigned *index)
{
    return sync_barrier_wait_until(barrier, index, NULL);
}

/* Waits until the barrier takes arrivals; 0, or ECANCELED if it is broken. */
static int enter(sync_barrier *barrier)
{
    while (barrier->state == SYNC_BARRIER_RESETTING ||
            barrier->state == SYNC_BARRIER_ACTING) {
        barrier->outside++;
        MUST(pthread_cond_wait(&barrier->all_left, &barrier->mutex));
        barrier->outside--;
    }
    return barrier->state == SYNC_BARRIER_BROKEN ? ECANCELED : 0;
}

static void set_state(sync_barrier *barrier, enum sync_barrier_state state)
{
    barrier->state = state;
    MUST(pthread_cond_broadcast(&barrier->released));
    MUST(pthread_cond_broadcast(&barrier->all_left));
}

/* The last to arrive: acts, and opens the barrier unless it was cancelled. */
static void complete(sync_barrier *barrier)
{
    if (barrier->action != NULL) {
        barrier->state = SYNC_BARRIER_ACTING;
        barrier->acting = true;
        MUST(pthread_mutex_unlock(&barrier->mutex));
        barrier->action(barrier->arg);
        MUST(pthread_mutex_lock(&barrier->mutex));
        barrier->acting = false;
        if (barrier->state != SYNC_BARRIER_ACTING)
            return;
    }
    barrier->round++;
    barrier->leaving += barrier->arrived;
    barrier->arrived = 0;
    set_state(barrier, SYNC_BARRIER_FILLING);
}

/* Whether the caller, who arrived in that round, has no more to wait for. */
static bool is_over(const sync_barrier *barrier, uint64_t round)
{
    return barrier->round != round ||
           barrier->state == SYNC_BARRIER_RESETTING ||
           barrier->state == SYNC_BARRIER_BROKEN;
}

/* 0, or ETIMEDOUT if the deadline of the caller broke the barrier. */
static int wait_inside(sync_barrier *barrier, const struct timespec *deadline)
{
    uint64_t round = barrier->round;
    for (int i = 0; i < SYNC_LOOKS && !is_over(barrier, round); i++)
        sync_give_up_turns(&barrier->mutex, 1);

    while (!is_over(barrier, round)) {
        bool acting = barrier->state == SYNC_BARRIER_ACTING; /* not for long */
        int error = sync_cond_wait_until(
                &barrier->released, &barrier->mutex, acting ? NULL : deadline);
        if (error != 0 && barrier->round == round &&
                barrier->state == SYNC_BARRIER_FILLING) {
            set_state(barrier, SYNC_BARRIER_BROKEN);
            return error;
        }
    }
    return 0;
}

/* The caller, who arrived in that round, goes: 0, or ECANCELED. */
static int leave(sync_barrier *barrier, uint64_t round)
{
    bool completed = barrier->round != round;
    unsigned left = completed ? --barrier->leaving : --barrier->arrived;
    if (left == 0 && !completed && barrier->state == SYNC_BARRIER_RESETTING)
        barrier->state = SYNC_BARRIER_FILLING;
    if (left == 0)
        MUST(pthread_cond_broadcast(&barrier->all_left));
    return completed ? 0 : ECANCELED;
}

int sync_barrier_wait_until(
        sync_barrier *barrier, unsigned *index, const struct timespec *deadline)
{
    int error = sync_deadline_check(deadline);
    if (error != 0)
        return error;

    MUST(pthread_mutex_lock(&barrier->mutex));
    error = enter(barrier);
    if (error == 0) {
        uint64_t round = barrier->round;
        unsigned place = barrier->arrived++;
        if (barrier->arrived == barrier->parties)
            complete(barrier);
        else
            error = wait_inside(barrier, deadline);
        int outcome = leave(barrier, round);
        if (error == 0)
            error = outcome;
        if (error == 0 && index != NULL)
            *index = place;
    }
    MUST(pthread_mutex_unlock(&barrier->mutex));
    return error;
}

int sync_barrier_abort(sync_barrier *barrier)
{
    MUST(pthread_mutex_lock(&barrier->mutex));
    set_state(barrier, SYNC_BARRIER_BROKEN);
    MUST(pthread_mutex_unlock(&barrier->mutex));
    return 0;
}

int sync_barrier_reset(sync_barrier *barrier)
{
    MUST(pthread_mutex_lock(&barrier->mutex));
    set_state(barrier, barrier->arrived > 0 ? SYNC_BARRIER_RESETTING
                                            : SYNC_BARRIER_FILLING);
    MUST(pthread_mutex_unlock(&barrier->mutex));
    return 0;
}

unsigned sync_barrier_waiting(sync_barrier *barrier)
{
    MUST(pthread_mutex_lock(&barrier->mutex));
    bool filling = barrier->state == SYNC_BARRIER_FILLING;
    unsigned waiting = filling ? barrier->arrived : 0;
    MUST(pthread_mutex_unlock(&barrier->mutex));
    return waiting;
}

bool sync_barrier_is_broken(sync_barrier *barrier)
{
    MUST(pthread_mutex_lock(&barrier->mutex));
    bool broken = barrier->state == SYNC_BARRIER_BROKEN;
    MUST(pthread_mutex_unlock(&barrier->mutex));
    return broken;
}
