/* expect: verdict=ok race=no */
#include <assert.h>
#include <threads.h>
#include <time.h>

static mtx_t lock, again;
static cnd_t is_ready;
static once_flag is_begun = ONCE_FLAG_INIT;
static tss_t own;
static _Thread_local int calls;
static int ready, begun, destroyed;

static void begin(void)
{
    begun++;
}

static void destroy(void *at)
{
    *(int *)at += 1;
}

static int work(void *leaves)
{
    call_once(&is_begun, begin);
    tss_set(own, leaves == NULL ? NULL : &destroyed);
    calls++;
    mtx_lock(&lock);
    ready++;
    cnd_signal(&is_ready);
    mtx_unlock(&lock);
    assert(calls == 1 && begun == 1);
    if (leaves != NULL)
        thrd_exit(5);
    return 6;
}

int main(void)
{
    thrd_t threads[2];
    struct timespec past = {.tv_sec = 1};
    int results[2];
    assert(tss_create(&own, destroy) == thrd_success);
    mtx_init(&lock, mtx_timed);
    mtx_init(&again, mtx_plain | mtx_recursive);
    cnd_init(&is_ready);
    thrd_create(&threads[0], work, NULL);
    thrd_create(&threads[1], work, &past);
    mtx_lock(&lock);
    while (ready < 2)
        cnd_wait(&is_ready, &lock);
    assert(cnd_timedwait(&is_ready, &lock, &past) == thrd_timedout ||
            ready == 2);
    mtx_unlock(&lock);
    for (int i = 0; i < 2; i++)
        thrd_join(threads[i], &results[i]);
    assert(results[0] == 6 && results[1] == 5 && calls == 0 && destroyed == 1);
    assert(mtx_timedlock(&again, &past) == thrd_success);
    assert(mtx_trylock(&again) == thrd_success);
    mtx_unlock(&again);
    mtx_unlock(&again);
    assert(mtx_trylock(&lock) == thrd_success);
    assert(mtx_trylock(&lock) == thrd_busy);
    mtx_unlock(&lock);
    assert(thrd_sleep(&(struct timespec){.tv_sec = 1}, NULL) == 0);
    assert(thrd_equal(thrd_current(), thrd_current()));
    cnd_destroy(&is_ready);
    mtx_destroy(&lock);
    mtx_destroy(&again);
    tss_delete(own);
    return 0;
}
