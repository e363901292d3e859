/*
 * There is exactly one answer: the reply, or the time-out.
 *
 * A request waits for a reply, and a timer answers instead when the reply takes
 * too long. Both may come at nearly the same time. Look at who decides which of
 * them counts.
 */
#include <stdatomic.h>
#include <stdbool.h>

#include "lessons/lesson.h"
#include "primitives/lock.h"
#include "primitives/timer.h"

/*
 * The bug: the reply cancels the timer, and both answer.
 *
 * The time-out had answered, or was about to, when the reply came. Cancel
 * cannot take that back. It returns EALREADY, which says so, and nobody looks
 * at that.
 */
static sync_timer timer;
static atomic_int answers;

static void time_out(void *unused)
{
    (void)unused;
    answers++;
}

static void *reply(void *unused)
{
    sync_timer_cancel(&timer);
    answers++;
    return unused;
}

static void ask(void (*late)(void *), void *(*in_time)(void *))
{
    sync_timer_init(&timer, late, NULL);
    sync_timer_start(&timer, 1);
    lesson_run(in_time);
    sync_timer_join(&timer);
    lesson_check(answers == 1);
    sync_timer_destroy(&timer);
}

void one_answer(void)
{
    ask(time_out, reply);
}

/*
 * Tempting: an atomic flag, tested, then set.
 *
 * Both find that nothing is decided yet, and both decide. The test and the
 * setting are two steps, however atomic each of them is.
 */
static atomic_bool is_decided;

static bool decide(void)
{
    if (is_decided)
        return false;
    is_decided = true;
    return true;
}

static void time_out_flag(void *unused)
{
    if (decide())
        time_out(unused);
}

static void *reply_flag(void *unused)
{
    return decide() ? reply(unused) : unused;
}

void one_answer_flag(void)
{
    ask(time_out_flag, reply_flag);
}

/*
 * The fix: decide under one lock.
 *
 * Test and setting are one step now. Whoever comes second finds it decided, and
 * is silent. (For a flag alone, an atomic exchange is such a step, too.)
 */
static sync_lock lock;
static bool is_over; /* guarded by the lock */

static bool decide_locked(void)
{
    sync_lock_acquire(&lock);
    bool is_first = !is_over;
    is_over = true;
    sync_lock_release(&lock);
    return is_first;
}

static void time_out_locked(void *unused)
{
    if (decide_locked())
        time_out(unused);
}

static void *reply_locked(void *unused)
{
    return decide_locked() ? reply(unused) : unused;
}

void one_answer_locked(void)
{
    sync_lock_init(&lock);
    ask(time_out_locked, reply_locked);
    sync_lock_destroy(&lock);
}

/*
 * The fix: let cancel decide.
 *
 * It does so under a lock, too, the timers' own: if it gives 0, the time-out
 * has not begun and never will. That is enough where only a timer and one other
 * thread can end the request.
 */
static void *reply_first(void *unused)
{
    if (sync_timer_cancel(&timer) == 0)
        answers++;
    return unused;
}

void one_answer_cancel(void)
{
    ask(time_out, reply_first);
}

/*
 * Rule: where two may end the same thing, one place decides, in one step.
 */
