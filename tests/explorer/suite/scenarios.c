/*
 * Compiled for exploring; see scenarios.h.
 */
#include "tests/explorer/suite/scenarios.h"

#include "tests/explorer/explorer.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST = 20 };

/* Its accesses to memory are no steps. */
#define UNSEEN __attribute__((no_sanitize("thread")))

/* The number of a thread, as its argument. */
static void *argument(int i)
{
    return (void *)(intptr_t)i;
}

static int number(void *arg)
{
    return (int)(intptr_t)arg;
}

/* Its result must not be stored by the call: that would be a step. */
static pthread_t create(void *(*body)(void *), int i)
{
    pthread_t made;
    pthread_create(&made, NULL, body, argument(i));
    return made;
}

/* Runs threads 0 .. n - 1 of the same body. */
static void run_all(int n, void *(*body)(void *))
{
    pthread_t threads[MOST];
    for (int i = 0; i < n; i++)
        threads[i] = create(body, i);
    for (int i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t locks[MOST];
static int counter; /* guarded by the lock */
static atomic_int x, y;
static int seen[MOST]; /* by the thread of that number */

static void report_seen(int n)
{
    char text[MOST + 1] = "";
    for (int i = 0; i < n; i++)
        text[i] = (char)('0' + seen[i]);
    explorer_outcome(text);
}

static void report_number(int n)
{
    char text[12];
    snprintf(text, sizeof text, "%d", n);
    explorer_outcome(text);
}

/* --- Locks -----------------------------------------------------------------*/

static void *lock_add_unlock(void *unused)
{
    pthread_mutex_lock(&lock);
    counter++;
    pthread_mutex_unlock(&lock);
    return unused;
}

void scenario_lock_add_unlock(void)
{
    run_all(explorer_test_parameter(), lock_add_unlock);
    explorer_check(counter == explorer_test_parameter(), "none is lost");
}

static void *trylock(void *unused)
{
    if (pthread_mutex_trylock(&lock) == 0) {
        counter++;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

void scenario_trylock(void)
{
    run_all(explorer_test_parameter(), trylock);
    report_number(counter);
}

/* Who ate first of the two at each fork: this tells the classes apart. */
static char first[MOST];

UNSEEN static void eat(int i, int left, int right)
{
    if (first[left] == 0)
        first[left] = (char)('a' + i);
    if (first[right] == 0)
        first[right] = (char)('a' + i);
}

static void dine(int i, int one, int other)
{
    pthread_mutex_lock(&locks[one]);
    pthread_mutex_lock(&locks[other]);
    eat(i, one, other);
    pthread_mutex_unlock(&locks[other]);
    pthread_mutex_unlock(&locks[one]);
}

static void *naive_philosopher(void *arg)
{
    int i = number(arg);
    dine(i, i, (i + 1) % explorer_test_parameter());
    return NULL;
}

static void *ordered_philosopher(void *arg)
{
    int i = number(arg), right = (i + 1) % explorer_test_parameter();
    dine(i, i < right ? i : right, i < right ? right : i);
    return NULL;
}

void scenario_naive_philosophers(void)
{
    explorer_outcome("stuck");
    run_all(explorer_test_parameter(), naive_philosopher);
    explorer_outcome(first);
}

void scenario_ordered_philosophers(void)
{
    explorer_outcome("stuck");
    run_all(explorer_test_parameter(), ordered_philosopher);
    explorer_outcome(first);
}

/* --- Conditions ------------------------------------------------------------*/

static pthread_cond_t flag_is_set = PTHREAD_COND_INITIALIZER;
static int flag; /* guarded by the lock */

static void *wait_for_flag(void *unused)
{
    pthread_mutex_lock(&lock);
    while (!flag)
        pthread_cond_wait(&flag_is_set, &lock);
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *set_flag(void *unused)
{
    pthread_mutex_lock(&lock);
    flag = 1;
    pthread_cond_signal(&flag_is_set);
    pthread_mutex_unlock(&lock);
    return unused;
}

void scenario_setters(void)
{
    pthread_t waiter = create(wait_for_flag, 0);
    run_all(explorer_test_parameter(), set_flag);
    pthread_join(waiter, NULL);
}

/* --- Atomics ---------------------------------------------------------------*/

static void *store_1(void *unused)
{
    atomic_store(&x, 1);
    return unused;
}

static void *see_x(void *arg)
{
    seen[number(arg)] = atomic_load(&x);
    return NULL;
}

void scenario_one_writer(void)
{
    pthread_t writer = create(store_1, 0);
    run_all(explorer_test_parameter(), see_x);
    pthread_join(writer, NULL);
    report_seen(explorer_test_parameter());
}

static void *store_own_number(void *arg)
{
    atomic_store(&x, number(arg) + 1);
    return NULL;
}

void scenario_writers_and_reader(void)
{
    pthread_t reader = create(see_x, 0);
    run_all(explorer_test_parameter(), store_own_number);
    pthread_join(reader, NULL);
    report_seen(1);
}

static void *store_one_load_other(void *arg)
{
    int i = number(arg);
    atomic_store(i == 0 ? &x : &y, 1);
    seen[i] = atomic_load(i == 0 ? &y : &x);
    return NULL;
}

void scenario_store_buffering(void)
{
    run_all(2, store_one_load_other);
    report_seen(2);
}

static void *send_or_receive(void *arg)
{
    if (number(arg) == 0) {
        atomic_store(&x, 1);
        atomic_store(&y, 1);
    } else {
        seen[0] = atomic_load(&y);
        seen[1] = atomic_load(&x);
    }
    return NULL;
}

void scenario_message_passing(void)
{
    run_all(2, send_or_receive);
    report_seen(2);
}

static void *see_x_twice(void *unused)
{
    seen[0] = atomic_load(&x);
    seen[1] = atomic_load(&x);
    return unused;
}

void scenario_read_twice(void)
{
    pthread_t writer = create(store_1, 0);
    pthread_t reader = create(see_x_twice, 0);
    pthread_join(writer, NULL);
    pthread_join(reader, NULL);
    report_seen(2);
}

static void *load_then_store(void *unused)
{
    int was = atomic_load(&x);
    atomic_store(&x, was + 1);
    return unused;
}

void scenario_load_then_store(void)
{
    run_all(explorer_test_parameter(), load_then_store);
    report_number(atomic_load(&x));
}

static void *load_store_twice(void *unused)
{
    load_then_store(unused);
    load_then_store(unused);
    return unused;
}

void scenario_load_store_twice(void)
{
    run_all(2, load_store_twice);
    report_number(atomic_load(&x));
}

static void *fetch_add(void *unused)
{
    atomic_fetch_add(&x, 1);
    return unused;
}

void scenario_fetch_add(void)
{
    run_all(explorer_test_parameter(), fetch_add);
    explorer_check(atomic_load(&x) == explorer_test_parameter(), "none lost");
}

/* --- From the literature ---------------------------------------------------*/

/* Abdulla et al. 2014: thread i makes cell i one more than cell i - 1, while
 * thread 0 looks for the last cell that is zero. */
static atomic_int cells[MOST];

static void *make_next(void *arg)
{
    int i = number(arg);
    atomic_store(&cells[i], atomic_load(&cells[i - 1]) + 1);
    return NULL;
}

static void *look_for_zero(void *unused)
{
    int i = explorer_test_parameter();
    while (atomic_load(&cells[i]) != 0)
        i--;
    return unused;
}

void scenario_last_zero(void)
{
    pthread_t threads[MOST];
    int n = explorer_test_parameter();
    threads[0] = create(look_for_zero, 0);
    for (int i = 1; i <= n; i++)
        threads[i] = create(make_next, i);
    for (int i = 0; i <= n; i++)
        pthread_join(threads[i], NULL);
}

/* Flanagan and Godefroid 2005: threads fill a hash table. */
enum { TABLE = 128, MESSAGES = 4 };
static atomic_int table[TABLE];

static void *fill_table(void *arg)
{
    int i = number(arg);
    for (int m = 1; m <= MESSAGES; m++) {
        int message = m * 11 + i;
        int at = message * 7 % TABLE, empty = 0;
        while (!atomic_compare_exchange_strong(&table[at], &empty, message)) {
            at = (at + 1) % TABLE;
            empty = 0;
        }
    }
    return NULL;
}

void scenario_indexer(void)
{
    run_all(explorer_test_parameter(), fill_table);
}

/* Flanagan and Godefroid 2005: threads give blocks to inodes. */
enum { BLOCKS = 26, INODES = 32 };
static pthread_mutex_t inode_locks[INODES], block_locks[BLOCKS];
static int inodes[INODES], is_busy[BLOCKS];

static void *give_block(void *arg)
{
    int i = number(arg) % INODES;
    pthread_mutex_lock(&inode_locks[i]);
    for (int b = i * 2 % BLOCKS; inodes[i] == 0; b = (b + 1) % BLOCKS) {
        pthread_mutex_lock(&block_locks[b]);
        if (!is_busy[b]) {
            is_busy[b] = 1;
            inodes[i] = b + 1;
        }
        pthread_mutex_unlock(&block_locks[b]);
    }
    pthread_mutex_unlock(&inode_locks[i]);
    return NULL;
}

void scenario_filesystem(void)
{
    run_all(explorer_test_parameter(), give_block);
}

/* --- What a scenario may do ------------------------------------------------*/

static void *allocate(void *arg)
{
    void *made = malloc(10);
    seen[number(arg)] = (int)(intptr_t)made;
    pthread_mutex_lock(&lock); /* in every order */
    pthread_mutex_unlock(&lock);
    free(made);
    return NULL;
}

/* The outcome is the addresses. */
void scenario_heap(void)
{
    char text[40];
    run_all(2, allocate);
    snprintf(text, sizeof text, "%x %x", (unsigned)seen[0], (unsigned)seen[1]);
    explorer_outcome(text);
}

static void *wait_once(void *unused)
{
    pthread_mutex_lock(&lock);
    pthread_cond_wait(&flag_is_set, &lock);
    pthread_mutex_unlock(&lock);
    return unused;
}

/* The signal comes when the thread waits, or, if the parameter is 0, at any
 * time. */
void scenario_wait_until_blocked(void)
{
    pthread_t waiter = create(wait_once, 0);
    if (explorer_test_parameter() != 0)
        explorer_until_blocked(waiter);
    pthread_mutex_lock(&lock);
    pthread_cond_signal(&flag_is_set);
    pthread_mutex_unlock(&lock);
    pthread_join(waiter, NULL);
}

void scenario_lost_update(void)
{
    run_all(2, load_then_store);
    explorer_check(atomic_load(&x) == 2, "both are kept");
}

/* The suite is told of each run. */
void scenario_counted(void)
{
    explorer_test_run_begins();
    scenario_lock_add_unlock();
}

/* --- Small programs --------------------------------------------------------*/

static pthread_mutex_t mutexes[MUTEXES] = {
        PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static pthread_rwlock_t rwlock;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_int atoms[ATOMS];
static int plains[PLAINS];
static pthread_t handles[SMALL_THREADS];

static void *small_thread(void *arg);

/* The steps; each is seen by the explorer. */

static int load(int i)
{
    return atomic_load(&atoms[i]);
}

static void store(int i, int value)
{
    atomic_store(&atoms[i], value);
}

static int add(int i, int value)
{
    return atomic_fetch_add(&atoms[i], value);
}

static int compare(int i, int value)
{
    int expected = 0;
    atomic_compare_exchange_strong(&atoms[i], &expected, value);
    return expected;
}

static int read_plain(int i)
{
    return plains[i];
}

static void write_plain(int i, int value)
{
    plains[i] = value;
}

UNSEEN static void report(int self, char what)
{
    if (what != '\0')
        explorer_test_log(self, what);
    explorer_test_report((const int *)atoms, plains);
}

static void add_once(void)
{
    atomic_fetch_add(&atoms[ATOMS - 1], 1);
    report(0, '\0');
}

UNSEEN static struct timespec in_seconds(int seconds)
{
    /* As the clock was when the run began: reading it would be a step. */
    return (struct timespec){.tv_sec = 946684800 + seconds};
}

/* One operation with a limit; gives 1, or 0 if it has passed. */
UNSEEN static int do_timed_step(const small_op *o)
{
    struct timespec limit = in_seconds(o->value);
    switch (o->kind) {
    case SMALL_LOCK_UNTIL:
        return pthread_mutex_timedlock(&mutexes[o->object], &limit) == 0;
    case SMALL_TAKE_UNTIL:
        return sem_timedwait(&semaphore, &limit) == 0;
    case SMALL_WAIT_UNTIL:
        return pthread_cond_timedwait(&condition, &mutexes[0], &limit) == 0;
    case SMALL_READ_LOCK_UNTIL:
        return pthread_rwlock_timedrdlock(&rwlock, &limit) == 0;
    case SMALL_WRITE_LOCK_UNTIL:
        return pthread_rwlock_timedwrlock(&rwlock, &limit) == 0;
    case SMALL_JOIN_UNTIL:
        return pthread_timedjoin_np(handles[o->object], NULL, &limit) == 0;
    case SMALL_TRYJOIN:
        return pthread_tryjoin_np(handles[o->object], NULL) == 0;
    case SMALL_SLEEP:
        sleep((unsigned)o->value);
        return 1;
    default:
        abort();
    }
}

/* One operation; gives what it read, or -1. */
UNSEEN static int do_step(const small_op *o, int last)
{
    int i = o->object;
    int value = o->value == READ_PLUS_1 ? last + 1 : o->value;
    switch (o->kind) {
    case SMALL_LOCK:
        pthread_mutex_lock(&mutexes[i]);
        return -1;
    case SMALL_UNLOCK:
        pthread_mutex_unlock(&mutexes[i]);
        return -1;
    case SMALL_TRYLOCK:
        return pthread_mutex_trylock(&mutexes[i]) == 0;
    case SMALL_WAIT:
        pthread_cond_wait(&condition, &mutexes[0]);
        return -1;
    case SMALL_SIGNAL:
        pthread_cond_signal(&condition);
        return -1;
    case SMALL_BROADCAST:
        pthread_cond_broadcast(&condition);
        return -1;
    case SMALL_TAKE:
        sem_wait(&semaphore);
        return -1;
    case SMALL_TRYTAKE:
        return sem_trywait(&semaphore) == 0;
    case SMALL_POST:
        sem_post(&semaphore);
        return -1;
    case SMALL_READ_LOCK:
        pthread_rwlock_rdlock(&rwlock);
        return -1;
    case SMALL_WRITE_LOCK:
        pthread_rwlock_wrlock(&rwlock);
        return -1;
    case SMALL_TRY_READ_LOCK:
        return pthread_rwlock_tryrdlock(&rwlock) == 0;
    case SMALL_TRY_WRITE_LOCK:
        return pthread_rwlock_trywrlock(&rwlock) == 0;
    case SMALL_RW_UNLOCK:
        pthread_rwlock_unlock(&rwlock);
        return -1;
    case SMALL_ARRIVE:
        return pthread_barrier_wait(&barrier) != 0; /* the serial thread */
    case SMALL_ONCE:
        pthread_once(&once, add_once);
        return -1;
    case SMALL_LOAD:
        return load(i);
    case SMALL_STORE:
        store(i, value);
        return -1;
    case SMALL_ADD:
        return add(i, value);
    case SMALL_COMPARE:
        return compare(i, value);
    case SMALL_READ:
        return read_plain(i);
    case SMALL_WRITE:
        write_plain(i, value);
        return -1;
    case SMALL_YIELD:
        sched_yield();
        return -1;
    case SMALL_CREATE:
        handles[i] = create(small_thread, i);
        return -1;
    case SMALL_JOIN:
        pthread_join(handles[i], NULL);
        return -1;
    case SMALL_DETACH:
        pthread_detach(handles[i]);
        return -1;
    default:
        return do_timed_step(o);
    }
}

UNSEEN static void interpret(int self)
{
    int last = 0;
    for (int at = 0;; at++) {
        const small_op *o = explorer_test_op(self, at);
        switch (o->kind) {
        case SMALL_END:
            return;
        case SMALL_LEAVE:
            pthread_exit(NULL);
        case SMALL_SKIP:
            if (last == o->object)
                at += o->value;
            break;
        case SMALL_BACK:
            at -= o->value + 1;
            break;
        case SMALL_CHECK:
            if (last != o->value)
                break;
            report(self, 'x');
            explorer_check(false, "it read something else");
            break;
        default: {
            int got = do_step(o, last);
            report(self, (char)(got < 0 ? '.' : '0' + got));
            if (got >= 0)
                last = got;
        }
        }
    }
}

static void *small_thread(void *arg)
{
    interpret(number(arg));
    return NULL;
}

void scenario_small_program(void)
{
    explorer_test_begin();
    pthread_rwlockattr_t attr;
    sem_init(&semaphore, 0, (unsigned)explorer_test_permits());
    pthread_barrier_init(&barrier, NULL, (unsigned)explorer_test_parties());
    pthread_rwlockattr_init(&attr);
    if (explorer_test_prefers_writers())
        pthread_rwlockattr_setkind_np(
                &attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&rwlock, &attr);
    report(0, '\0');
    interpret(0);
}
