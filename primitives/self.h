/**
 * @file
 * @brief The library's own: which thread is calling.
 *
 * A lock asks it twice for each acquire and release. pthread_self() answers by
 * a call into libc, which is a good part of what the lock adds to its mutex.
 * The thread pointer is a register, and as good a name: a thread keeps it for
 * life, and no other thread that lives has the same. No thread has 0.
 *
 * Where threads are not the system's own, as in a tool that runs them one at a
 * time itself, they share the register; so code that is compiled for the thread
 * sanitizers, on whose calls such tools build, asks pthread_self().
 */
#ifndef LOCKSTEP_SELF_H
#define LOCKSTEP_SELF_H

#include <pthread.h>

#include "must.h"

#if defined(__has_builtin) && !defined(__SANITIZE_THREAD__)
#if __has_builtin(__builtin_thread_pointer)
#define SYNC_THREAD_POINTER
#endif
#endif

/** A value of the calling thread's own. */
static inline pthread_t sync_self(void)
{
#ifdef SYNC_THREAD_POINTER
    return (pthread_t)__builtin_thread_pointer();
#else
    return pthread_self();
#endif
}

#endif
