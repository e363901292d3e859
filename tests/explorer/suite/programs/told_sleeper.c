/* expect: verdict=deadlock says=16 jobs.get: waits   <- for ever */
/* expect: verdict=deadlock says=24 ready.wait: waits */
#include <pthread.h>
#include <stddef.h>

#include "primitives/event.h"
#include "primitives/queue.h"

static sync_queue jobs;
static sync_event ready;

/* Who is asleep has no further row at the end. */
static void *work(void *unused)
{
    void *job;
    sync_queue_get(&jobs, &job);
    sync_event_set(&ready);
    return unused;
}

static void *look(void *unused)
{
    sync_queue_size(&jobs);
    sync_event_wait(&ready);
    return unused;
}

int main(void)
{
    pthread_t a, b;
    sync_queue_init_fifo(&jobs, 0);
    sync_event_init(&ready);
    pthread_create(&a, NULL, work, NULL);
    pthread_create(&b, NULL, look, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
