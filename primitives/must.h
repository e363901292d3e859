/**
 * @file
 * @brief The library's own: calls that cannot fail, and words to the tools.
 *
 * While a module's invariant holds, most pthread calls cannot fail. Checking
 * them with `assert` would drop the call itself under NDEBUG; ignoring them
 * would let a broken invariant wander off. #MUST does neither.
 *
 * Helgrind sees pthread calls but not the order that an atomic carries, and
 * would report races that are none. The `TOOL_` macros tell it. They are
 * Valgrind's client requests: a few instructions that do nothing outside
 * Valgrind, and nothing at all where its header is not installed. The thread
 * sanitizers understand atomics by themselves.
 */
#ifndef LOCKSTEP_MUST_H
#define LOCKSTEP_MUST_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/** Makes a call that cannot fail; if it does, prints its text and aborts. */
#define MUST(call) sync_must((call), #call, __FILE__, __LINE__)

/** What #MUST does with the answer, 0 or an errno number, of a call. */
static inline void sync_must(
        int error, const char *call, const char *file, int line)
{
    if (error != 0) {
        fprintf(stderr, "%s:%d: ", file, line);
        errno = error;
        perror(call);
        abort();
    }
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) && !defined(__SANITIZE_THREAD__)
#define __SANITIZE_THREAD__ /* gcc's name for it */
#endif
#endif

/** A function whose answer no other thread can change, though it looks at an
 * atomic that others write. A tool that goes through the orders in which
 * threads reach what they share need not ask in which order this one did. */
#if defined(__clang__) && __has_attribute(disable_sanitizer_instrumentation)
#define TOOL_PRIVATE __attribute__((disable_sanitizer_instrumentation))
#else
#define TOOL_PRIVATE __attribute__((no_sanitize("thread")))
#endif

#if defined(__has_include)
#if __has_include(<valgrind/helgrind.h>)
#include <valgrind/helgrind.h>
#endif
#endif

#ifdef VALGRIND_HG_DISABLE_CHECKING
/** The variable is atomic: concurrent access to it is no race. */
#define TOOL_ATOMIC(variable)                                                  \
    VALGRIND_HG_DISABLE_CHECKING(&(variable), sizeof(variable))
/** What came before is released by the atomic step that follows. */
#define TOOL_RELEASE(variable) ANNOTATE_HAPPENS_BEFORE(&(variable))
/** What was released has been acquired by the atomic step just taken. */
#define TOOL_ACQUIRE(variable) ANNOTATE_HAPPENS_AFTER(&(variable))
/** The object is the caller's alone from here on: what other threads did to it
 * is over. Helgrind counts the last steps of an unlock as coming after it. */
#define TOOL_ALONE(type, object) VALGRIND_HG_CLEAN_MEMORY(object, sizeof(type))
#else
#define TOOL_ATOMIC(variable)    ((void)0)
#define TOOL_RELEASE(variable)   ((void)0)
#define TOOL_ACQUIRE(variable)   ((void)0)
#define TOOL_ALONE(type, object) ((void)0)
#endif

#endif
