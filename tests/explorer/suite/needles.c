/*
 * Bugs of two threads among many that do nothing wrong:
 * explorer_test_parameter() says how many threads there are. Each needs only
 * one to three steps to come in a certain order, but these must be hit.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "tests/explorer/explorer.h"
#include "tests/explorer/suite/scenarios.h"

enum { MOST = 120, ROUNDS = 3 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static int counter; /* guarded by the lock */
static atomic_int x;

static void add(void)
{
    pthread_mutex_lock(&lock);
    counter++;
    pthread_mutex_unlock(&lock);
}

static void add_some(void)
{
    for (int i = 0; i < ROUNDS; i++)
        add();
}

static int threads(void)
{
    return explorer_test_parameter();
}

/* The two that matter are the first of the threads and the last. */
static void run_all(void *(*body)(void *))
{
    pthread_t all[MOST];
    int n = threads();
    for (int i = 0; i < n; i++)
        pthread_create(&all[i], NULL, body, (void *)(intptr_t)i);
    for (int i = 0; i < n; i++)
        pthread_join(all[i], NULL);
    explorer_check(counter == n * ROUNDS, "the lock guards it");
}

static int is_first(const void *arg)
{
    return (intptr_t)arg == 0;
}

static int is_last(const void *arg)
{
    return (intptr_t)arg == threads() - 1;
}

/* --- Depth 1: the last one uses what the first one makes -------------------*/

static void *make_or_use(void *arg)
{
    if (is_first(arg))
        atomic_store(&x, 1);
    add_some();
    if (is_last(arg))
        explorer_check(atomic_load(&x) == 1, "it is made before it is used");
    return NULL;
}

void scenario_needle_of_depth_1(void)
{
    run_all(make_or_use);
}

/* --- Depth 2: two locks, in one order and in the other ---------------------*/

static void take_both(pthread_mutex_t *a, pthread_mutex_t *b)
{
    pthread_mutex_lock(a);
    pthread_mutex_lock(b);
    pthread_mutex_unlock(b);
    pthread_mutex_unlock(a);
}

static void *one_then_other(void *arg)
{
    add_some();
    if (is_last(arg))
        take_both(&other, &one);
    else if (is_first(arg))
        take_both(&one, &other);
    return NULL;
}

void scenario_needle_deadlock(void)
{
    run_all(one_then_other);
}

/* --- Depth 2: an update is lost --------------------------------------------*/

static void *update(void *arg)
{
    add_some();
    if (is_first(arg) || is_last(arg)) {
        int was = atomic_load(&x);
        atomic_store(&x, was + 1);
    }
    return NULL;
}

void scenario_needle_lost_update(void)
{
    run_all(update);
    explorer_check(atomic_load(&x) == 2, "both are kept");
}

/* --- Depth 2 and 3: seen when half is done ---------------------------------*/

static void *set_and_clear(void *arg)
{
    add_some();
    if (is_first(arg)) {
        atomic_store(&x, 1);
        atomic_store(&x, 0);
    } else if (is_last(arg)) {
        explorer_check(atomic_load(&x) == 0, "nobody sees it");
    }
    return NULL;
}

void scenario_needle_of_depth_2(void)
{
    run_all(set_and_clear);
}

/* The last one must look twice: between the stores, and after them. */
static void *count_up(void *arg)
{
    add_some();
    if (is_first(arg)) {
        atomic_store(&x, 1);
        atomic_store(&x, 2);
    } else if (is_last(arg)) {
        int before = atomic_load(&x);
        int after = atomic_load(&x);
        explorer_check(before != 1 || after != 2, "it is the same twice");
    }
    return NULL;
}

void scenario_needle_of_depth_3(void)
{
    run_all(count_up);
}
