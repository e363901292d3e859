/*
 * All three philosophers eat.
 *
 * They sit at a round table with a fork between neighbours, and each needs the
 * forks on both sides. The problem is Dijkstra's (EWD310, 1971), who had five
 * of them; three are enough.
 */
#include <time.h>

#include "lessons/lesson.h"
#include "primitives/lock.h"
#include "primitives/semaphore.h"

/*
 * The bug: each takes the left fork, then the right one.
 *
 * When each holds the left fork, each waits for the neighbour's. They wait in a
 * circle, and nobody puts a fork down before having eaten.
 */
enum { SEATS = 3 };
static int seats[SEATS] = {0, 1, 2};
static sync_lock forks[SEATS];

static void *dine(void *seat)
{
    int left = *(int *)seat, right = (left + 1) % SEATS;
    sync_lock_acquire(&forks[left]);
    sync_lock_acquire(&forks[right]); /* and eat */
    sync_lock_release(&forks[right]);
    sync_lock_release(&forks[left]);
    return NULL;
}

static void invite(void *(*how)(void *))
{
    pthread_t guests[SEATS];
    for (int i = 0; i < SEATS; i++)
        sync_lock_init(&forks[i]);
    for (int i = 0; i < SEATS; i++)
        pthread_create(&guests[i], NULL, how, &seats[i]);
    for (int i = 0; i < SEATS; i++)
        pthread_join(guests[i], NULL);
    for (int i = 0; i < SEATS; i++)
        sync_lock_destroy(&forks[i]);
}

void philosophers(void)
{
    invite(dine);
}

/*
 * Tempting: a pause between the forks.
 *
 * A pause changes how long each takes, and not what may happen in which order.
 * It even helps the others to take their left forks meanwhile.
 */
static void *dine_slowly(void *seat)
{
    int left = *(int *)seat, right = (left + 1) % SEATS;
    sync_lock_acquire(&forks[left]);
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    sync_lock_acquire(&forks[right]); /* and eat */
    sync_lock_release(&forks[right]);
    sync_lock_release(&forks[left]);
    return NULL;
}

void philosophers_pausing(void)
{
    invite(dine_slowly);
}

/*
 * The fix: one seat fewer than there are philosophers.
 *
 * A permit is a chair. With two at the table and three forks on it, one of them
 * can always get both forks, eat, and put them down: there is no circle. (A
 * tool that looks only at the order of locks, as the thread sanitizer does,
 * warns of this program all the same: it does not count the chairs.)
 */
static sync_semaphore chairs;

static void *dine_seated(void *seat)
{
    sync_semaphore_acquire(&chairs);
    dine(seat);
    sync_semaphore_release(&chairs);
    return NULL;
}

void philosophers_seated(void)
{
    sync_semaphore_init(&chairs, SEATS - 1);
    invite(dine_seated);
    sync_semaphore_destroy(&chairs);
}

/*
 * The fix: the fork with the lower number first.
 *
 * The last philosopher has fork 0 on the right, and takes it first. Whoever
 * holds the highest fork that is taken waits for nobody, so there is no circle.
 */
static void *dine_in_order(void *seat)
{
    int left = *(int *)seat, right = (left + 1) % SEATS;
    int low = left < right ? left : right;
    int high = left < right ? right : left;
    sync_lock_acquire(&forks[low]);
    sync_lock_acquire(&forks[high]); /* and eat */
    sync_lock_release(&forks[high]);
    sync_lock_release(&forks[low]);
    return NULL;
}

void philosophers_in_order(void)
{
    invite(dine_in_order);
}

/*
 * Rule: break the circle: fewer at the table, or one order for all.
 */
