/*
 * A name is registered once.
 *
 * To look whether a name is there, and to add it if it is not, are two steps.
 * What the first has found may have changed before the second.
 */
#include <string.h>

#include "lessons/lesson.h"
#include "primitives/lock.h"

/*
 * The bug: look, then add.
 *
 * Both threads look before either has finished adding. Each finds that the name
 * is not there, and each adds it.
 */
static const char *names[8];
static int count;

static bool is_known(const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void add(const char *name)
{
    names[count] = name;
    count += 1;
}

static void *sign_up(void *unused)
{
    if (!is_known("ada"))
        add("ada");
    return unused;
}

void check_then_act(void)
{
    lesson_run(sign_up, sign_up);
    lesson_check(count == 1);
}

/*
 * Tempting: lock each half by itself.
 *
 * Each half is one step now, and the data race has gone. Between the two the
 * lock is free, and the other thread comes in there.
 */
static sync_lock lock;

static void *halves(void *unused)
{
    sync_lock_acquire(&lock);
    bool known = is_known("ada");
    sync_lock_release(&lock);

    if (!known) {
        sync_lock_acquire(&lock);
        add("ada");
        sync_lock_release(&lock);
    }
    return unused;
}

void check_then_act_halves(void)
{
    sync_lock_init(&lock);
    lesson_run(halves, halves);
    lesson_check(count == 1);
}

/*
 * The fix: one lock around both halves.
 *
 * What the thread has found stays true until it has acted on it, since nobody
 * else can change it meanwhile.
 */
static void *whole(void *unused)
{
    sync_lock_acquire(&lock);
    if (!is_known("ada"))
        add("ada");
    sync_lock_release(&lock);
    return unused;
}

void check_then_act_whole(void)
{
    sync_lock_init(&lock);
    lesson_run(whole, whole);
    lesson_check(count == 1);
    sync_lock_destroy(&lock);
}

/*
 * Rule: hold the lock from the check to the end of what depends on it.
 */
