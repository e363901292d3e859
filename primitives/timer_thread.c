/*
 * One thread, and a heap of the timers that are pending, ranked by the time
 * when they are due. The thread sleeps until the first is due.
 *
 * `wakes_at` is the time for which the sleeping thread has set its alarm, and 0
 * while it is awake. Only a timer that is due earlier has to wake it. When the
 * first timer is cancelled, the thread is left to wake for nothing: to start
 * and cancel time-outs that never come true, which is what most timers are for,
 * costs no wakeup at all.
 *
 * Invariant: there is room in the heap for every timer that has been counted
 * in, so to start one cannot fail.
 *
 * Two mutexes, taken in this order: `lifecycle` is held while the thread is
 * made or ended; `sync_timer_mutex` guards all else, and is not held during a
 * callback. A callback that makes a timer takes `lifecycle`; it never waits for
 * one who ends the thread, since its own timer is still counted.
 */
#include "primitives/timer_thread.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "primitives/deadline.h"
#include "primitives/heap.h"
#include "primitives/must.h"

enum { NS_PER_SECOND = 1000000000, FIRST_ROOM = 16 };

static const uint64_t NEVER = UINT64_MAX; /* in 584 years */

static pthread_mutex_t lifecycle = PTHREAD_MUTEX_INITIALIZER;
static size_t timers; /* that are counted in; guarded by `lifecycle` */

pthread_mutex_t sync_timer_mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t sync_timer_idle = PTHREAD_COND_INITIALIZER;
static pthread_cond_t changed; /* the thread is to look again */
static pthread_t thread;
static bool ending;
static uint64_t wakes_at;
static sync_heap_entry *heap; /* ranks are times */
static size_t room;
static size_t pending;

static bool before(
        const sync_heap_entry *a, const sync_heap_entry *b, const void *context)
{
    (void)context;
    return a->rank < b->rank;
}

static void placed(const sync_heap_entry *entry, size_t place)
{
    ((sync_timer *)entry->item)->place = place;
}

static const sync_heap_kind heap_kind = {before, placed};

uint64_t sync_timer_time(long ms)
{
    struct timespec at = sync_deadline_after_ms(ms);
    if ((uint64_t)at.tv_sec >= NEVER / NS_PER_SECOND)
        return NEVER;
    return (uint64_t)at.tv_sec * NS_PER_SECOND + (uint64_t)at.tv_nsec;
}

bool sync_timer_is_idle(const sync_timer *timer)
{
    return timer->place == SYNC_TIMER_NOT_PENDING && !timer->running;
}

void sync_timer_tell_joiners(const sync_timer *timer)
{
    if (timer->joiners > 0 && sync_timer_is_idle(timer))
        MUST(pthread_cond_broadcast(&sync_timer_idle)); /* of any timer */
}

bool sync_timer_thread_is_caller(void)
{
    return pthread_equal(pthread_self(), thread) != 0;
}

void sync_timer_put(sync_timer *timer, uint64_t due)
{
    sync_heap_entry entry = {timer, due};
    sync_heap_put(&heap_kind, NULL, heap, pending, entry);
    pending++;
    if (due < wakes_at)
        MUST(pthread_cond_signal(&changed)); /* only the thread waits for it */
}

void sync_timer_take(sync_timer *timer)
{
    if (timer->place == SYNC_TIMER_NOT_PENDING)
        return;
    sync_heap_take(&heap_kind, NULL, heap, pending, timer->place);
    pending--;
    timer->place = SYNC_TIMER_NOT_PENDING;
}

/* Calls the callback of the first timer, which was due then; puts the timer
 * back if it is periodic and has not been started or cancelled meanwhile. Its
 * next time is the first after `now`: this run stands for those before. */
static void run(sync_timer *timer, uint64_t due, uint64_t now)
{
    sync_timer_take(timer);
    timer->running = true;
    timer->has_run = true;
    MUST(pthread_mutex_unlock(&sync_timer_mutex));
    timer->callback(timer->arg);
    MUST(pthread_mutex_lock(&sync_timer_mutex));
    timer->running = false;

    if (timer->period > 0 && timer->place == SYNC_TIMER_NOT_PENDING) {
        uint64_t missed = (now - due) / timer->period;
        sync_timer_put(timer, due + (missed + 1) * timer->period);
    }
    sync_timer_tell_joiners(timer);
}

static void sleep_until(uint64_t due)
{
    struct timespec deadline = {
            (time_t)(due / NS_PER_SECOND), (long)(due % NS_PER_SECOND)};
    wakes_at = due;
    sync_cond_wait_until(
            &changed, &sync_timer_mutex, due == NEVER ? NULL : &deadline);
    wakes_at = 0;
}

static void *run_timers(void *unused)
{
    (void)unused;
    MUST(pthread_mutex_lock(&sync_timer_mutex));
    while (!ending) {
        uint64_t due = pending > 0 ? heap[0].rank : NEVER;
        uint64_t now = sync_timer_time(0);
        if (due <= now)
            run(heap[0].item, due, now);
        else
            sleep_until(due);
    }
    MUST(pthread_mutex_unlock(&sync_timer_mutex));
    return NULL;
}

/* All signals are blocked in it: they are for the program's own threads. Only
 * those that a thread brings upon itself stay, for whoever reports crashes. */
static int start_thread(void)
{
    int error = sync_cond_init(&changed);
    if (error != 0)
        return error;
    static const int faults[] = {SIGBUS, SIGFPE, SIGILL, SIGSEGV};
    sigset_t all, before_this;
    sigfillset(&all);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        sigdelset(&all, faults[i]);
    MUST(pthread_sigmask(SIG_SETMASK, &all, &before_this));
    MUST(pthread_mutex_lock(&sync_timer_mutex)); /* it waits for `thread` */
    ending = false;
    error = pthread_create(&thread, NULL, run_timers, NULL);
    MUST(pthread_mutex_unlock(&sync_timer_mutex));
    MUST(pthread_sigmask(SIG_SETMASK, &before_this, NULL));
    if (error != 0)
        MUST(pthread_cond_destroy(&changed));
    return error;
}

static void end_thread(void)
{
    MUST(pthread_mutex_lock(&sync_timer_mutex));
    ending = true;
    MUST(pthread_cond_signal(&changed)); /* only the thread waits for it */
    MUST(pthread_mutex_unlock(&sync_timer_mutex));
    MUST(pthread_join(thread, NULL));
    MUST(pthread_cond_destroy(&changed));
    free(heap);
    heap = NULL;
    room = 0;
}

static int make_room(size_t wanted)
{
    if (wanted <= room)
        return 0;
    size_t larger = room > 0 ? 2 * room : FIRST_ROOM;
    sync_heap_entry *moved = realloc(heap, larger * sizeof(heap[0]));
    if (moved == NULL)
        return ENOMEM;
    heap = moved;
    room = larger;
    return 0;
}

int sync_timer_thread_enter(void)
{
    MUST(pthread_mutex_lock(&lifecycle));
    int error = timers == 0 ? start_thread() : 0;
    if (error == 0) {
        MUST(pthread_mutex_lock(&sync_timer_mutex));
        error = make_room(timers + 1);
        MUST(pthread_mutex_unlock(&sync_timer_mutex));
        if (error == 0)
            timers++;
        else if (timers == 0)
            end_thread();
    }
    MUST(pthread_mutex_unlock(&lifecycle));
    return error;
}

void sync_timer_thread_leave(void)
{
    MUST(pthread_mutex_lock(&lifecycle));
    timers--;
    if (timers == 0)
        end_thread();
    MUST(pthread_mutex_unlock(&lifecycle));
}
