/*
 * The primitives as the textbooks build them: one mutex, and a condition
 * variable for each thing that threads wait for.
 *
 * They are clear, right, and the yardstick of what a fast path has to earn. As
 * in the books, what a call returns is not looked at.
 */
#ifndef LOCKSTEP_BENCH_TEXTBOOK_H
#define LOCKSTEP_BENCH_TEXTBOOK_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

typedef struct textbook_semaphore {
    pthread_mutex_t mutex; /* guards the permits */
    pthread_cond_t nonzero;
    unsigned permits;
} textbook_semaphore;

void textbook_semaphore_init(textbook_semaphore *semaphore, unsigned permits);
void textbook_semaphore_destroy(textbook_semaphore *semaphore);
void textbook_semaphore_acquire(textbook_semaphore *semaphore);
void textbook_semaphore_release(textbook_semaphore *semaphore);

typedef struct textbook_event {
    pthread_mutex_t mutex; /* guards the flag */
    pthread_cond_t is_set;
    bool set;
} textbook_event;

void textbook_event_init(textbook_event *event);
void textbook_event_destroy(textbook_event *event);
void textbook_event_set(textbook_event *event);
void textbook_event_clear(textbook_event *event);
bool textbook_event_is_set(textbook_event *event);
void textbook_event_wait(textbook_event *event);

typedef struct textbook_barrier {
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t released;
    unsigned parties, arrived, round;
} textbook_barrier;

void textbook_barrier_init(textbook_barrier *barrier, unsigned parties);
void textbook_barrier_destroy(textbook_barrier *barrier);
void textbook_barrier_wait(textbook_barrier *barrier);

/* A ring of so many places. */
typedef struct textbook_queue {
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t not_empty, not_full;
    void **places;
    size_t capacity, count, first;
} textbook_queue;

void textbook_queue_init(textbook_queue *queue, size_t capacity);
void textbook_queue_destroy(textbook_queue *queue);
void textbook_queue_put(textbook_queue *queue, void *item);
void *textbook_queue_get(textbook_queue *queue);

/* A heap of so many places, the smallest item at the top. */
typedef struct textbook_priority {
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t not_empty, not_full;
    int (*compare)(const void *, const void *);
    void **heap;
    size_t capacity, count;
} textbook_priority;

void textbook_priority_init(textbook_priority *queue, size_t capacity,
        int (*compare)(const void *, const void *));
void textbook_priority_destroy(textbook_priority *queue);
void textbook_priority_put(textbook_priority *queue, void *item);
void *textbook_priority_get(textbook_priority *queue);

/* A thread for each timer, which sleeps until its time comes or it is told. */
typedef struct textbook_timer {
    void (*callback)(void *);
    void *arg;
    struct timespec due; /* CLOCK_REALTIME, which a condition variable takes */
    pthread_t thread;
    pthread_mutex_t mutex; /* guards the flag */
    pthread_cond_t told;
    bool cancelled;
} textbook_timer;

void textbook_timer_start(textbook_timer *timer, unsigned delay_ms,
        void (*callback)(void *), void *arg);
void textbook_timer_cancel(textbook_timer *timer); /* or joins it, if it ran */

#endif
