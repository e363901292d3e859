/**
 * @file
 * @brief Barrier: nobody goes on before everybody has come.
 *
 * A fixed number of threads, the parties, work in phases. At the end of a phase
 * each waits at the barrier; when the last has arrived, all go on. The barrier
 * can then be used for the next phase at once: threads of two rounds never mix,
 * however late some of them wake up.
 *
 * If a thread cannot come, the others would wait for ever. So a barrier can
 * break: one whose deadline passes, or who calls abort, breaks it for all, and
 * who waits or comes later gets ECANCELED until somebody resets it.
 *
 * The action, if there is one, is called once a round, by the last to arrive,
 * before anyone goes on. What the parties did before they arrived
 * happens-before the action, and the action before anyone's return. The action
 * may look at the barrier, abort or reset it, but not wait at it.
 *
 * After a fork the child must not use a barrier that other threads were using.
 * Thread cancellation is not supported.
 *
 * Source of the idea: Jordan, "A special purpose architecture for finite
 * element analysis", 1978; POSIX's pthread_barrier_wait; breaking and resetting
 * from Python's `threading.Barrier` and Java's CyclicBarrier.
 */
#ifndef LOCKSTEP_BARRIER_H
#define LOCKSTEP_BARRIER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/**
 * @defgroup barrier Barrier
 * @brief Nobody goes on before everybody has come.
 * @{
 */

/** @brief What a barrier is doing; barrier.c draws what leads to what. */
enum sync_barrier_state {
    SYNC_BARRIER_FILLING,   /**< threads arrive and wait */
    SYNC_BARRIER_ACTING,    /**< all have arrived, the action is running */
    SYNC_BARRIER_RESETTING, /**< the threads of a reset round are leaving */
    SYNC_BARRIER_BROKEN,    /**< nobody can wait until it is reset */
};

/** @brief A barrier. The fields are private; they are here to be read. */
typedef struct sync_barrier {
    unsigned parties;        /* threads that meet; these three never change */
    void (*action)(void *);  /* called once a round, or NULL */
    void *arg;               /* handed to the action */
    pthread_mutex_t mutex;   /* guards all that follows */
    pthread_cond_t released; /* `round` or `state` has changed for who waits */
    pthread_cond_t all_left; /* nobody is on the way out, or newcomers may in */
    enum sync_barrier_state state; /* what it is doing */
    bool acting;                   /* the action is being called, whatever the
                                      state has become meanwhile */
    uint64_t round;                /* rounds completed */
    unsigned arrived; /* threads of this round that are in, or, if it was
                         cancelled, that have not left yet */
    unsigned leaving; /* threads of completed rounds that have not left yet */
    unsigned outside; /* threads that cannot arrive yet */
} sync_barrier;

/**
 * @brief Makes a barrier.
 *
 * @param barrier the barrier
 * @param parties threads that meet at it, at least 1
 * @param action  called once a round, or NULL
 * @param arg     handed to the action
 * @retval 0      done
 * @retval EINVAL `parties` is 0
 * @retval ENOMEM,EAGAIN the system had no resources; there is no barrier
 */
int sync_barrier_init(sync_barrier *barrier, unsigned parties,
        void (*action)(void *), void *arg);

/**
 * @brief Ends the barrier. Nobody may use it afterwards.
 *
 * It waits for threads that have been released and are on their way out. So
 * whoever returns first from the last round may destroy the barrier.
 *
 * @retval 0     done
 * @retval EBUSY a thread is waiting and not released yet, or the action is
 *               running; nothing is changed
 */
int sync_barrier_destroy(sync_barrier *barrier);

/**
 * @brief Arrives, and waits for the other parties.
 *
 * What any party did before it arrived happens-before the return of all.
 *
 * @param barrier the barrier
 * @param index   where the caller's place in this round is put, from 0 for the
 *                first to arrive to parties-1; NULL if it does not matter. It
 *                is written only if the round is completed.
 * @retval 0         all have come
 * @retval ECANCELED the barrier is broken, or was broken or reset meanwhile
 */
int sync_barrier_wait(sync_barrier *barrier, unsigned *index);

/**
 * @brief Does the same; if the deadline passes first, the barrier breaks.
 *
 * @param barrier  the barrier
 * @param index    as for sync_barrier_wait(), NULL as well
 * @param deadline an absolute time of CLOCK_MONOTONIC; NULL means for ever. It
 *                 is for the others' arrival: it is not looked at before the
 *                 caller can arrive, while the threads of a reset round leave,
 *                 nor when the last has arrived, while the action is running.
 * @retval 0         all have come
 * @retval EINVAL    the deadline's nanoseconds are out of range; the caller has
 *                   not arrived
 * @retval ETIMEDOUT the deadline passed, and the barrier is broken
 * @retval ECANCELED the barrier is broken, or was broken or reset meanwhile
 */
int sync_barrier_wait_until(sync_barrier *barrier, unsigned *index,
        const struct timespec *deadline);

/**
 * @brief Breaks the barrier: who waits, and who comes later, gets ECANCELED.
 *
 * @retval 0 done
 */
int sync_barrier_abort(sync_barrier *barrier);

/**
 * @brief Makes the barrier empty and whole again.
 *
 * Who waits gets ECANCELED. Threads that come now wait until those have left,
 * so the two groups do not mix.
 *
 * @retval 0 done
 */
int sync_barrier_reset(sync_barrier *barrier);

/**
 * @brief Tells how many threads have arrived and wait for the rest.
 *
 * A snapshot: it may be out of date before the caller looks at it.
 */
unsigned sync_barrier_waiting(sync_barrier *barrier);

/** @brief Tells whether the barrier is broken. A snapshot. */
bool sync_barrier_is_broken(sync_barrier *barrier);

/** @} */

#endif
