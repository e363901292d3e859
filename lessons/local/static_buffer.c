/*
 * Each thread gets its own text.
 *
 * A function that hands out a text must keep it somewhere. See where, and who
 * writes there next. (ctime and asctime of the C library are like this.)
 */
#include "lessons/lesson.h"
#include "primitives/local.h"
#include "primitives/lock.h"

/*
 * The bug: the function's static buffer.
 *
 * There is one buffer for all. The second caller's text is written over the
 * first's, before the first has read it.
 */
static const char *label_of(int row)
{
    static char label[2];
    label[0] = (char)('A' + row);
    return label;
}

static void *show_a(void *unused)
{
    const char *label = label_of(0);
    lesson_check(label[0] == 'A');
    return unused;
}

static void *show_b(void *unused)
{
    const char *label = label_of(1);
    lesson_check(label[0] == 'B');
    return unused;
}

void static_buffer(void)
{
    lesson_run(show_a, show_b);
}

/*
 * Tempting: a lock inside the function.
 *
 * No two threads write at the same time now. But the text is read after the
 * return, when the lock has been released: it protects only one half.
 */
static sync_lock lock;

static const char *locked_label(int row)
{
    static char label[2];
    sync_lock_acquire(&lock);
    label[0] = (char)('A' + row);
    sync_lock_release(&lock);
    return label;
}

static void *locked_a(void *unused)
{
    const char *label = locked_label(0);
    lesson_check(label[0] == 'A');
    return unused;
}

static void *locked_b(void *unused)
{
    const char *label = locked_label(1);
    lesson_check(label[0] == 'B');
    return unused;
}

void static_buffer_locked(void)
{
    sync_lock_init(&lock);
    lesson_run(locked_a, locked_b);
}

/*
 * The fix: a buffer for each thread.
 *
 * Each thread writes to its own copy, so nobody can write over another's text.
 * Where nothing is shared no lock is needed. (Another call in the same thread
 * still writes over the text; a buffer that the caller brings would end that.)
 */
static sync_local labels; /* a char[2] per thread, all zeroes at first */

static const char *own_label(int row)
{
    char *label = sync_local_get(&labels);
    label[0] = (char)('A' + row);
    return label;
}

static void *own_a(void *unused)
{
    const char *label = own_label(0);
    lesson_check(label[0] == 'A');
    return unused;
}

static void *own_b(void *unused)
{
    const char *label = own_label(1);
    lesson_check(label[0] == 'B');
    return unused;
}

void static_buffer_own(void)
{
    sync_local_init(&labels, 2, NULL);
    lesson_run(own_a, own_b);
    sync_local_destroy(&labels);
}

/*
 * Rule: what a function hands out belongs to the caller or to its thread.
 */
