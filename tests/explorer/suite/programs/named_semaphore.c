/* expect: verdict=ok race=no */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>

static int sum;

static void *add(void *unused)
{
    sem_t *turn = sem_open("/turn", 0);
    sem_wait(turn);
    sum++;
    sem_post(turn);
    sem_close(turn);
    return unused;
}

int main(void)
{
    pthread_t a, b;
    assert(sem_open("/turn", 0) == SEM_FAILED && errno == ENOENT);
    sem_t *turn = sem_open("/turn", O_CREAT | O_EXCL, 0600, 1);
    assert(turn != SEM_FAILED);
    pthread_create(&a, NULL, add, NULL);
    pthread_create(&b, NULL, add, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(sum == 2);
    assert(sem_open("/turn", O_CREAT | O_EXCL, 0600, 1) == SEM_FAILED);
    sem_close(turn);
    assert(sem_unlink("/turn") == 0 && sem_unlink("/turn") == -1);
    return 0;
}
