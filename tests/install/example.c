/*
 * A program outside of the tree that uses the installed library: a producer and
 * a consumer, and of each header something.
 */
#include <lockstep/barrier.h>
#include <lockstep/condition.h>
#include <lockstep/deadline.h>
#include <lockstep/event.h>
#include <lockstep/local.h>
#include <lockstep/lock.h>
#include <lockstep/queue.h>
#include <lockstep/rlock.h>
#include <lockstep/semaphore.h>
#include <lockstep/timer.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static sync_queue queue;

static void *produce(void *numbers)
{
    for (int *number = numbers; *number != 0; number++)
        sync_queue_put(&queue, number);
    sync_queue_close(&queue);
    return NULL;
}

static int consume(void)
{
    int sum = 0;
    void *number;
    while (sync_queue_get(&queue, &number) == 0)
        sum += *(int *)number;
    return sum;
}

static void set(void *event)
{
    sync_event_set(event);
}

/* One call at least into each of the other modules: 0 if all is as it should
 * be. */
static int use_the_others(void)
{
    sync_lock lock;
    sync_rlock rlock;
    sync_condition condition;
    sync_semaphore semaphore;
    sync_barrier barrier;
    sync_event event;
    sync_timer timer;
    sync_local local;
    struct timespec deadline = sync_deadline_after_ms(1);

    int errors = sync_lock_init(&lock) + sync_rlock_init(&rlock) +
                 sync_condition_init(&condition, &lock) +
                 sync_semaphore_init(&semaphore, 0) +
                 sync_barrier_init(&barrier, 1, NULL, NULL) +
                 sync_event_init(&event) +
                 sync_timer_init(&timer, set, &event) +
                 sync_local_init(&local, sizeof(int), NULL);
    errors += sync_semaphore_acquire_until(&semaphore, &deadline) != ETIMEDOUT;
    errors += sync_barrier_wait(&barrier, NULL);
    errors += sync_timer_start(&timer, 1) + sync_event_wait(&event);
    errors += *(int *)sync_local_get(&local);
    errors += sync_timer_join(&timer) + sync_timer_destroy(&timer);
    errors += sync_local_destroy(&local) + sync_event_destroy(&event) +
              sync_barrier_destroy(&barrier) +
              sync_semaphore_destroy(&semaphore) +
              sync_condition_destroy(&condition) + sync_rlock_destroy(&rlock) +
              sync_lock_destroy(&lock);
    return errors;
}

int main(void)
{
    int numbers[] = {1, 2, 3, 4, 0};
    pthread_t producer;
    if (sync_queue_init_fifo(&queue, 2) != 0 ||
            pthread_create(&producer, NULL, produce, numbers) != 0)
        return 1;
    int sum = consume();
    pthread_join(producer, NULL);
    sync_queue_destroy(&queue);
    printf("the sum is %d\n", sum);
    return sum == 10 && use_the_others() == 0 ? 0 : 1;
}
