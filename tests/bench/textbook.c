#include "tests/bench/textbook.h"

#include <stdlib.h>

#include "tests/bench/threads.h"

/* --- Semaphore --- */

void textbook_semaphore_init(textbook_semaphore *semaphore, unsigned permits)
{
    pthread_mutex_init(&semaphore->mutex, NULL);
    pthread_cond_init(&semaphore->nonzero, NULL);
    semaphore->permits = permits;
}

void textbook_semaphore_destroy(textbook_semaphore *semaphore)
{
    pthread_cond_destroy(&semaphore->nonzero);
    pthread_mutex_destroy(&semaphore->mutex);
}

void textbook_semaphore_acquire(textbook_semaphore *semaphore)
{
    pthread_mutex_lock(&semaphore->mutex);
    while (semaphore->permits == 0)
        pthread_cond_wait(&semaphore->nonzero, &semaphore->mutex);
    semaphore->permits--;
    pthread_mutex_unlock(&semaphore->mutex);
}

void textbook_semaphore_release(textbook_semaphore *semaphore)
{
    pthread_mutex_lock(&semaphore->mutex);
    semaphore->permits++;
    pthread_cond_signal(&semaphore->nonzero);
    pthread_mutex_unlock(&semaphore->mutex);
}

/* --- Event --- */

void textbook_event_init(textbook_event *event)
{
    pthread_mutex_init(&event->mutex, NULL);
    pthread_cond_init(&event->is_set, NULL);
    event->set = false;
}

void textbook_event_destroy(textbook_event *event)
{
    pthread_cond_destroy(&event->is_set);
    pthread_mutex_destroy(&event->mutex);
}

void textbook_event_set(textbook_event *event)
{
    pthread_mutex_lock(&event->mutex);
    event->set = true;
    pthread_cond_broadcast(&event->is_set);
    pthread_mutex_unlock(&event->mutex);
}

void textbook_event_clear(textbook_event *event)
{
    pthread_mutex_lock(&event->mutex);
    event->set = false;
    pthread_mutex_unlock(&event->mutex);
}

bool textbook_event_is_set(textbook_event *event)
{
    pthread_mutex_lock(&event->mutex);
    bool set = event->set;
    pthread_mutex_unlock(&event->mutex);
    return set;
}

void textbook_event_wait(textbook_event *event)
{
    pthread_mutex_lock(&event->mutex);
    while (!event->set)
        pthread_cond_wait(&event->is_set, &event->mutex);
    pthread_mutex_unlock(&event->mutex);
}

/* --- Barrier --- */

void textbook_barrier_init(textbook_barrier *barrier, unsigned parties)
{
    pthread_mutex_init(&barrier->mutex, NULL);
    pthread_cond_init(&barrier->released, NULL);
    barrier->parties = parties;
    barrier->arrived = 0;
    barrier->round = 0;
}

void textbook_barrier_destroy(textbook_barrier *barrier)
{
    pthread_cond_destroy(&barrier->released);
    pthread_mutex_destroy(&barrier->mutex);
}

void textbook_barrier_wait(textbook_barrier *barrier)
{
    pthread_mutex_lock(&barrier->mutex);
    unsigned round = barrier->round;
    barrier->arrived++;
    if (barrier->arrived == barrier->parties) {
        barrier->arrived = 0;
        barrier->round++;
        pthread_cond_broadcast(&barrier->released);
    }
    while (barrier->round == round)
        pthread_cond_wait(&barrier->released, &barrier->mutex);
    pthread_mutex_unlock(&barrier->mutex);
}

/* --- Queue --- */

static void **make_places(size_t capacity)
{
    void **places = malloc(capacity * sizeof(places[0]));
    if (places == NULL)
        give_up("out of memory");
    return places;
}

void textbook_queue_init(textbook_queue *queue, size_t capacity)
{
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->not_empty, NULL);
    pthread_cond_init(&queue->not_full, NULL);
    queue->places = make_places(capacity);
    queue->capacity = capacity;
    queue->count = 0;
    queue->first = 0;
}

void textbook_queue_destroy(textbook_queue *queue)
{
    free(queue->places);
    pthread_cond_destroy(&queue->not_full);
    pthread_cond_destroy(&queue->not_empty);
    pthread_mutex_destroy(&queue->mutex);
}

void textbook_queue_put(textbook_queue *queue, void *item)
{
    pthread_mutex_lock(&queue->mutex);
    while (queue->count == queue->capacity)
        pthread_cond_wait(&queue->not_full, &queue->mutex);
    queue->places[(queue->first + queue->count) % queue->capacity] = item;
    queue->count++;
    pthread_cond_signal(&queue->not_empty);
    pthread_mutex_unlock(&queue->mutex);
}

