/*
 * Nobody goes on before both have come, in each round.
 *
 * A barrier made by hand: a counter, and the last to arrive wakes the others.
 * One round goes well. Look at the counter when the second one begins.
 */
#include <stdatomic.h>

#include "lessons/lesson.h"
#include "primitives/condition.h"
#include "primitives/lock.h"

/*
 * The bug: the counter is never reset.
 *
 * After the first round it stands at 2. The first to arrive in the second round
 * makes it 3, which is not less than 2, and goes through alone.
 */
enum { PARTIES = 2 };
static sync_lock lock;
static sync_condition all_here;
static int arrived; /* guarded by the lock */
static atomic_int done;

static void meet(void)
{
    sync_lock_acquire(&lock);
    arrived++;
    if (arrived == PARTIES)
        sync_condition_notify_all(&all_here);
    while (arrived < PARTIES)
        sync_condition_wait(&all_here);
    sync_lock_release(&lock);
}

static void run(void *(*work)(void *))
{
    sync_lock_init(&lock);
    sync_condition_init(&all_here, &lock);
    lesson_run(work, work);
    sync_condition_destroy(&all_here);
    sync_lock_destroy(&lock);
}

static void *work(void *unused)
{
    meet();
    done++;
    meet();
    lesson_check(done == PARTIES);
    return unused;
}

void handmade(void)
{
    run(work);
}

/*
 * Tempting: the last to arrive resets the counter.
 *
 * The counter is 0 again before the other, woken, has looked. The other finds
 * 0, which is less than 2, and waits again, for a round that is over. Not even
 * the first round ends.
 */
static void meet_last_in(void)
{
    sync_lock_acquire(&lock);
    arrived++;
    if (arrived == PARTIES) {
        arrived = 0;
        sync_condition_notify_all(&all_here);
    } else {
        while (arrived < PARTIES)
            sync_condition_wait(&all_here);
    }
    sync_lock_release(&lock);
}

static void *work_last_in(void *unused)
{
    done++;
    meet_last_in();
    lesson_check(done == PARTIES);
    return unused;
}

void handmade_last_in(void)
{
    run(work_last_in);
}

/*
 * Tempting: the last to leave resets the counter.
 *
 * A quick one is back before the slow one has left. The counter still stands at
 * 2, and the quick one goes through the second round alone: it laps the other.
 */
static int left; /* guarded by the lock */

static void meet_last_out(void)
{
    sync_lock_acquire(&lock);
    arrived++;
    if (arrived == PARTIES)
        sync_condition_notify_all(&all_here);
    while (arrived < PARTIES)
        sync_condition_wait(&all_here);
    left++;
    if (left == PARTIES)
        arrived = left = 0;
    sync_lock_release(&lock);
}

static void *work_last_out(void *unused)
{
    meet_last_out();
    done++;
    meet_last_out();
    lesson_check(done == PARTIES);
    return unused;
}

void handmade_last_out(void)
{
    run(work_last_out);
}

/*
 * The fix: each round has a number.
 *
 * A thread no longer waits for a count, which the next round needs again, but
 * for its own round to be over. Once over, a round stays over, however late the
 * thread wakes.
 */
static unsigned round_now; /* guarded by the lock; it may wrap round */

static void meet_by_round(void)
{
    sync_lock_acquire(&lock);
    unsigned mine = round_now;
    arrived++;
    if (arrived == PARTIES) {
        arrived = 0;
        round_now++;
        sync_condition_notify_all(&all_here);
    }
    while (round_now == mine)
        sync_condition_wait(&all_here);
    sync_lock_release(&lock);
}

static void *work_by_round(void *unused)
{
    meet_by_round();
    done++;
    meet_by_round();
    lesson_check(done == PARTIES);
    return unused;
}

void handmade_by_round(void)
{
    run(work_by_round);
}

/*
 * Rule: wait for something that stays true until you have seen it.
 */
