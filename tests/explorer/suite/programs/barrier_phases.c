/* expect: verdict=ok race=no */
/* Two phases, twice; exactly one of the threads is the serial one. */
#include <assert.h>
#include <pthread.h>

static pthread_barrier_t all_written, all_read;
static int cells[2], serial;

static void *work(void *number)
{
    int me = number != NULL;
    for (int round = 1; round <= 2; round++) {
        cells[me] = round;
        if (pthread_barrier_wait(&all_written) == PTHREAD_BARRIER_SERIAL_THREAD)
            serial++;
        assert(cells[1 - me] == round);
        pthread_barrier_wait(&all_read);
        assert(serial == round);
    }
    return NULL;
}

int main(void)
{
    pthread_t other;
    assert(pthread_barrier_init(&all_written, NULL, 0) != 0);
    pthread_barrier_init(&all_written, NULL, 2);
    pthread_barrier_init(&all_read, NULL, 2);
    pthread_create(&other, NULL, work, &other);
    work(NULL);
    pthread_join(other, NULL);
    pthread_barrier_destroy(&all_written);
    pthread_barrier_destroy(&all_read);
    return 0;
}
