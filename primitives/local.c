/*
 * A pthread key, and a list of all copies, for destroy() to free.
 *
 * A key finds the calling thread's value without a lock. The list is needed
 * because deleting a key frees nothing: the destructors of threads that still
 * live do not run any more.
 */
#include "primitives/local.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "primitives/deadline.h"
#include "primitives/must.h"

typedef struct sync_local_copy {
    sync_local *local;
    struct sync_local_copy *next, **link; /* `link` is what points here */
    max_align_t data[]; /* so that it is aligned for any type */
} sync_local_copy;

static void link_in(sync_local *local, sync_local_copy *copy)
{
    copy->local = local;
    MUST(pthread_mutex_lock(&local->mutex));
    copy->next = local->copies;
    copy->link = &local->copies;
    if (copy->next != NULL)
        copy->next->link = &copy->next;
    local->copies = copy;
    MUST(pthread_mutex_unlock(&local->mutex));
}

static void unlink_from(sync_local *local, sync_local_copy *copy)
{
    MUST(pthread_mutex_lock(&local->mutex));
    *copy->link = copy->next;
    if (copy->next != NULL)
        copy->next->link = copy->link;
    MUST(pthread_mutex_unlock(&local->mutex));
}

static void clean_and_free(sync_local *local, sync_local_copy *copy)
{
    if (local->cleanup != NULL)
        local->cleanup(copy->data);
    free(copy);
}

/* The thread ends. It has no value for the key any more, so if the cleanup asks
 * for a copy it gets a new one, and the system calls here again. */
static void thread_ends(void *value)
{
    sync_local_copy *copy = value;
    sync_local *local = copy->local;
    unlink_from(local, copy);
    clean_and_free(local, copy);
}

int sync_local_init(sync_local *local, size_t size, void (*cleanup)(void *))
{
    *local = (sync_local){.size = size, .cleanup = cleanup};
    int error = pthread_mutex_init(&local->mutex, NULL);
    if (error != 0)
        return error;
    error = pthread_key_create(&local->key, thread_ends);
    if (error != 0)
        sync_mutex_destroy(&local->mutex);
    return error;
}

int sync_local_destroy(sync_local *local)
{
    MUST(pthread_key_delete(local->key));
    for (sync_local_copy *copy = local->copies, *next; copy != NULL;
            copy = next) {
        next = copy->next;
        clean_and_free(local, copy);
    }
    sync_mutex_destroy(&local->mutex);
    return 0;
}

static sync_local_copy *make_copy(sync_local *local)
{
    if (local->size > SIZE_MAX - sizeof(sync_local_copy))
        return NULL;
    sync_local_copy *copy = calloc(1, sizeof(*copy) + local->size);
    if (copy == NULL)
        return NULL;
    if (pthread_setspecific(local->key, copy) != 0) {
        free(copy);
        return NULL;
    }
    link_in(local, copy);
    return copy;
}

void *sync_local_get(sync_local *local)
{
    sync_local_copy *copy = pthread_getspecific(local->key);
    if (copy == NULL)
        copy = make_copy(local);
    return copy != NULL ? copy->data : NULL;
}

int sync_local_reset(sync_local *local)
{
    sync_local_copy *copy = pthread_getspecific(local->key);
    if (copy == NULL)
        return 0;
    if (local->cleanup != NULL)
        local->cleanup(copy->data);
    memset(copy->data, 0, local->size);
    return 0;
}
