/* expect: verdict=check says=write total = 2 */
/* expect: verdict=check says=\.\.\. gate.wait -> */
/* expect: verdict=check says=jobs.try_get = EAGAIN */
/* expect: verdict=check says=seats.value = 2, total = 2 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

#include "primitives/barrier.h"
#include "primitives/queue.h"
#include "primitives/semaphore.h"

static sync_barrier gate;
static sync_queue jobs;
static sync_semaphore seats;
static int total, parts[2];

/* What a callback does is the program's own. */
static void add(void *unused)
{
    (void)unused;
    total = parts[0] + parts[1];
}

static void *work(void *part)
{
    void *job;
    *(int *)part = 1;
    sync_barrier_wait(&gate, NULL);
    sync_queue_try_get(&jobs, &job);
    sync_semaphore_release(&seats);
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    sync_barrier_init(&gate, 2, add, NULL);
    sync_queue_init_fifo(&jobs, 1);
    sync_semaphore_init(&seats, 0);
    pthread_create(&a, NULL, work, &parts[0]);
    pthread_create(&b, NULL, work, &parts[1]);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(sync_semaphore_value(&seats) == 2 && total == 3);
    return 0;
}