void *textbook_queue_get(textbook_queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    while (queue->count == 0)
        pthread_cond_wait(&queue->not_empty, &queue->mutex);
    void *item = queue->places[queue->first];
    queue->first = (queue->first + 1) % queue->capacity;
    queue->count--;
    pthread_cond_signal(&queue->not_full);
    pthread_mutex_unlock(&queue->mutex);
    return item;
}

/* --- Priority queue --- */

void textbook_priority_init(textbook_priority *queue, size_t capacity,
        int (*compare)(const void *, const void *))
{
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->not_empty, NULL);
    pthread_cond_init(&queue->not_full, NULL);
    queue->compare = compare;
    queue->heap = make_places(capacity);
    queue->capacity = capacity;
    queue->count = 0;
}

void textbook_priority_destroy(textbook_priority *queue)
{
    free(queue->heap);
    pthread_cond_destroy(&queue->not_full);
    pthread_cond_destroy(&queue->not_empty);
    pthread_mutex_destroy(&queue->mutex);
}

/* Swaps the two items if the lower one is the smaller. */
static bool swap_if_smaller(
        textbook_priority *queue, size_t lower, size_t upper)
{
    void *item = queue->heap[lower];
    if (queue->compare(item, queue->heap[upper]) >= 0)
        return false;
    queue->heap[lower] = queue->heap[upper];
    queue->heap[upper] = item;
    return true;
}

void textbook_priority_put(textbook_priority *queue, void *item)
{
    pthread_mutex_lock(&queue->mutex);
    while (queue->count == queue->capacity)
        pthread_cond_wait(&queue->not_full, &queue->mutex);
    size_t place = queue->count++;
    queue->heap[place] = item;
    while (place > 0 && swap_if_smaller(queue, place, (place - 1) / 2))
        place = (place - 1) / 2;
    pthread_cond_signal(&queue->not_empty);
    pthread_mutex_unlock(&queue->mutex);
}

static size_t smaller_child(const textbook_priority *queue, size_t place)
{
    size_t left = 2 * place + 1, right = left + 1;
    bool take_right = right < queue->count &&
                      queue->compare(queue->heap[right], queue->heap[left]) < 0;
    return take_right ? right : left;
}

void *textbook_priority_get(textbook_priority *queue)
{
    pthread_mutex_lock(&queue->mutex);
    while (queue->count == 0)
        pthread_cond_wait(&queue->not_empty, &queue->mutex);
    void *smallest = queue->heap[0];
    queue->heap[0] = queue->heap[--queue->count];
    size_t place = 0, child = smaller_child(queue, place);
    while (child < queue->count && swap_if_smaller(queue, child, place)) {
        place = child;
        child = smaller_child(queue, place);
    }
    pthread_cond_signal(&queue->not_full);
    pthread_mutex_unlock(&queue->mutex);
    return smallest;
}

/* --- Timer --- */

static void *serve_timer(void *arg)
{
    textbook_timer *timer = arg;
    int error = 0;
    pthread_mutex_lock(&timer->mutex);
    while (!timer->cancelled && error == 0)
        error = pthread_cond_timedwait(
                &timer->told, &timer->mutex, &timer->due);
    bool cancelled = timer->cancelled;
    pthread_mutex_unlock(&timer->mutex);
    if (!cancelled)
        timer->callback(timer->arg);
    return NULL;
}

void textbook_timer_start(textbook_timer *timer, unsigned delay_ms,
        void (*callback)(void *), void *arg)
{
    clock_gettime(CLOCK_REALTIME, &timer->due);
    timer->due.tv_nsec += delay_ms % 1000 * 1000000L;
    timer->due.tv_sec += delay_ms / 1000 + timer->due.tv_nsec / 1000000000L;
    timer->due.tv_nsec %= 1000000000L;
    timer->callback = callback;
    timer->arg = arg;
    timer->cancelled = false;
    pthread_mutex_init(&timer->mutex, NULL);
    pthread_cond_init(&timer->told, NULL);
    if (pthread_create(&timer->thread, NULL, serve_timer, timer) != 0)
        give_up("no thread for a timer");
}

void textbook_timer_cancel(textbook_timer *timer)
{
    pthread_mutex_lock(&timer->mutex);
    timer->cancelled = true;
    pthread_cond_signal(&timer->told);
    pthread_mutex_unlock(&timer->mutex);
    pthread_join(timer->thread, NULL);
    pthread_cond_destroy(&timer->told);
    pthread_mutex_destroy(&timer->mutex);
}
