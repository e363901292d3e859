/* expect: verdict=check says=jobs.put(&tasks\[1\]): waits */
/* expect: verdict=check says=jobs.put(&tasks\[1\]) goes on */
/* expect: verdict=check says=jobs.try_put("sweep") = EAGAIN */
/* expect: verdict=check says=jobs.put(NULL): waits */
/* expect: verdict=check says=jobs.get = &tasks\[1\] */
/* expect: verdict=check says=jobs.get = &A's own */
/* expect: verdict=check says=jobs.get = stop */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

#include "primitives/queue.h"

typedef struct task {
    int rank, size;
} task;

static sync_queue jobs;
static task tasks[2];
static char stop[] = "stop";

static void *give(void *unused)
{
    task own = {0, 0};
    sync_queue_put(&jobs, &tasks[0]);
    sync_queue_try_put(&jobs, "sweep");
    sync_queue_put(&jobs, &tasks[1]);
    sync_queue_put(&jobs, &own);
    sync_queue_put(&jobs, stop);
    sync_queue_put(&jobs, NULL);
    return unused;
}

int main(void)
{
    pthread_t a;
    void *job;
    sync_queue_init_fifo(&jobs, 1);
    pthread_create(&a, NULL, give, NULL);
    for (int i = 0; i < 4; i++)
        sync_queue_get(&jobs, &job);
    assert(job != stop);
    return 0;
}
