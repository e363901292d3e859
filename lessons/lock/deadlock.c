/*
 * Transfers from x to y and from y to x all end.
 *
 * Each transfer needs the locks of both accounts. Watch who holds what, and who
 * waits for it. The locks are bare mutexes; any other locks do the same.
 * Coffman, Elphick, Shoshani: "System deadlocks" (1971).
 */
#include "lessons/lesson.h"

typedef struct account {
    int number; /* never changes */
    int balance;
    pthread_mutex_t lock; /* guards the balance */
} account;

static account x = {1, 50, PTHREAD_MUTEX_INITIALIZER};
static account y = {2, 50, PTHREAD_MUTEX_INITIALIZER};

/*
 * The bug: lock the one to take from, then the other.
 *
 * Each thread holds the lock that the other needs next, and waits. Neither will
 * ever release: that is a deadlock.
 */
static void transfer(account *from, account *to)
{
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);
    from->balance -= 1;
    to->balance += 1;
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}

static void *x_to_y(void *unused)
{
    transfer(&x, &y);
    return unused;
}

static void *y_to_x(void *unused)
{
    transfer(&y, &x);
    return unused;
}

void deadlock(void)
{
    lesson_run(x_to_y, y_to_x);
}

/*
 * Tempting: try, give up, try again at once.
 *
 * Nobody waits while holding a lock, so there is no deadlock. But the two can
 * go on in step for ever, each giving up what the other has just failed to get:
 * a livelock. In practice luck ends it, sooner or later.
 */
static void transfer_try(account *from, account *to)
{
    for (;;) {
        pthread_mutex_lock(&from->lock);
        if (pthread_mutex_trylock(&to->lock) == 0)
            break;
        pthread_mutex_unlock(&from->lock);
    }
    from->balance -= 1;
    to->balance += 1;
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}

static void *try_x_to_y(void *unused)
{
    transfer_try(&x, &y);
    return unused;
}

static void *try_y_to_x(void *unused)
{
    transfer_try(&y, &x);
    return unused;
}

void deadlock_try(void)
{
    lesson_run(try_x_to_y, try_y_to_x);
}

/*
 * The fix: one order for all, the lower number first.
 *
 * Whoever holds the lock of a higher number never waits for that of a lower
 * one. So those who wait cannot form a circle. (`from` and `to` must be two
 * accounts: one and the same would be locked twice.)
 */
static void transfer_in_order(account *from, account *to)
{
    bool up = from->number < to->number;
    pthread_mutex_lock(up ? &from->lock : &to->lock);
    pthread_mutex_lock(up ? &to->lock : &from->lock);
    from->balance -= 1;
    to->balance += 1;
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
}

static void *up_to_y(void *unused)
{
    transfer_in_order(&x, &y);
    return unused;
}

static void *down_to_x(void *unused)
{
    transfer_in_order(&y, &x);
    return unused;
}

void deadlock_ordered(void)
{
    lesson_run(up_to_y, down_to_x);
}

/*
 * Rule: whoever needs several locks acquires them in one order, the same for
 * all.
 */
