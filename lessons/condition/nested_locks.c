/*
 * A letter gets through to a clerk who waits for it.
 *
 * The office has a lock for its books, the mailbox has one for its letters. A
 * wait gives up the lock of its condition. Watch the other one. (Lister
 * described it in 1977: the problem of nested monitor calls.)
 */
#include "lessons/lesson.h"
#include "primitives/condition.h"

static sync_lock office, mailbox;
static sync_condition has_letter; /* belongs to the mailbox */

/*
 * The bug: wait with another lock held.
 *
 * The clerk waits for a letter and gives up the mailbox, but not the office.
 * Whoever brings the letter must pass through the office, and waits for it.
 */
static int letters;  /* guarded by the mailbox */
static int answered; /* guarded by the office */

static void *answer(void *unused)
{
    sync_lock_acquire(&office);
    sync_lock_acquire(&mailbox);
    while (letters == 0)
        sync_condition_wait(&has_letter);
    letters -= 1;
    sync_lock_release(&mailbox);
    answered += 1;
    sync_lock_release(&office);
    return unused;
}

static void *deliver(void *unused)
{
    sync_lock_acquire(&office);
    sync_lock_acquire(&mailbox);
    letters += 1;
    sync_condition_notify(&has_letter);
    sync_lock_release(&mailbox);
    sync_lock_release(&office);
    return unused;
}

void nested_locks(void)
{
    sync_lock_init(&office);
    sync_lock_init(&mailbox);
    sync_condition_init(&has_letter, &mailbox);
    lesson_run(answer, deliver);
}

/*
 * The fix: wait holding only the condition's own lock.
 *
 * The letter is taken first, then the office entered. The clerk holds nothing
 * while waiting. The price: the letter is taken in one step and counted in
 * another, and others may come in between.
 */
static void *answer_later(void *unused)
{
    sync_lock_acquire(&mailbox);
    while (letters == 0)
        sync_condition_wait(&has_letter);
    letters -= 1;
    sync_lock_release(&mailbox);

    sync_lock_acquire(&office);
    answered += 1;
    sync_lock_release(&office);
    return unused;
}

void nested_locks_one(void)
{
    sync_lock_init(&office);
    sync_lock_init(&mailbox);
    sync_condition_init(&has_letter, &mailbox);
    lesson_run(answer_later, deliver);
    lesson_check(answered == 1);
    sync_condition_destroy(&has_letter);
    sync_lock_destroy(&mailbox);
    sync_lock_destroy(&office);
}

/*
 * Rule: while you wait, hold no lock but the one that the wait gives up.
 */
