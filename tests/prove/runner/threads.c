/*
 * What all scenarios do; compiled for exploring, with each module's file.
 */
#include "tests/prove/prove.h"

#include <errno.h>

#include "primitives/deadline.h"

/* Its accesses to memory are no steps. */
#define UNSEEN __attribute__((no_sanitize("thread")))

enum { SOON_MS = 10 };

const struct timespec prove_past = {0, 0};
struct timespec prove_soon;
int prove_returned[PROVE_THREADS];
static pthread_t threads[PROVE_THREADS];

int prove_timely(int error)
{
    struct timespec now;
    if (error == ETIMEDOUT) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        PROMISE(now.tv_sec > prove_soon.tv_sec ||
                (now.tv_sec == prove_soon.tv_sec &&
                        now.tv_nsec >= prove_soon.tv_nsec));
    }
    return error;
}

pthread_t prove_thread(int number)
{
    return threads[number];
}

int prove_sum(void)
{
    int sum = 0;
    for (int i = 0; i < PROVE_THREADS; i++)
        sum += prove_returned[i];
    return sum;
}

UNSEEN static void join(int number)
{
    void *result;
    pthread_join(threads[number], &result);
    prove_returned[number] = (int)(intptr_t)result;
}

UNSEEN void scenario_threads(void)
{
    const prove_scenario *chosen = explorer_prove_chosen();
    const prove_operation *todo = chosen->threads;
    bool is_rescued = false;

    prove_soon = sync_deadline_after_ms(SOON_MS);
    chosen->begin();
    for (int i = 0; i < PROVE_THREADS && todo[i].body != NULL; i++)
        pthread_create(&threads[i], NULL, todo[i].body, prove_result(i));
    for (int i = 0; i < PROVE_THREADS && todo[i].body != NULL; i++) {
        if (!todo[i].waits)
            join(i);
        else
            is_rescued = true;
    }
    if (is_rescued)
        chosen->rescue();
    for (int i = 0; i < PROVE_THREADS && todo[i].body != NULL; i++)
        if (todo[i].waits)
            join(i);
    chosen->end();
}
