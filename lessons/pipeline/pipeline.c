/*
 * All pictures arrive, all stages stop, and no queue outgrows its bound.
 *
 * Pictures are downloaded, resized and uploaded, with a queue between one stage
 * and the next. There are three promises, and each short cut breaks one of
 * them. Ask of each rung which one it is.
 */
#include <stdatomic.h>

#include "lessons/lesson.h"
#include "primitives/queue.h"

enum { BOUND = 1, MOST = 2 };

static char album[MOST];
static int pictures; /* of the album, to go through the pipeline */
static sync_queue raw, small;
static atomic_int arrived;

/*
 * The bug: polling, and a flag for the end.
 *
 * A stage finds its queue empty. Before it looks at the flag, the last picture
 * is put in and the flag is set. The stage sees the end and stops: not all
 * arrive. And while there is nothing to do, the stages keep asking.
 */
static atomic_bool loaded, resized; /* all of them */

static void *download(void *unused)
{
    for (int i = 0; i < pictures; i++)
        sync_queue_put(&raw, &album[i]);
    loaded = true;
    return unused;
}

static void *resize(void *unused)
{
    void *picture;
    for (;;)
        if (sync_queue_try_get(&raw, &picture) == 0)
            sync_queue_put(&small, picture);
        else if (loaded)
            break;
    resized = true;
    return unused;
}

static void *upload(void *unused)
{
    void *picture;
    for (;;)
        if (sync_queue_try_get(&small, &picture) == 0)
            arrived += 1;
        else if (resized)
            break;
    return unused;
}

void pipeline(void)
{
    pictures = 1;
    sync_queue_init_fifo(&raw, BOUND);
    sync_queue_init_fifo(&small, BOUND);
    lesson_run(download, resize, upload);
    lesson_check(arrived == pictures);
}

/*
 * Tempting: a marker for the end.
 *
 * Now each stage sleeps until something comes, and NULL means the end. The
 * uploads are slow, so there are two threads for them. One takes the marker and
 * stops. The other waits for ever: not all stop. (With a marker for each, every
 * stage must know how many threads the next one has.)
 */
static void *download_mark(void *unused)
{
    for (int i = 0; i < pictures; i++)
        sync_queue_put(&raw, &album[i]);
    sync_queue_put(&raw, NULL);
    return unused;
}

static void *resize_mark(void *unused)
{
    void *picture;
    do {
        sync_queue_get(&raw, &picture);
        sync_queue_put(&small, picture);
    } while (picture != NULL);
    return unused;
}

static void *upload_mark(void *unused)
{
    void *picture;
    while (sync_queue_get(&small, &picture) == 0 && picture != NULL)
        arrived += 1;
    return unused;
}

void pipeline_marked(void)
{
    pictures = 1;
    sync_queue_init_fifo(&raw, BOUND);
    sync_queue_init_fifo(&small, BOUND);
    lesson_run(download_mark, resize_mark, upload_mark, upload_mark);
    lesson_check(arrived == pictures);
}

/*
 * Tempting: queues that are closed, but have no bound.
 *
 * To close a queue tells all who get from it, however many there are. But the
 * download runs ahead as far as it likes, and the memory is not bounded.
 */
static void *download_close(void *unused)
{
    for (int i = 0; i < pictures; i++)
        sync_queue_put(&raw, &album[i]);
    lesson_check(sync_queue_size(&raw) <= BOUND);
    sync_queue_close(&raw);
    return unused;
}

static void *resize_close(void *unused)
{
    void *picture;
    while (sync_queue_get(&raw, &picture) == 0)
        sync_queue_put(&small, picture);
    sync_queue_close(&small);
    return unused;
}

static void *upload_close(void *unused)
{
    void *picture;
    while (sync_queue_get(&small, &picture) == 0)
        arrived += 1;
    return unused;
}

void pipeline_unbounded(void)
{
    pictures = 2;
    sync_queue_init_fifo(&raw, 0);
    sync_queue_init_fifo(&small, 0);
    lesson_run(download_close, resize_close, upload_close);
    lesson_check(arrived == pictures);
}

/*
 * The fix: queues with a bound, that are closed.
 *
 * Get waits while there is nothing, put waits while there is no place, so a
 * fast stage goes at the pace of a slow one. Close lets the stages take what is
 * left, and then the stages end one after the other.
 */
void pipeline_closed(void)
{
    pictures = 2;
    sync_queue_init_fifo(&raw, BOUND);
    sync_queue_init_fifo(&small, BOUND);
    lesson_run(download_close, resize_close, upload_close);
    lesson_check(arrived == pictures);
    sync_queue_destroy(&small);
    sync_queue_destroy(&raw);
}

/*
 * The fix: the same, with two threads that upload.
 *
 * Close reaches all who get from the queue, however many there are.
 */
void pipeline_shared(void)
{
    pictures = 1;
    sync_queue_init_fifo(&raw, BOUND);
    sync_queue_init_fifo(&small, BOUND);
    lesson_run(download_close, resize_close, upload_close, upload_close);
    lesson_check(arrived == pictures);
    sync_queue_destroy(&small);
    sync_queue_destroy(&raw);
}

/*
 * Rule: a bound for the memory, a blocking get for the work, close for the end.
 */
