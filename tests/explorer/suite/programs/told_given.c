/* expect: verdict=use-after-free says=15 write A's totals = 3 */
/* expect: verdict=use-after-free says=ends: free A's totals */
/* expect: verdict=use-after-free says=step [0-9]*: A ends, and they are freed */
#include <pthread.h>
#include <stddef.h>

#include "primitives/local.h"

static sync_local totals; /* two ints a thread */

static void *work(void *unused)
{
    (void)unused;
    int *total = sync_local_get(&totals);
    total[0] = 3;
    total[1] = 4;
    return sync_local_get(&totals);
}

int main(void)
{
    pthread_t a;
    void *total;
    sync_local_init(&totals, 2 * sizeof(int), NULL);
    pthread_create(&a, NULL, work, NULL);
    pthread_join(a, &total);
    return ((int *)total)[1];
}
