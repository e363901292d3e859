/**
 * @file
 * @brief Local: a variable of which every thread has its own copy.
 *
 * Data that threads do not share needs no lock. A local gives each thread that
 * asks for it a copy of its own, filled with zeroes the first time. When the
 * thread ends, its copy is cleaned up and freed.
 *
 * A pointer to a copy is for its thread alone. Handed to another thread it
 * shares what was not to be shared, and dangles when the owner ends.
 *
 * After a fork the child has the copy of the thread that forked, and may go on
 * using it. To make a new one or to destroy the local it would need the list of
 * copies, which another thread may have been changing. Thread cancellation is
 * not supported.
 *
 * Source of the idea: pthread_key_create of POSIX, which this wraps; Python's
 * `threading.local`.
 */
#ifndef LOCKSTEP_LOCAL_H
#define LOCKSTEP_LOCAL_H

#include <pthread.h>
#include <stddef.h>

/**
 * @defgroup local Local
 * @brief A variable of which every thread has its own copy.
 * @{
 */

struct sync_local_copy;

/** @brief A local. The fields are private; they are here to be read. */
typedef struct sync_local {
    size_t size;                    /* of a copy; these three never change */
    void (*cleanup)(void *);        /* called with a copy that goes, or NULL */
    pthread_key_t key;              /* each thread's value is its own copy */
    pthread_mutex_t mutex;          /* guards the list */
    struct sync_local_copy *copies; /* of all threads */
} sync_local;

/**
 * @brief Makes a local, of which no thread has a copy yet.
 *
 * @param local   the local
 * @param size    bytes of a copy
 * @param cleanup called with a copy before it is freed or reset, by the thread
 *                that ends, resets or destroys; NULL if there is nothing to do.
 *                While the local is destroyed it must not use the local.
 * @retval 0      done
 * @retval EAGAIN the system has no keys left, of which there are
 *                PTHREAD_KEYS_MAX in a process; or no resources
 * @retval ENOMEM the system has no memory
 */
int sync_local_init(sync_local *local, size_t size, void (*cleanup)(void *));

/**
 * @brief Frees every copy, running cleanup on each, and ends the local.
 *
 * Threads that have a copy may have ended or live on, but must not be using the
 * local, nor be ending, at this moment.
 *
 * @retval 0 done
 */
int sync_local_destroy(sync_local *local);

/**
 * @brief Gives the calling thread's own copy.
 *
 * @return the copy, aligned for any type. It stays at its address until the
 *         thread ends or the local is destroyed, and is all zeroes at first.
 *         NULL if there is no memory for it; the next call tries again.
 */
void *sync_local_get(sync_local *local);

/**
 * @brief Makes the calling thread's copy as if it were new: runs cleanup on it
 * and fills it with zeroes. Without a copy there is nothing to do.
 *
 * @retval 0 done
 */
int sync_local_reset(sync_local *local);

/** @} */

#endif
