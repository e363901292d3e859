/*
 * The heap: what is freed is not given out again in the same run.
 */
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void *allocate(size_t size, size_t alignment, uintptr_t pc)
{
    void *memory = memory_allocate(run.self, size, alignment, pc);
    if (memory == NULL)
        run.self->error = ENOMEM;
    return memory;
}

void *explored_malloc(size_t size)
{
    return allocate(size, 16, HERE);
}

void *explored_calloc(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        run.self->error = ENOMEM;
        return NULL;
    }
    void *memory = allocate(total, 16, HERE);
    if (memory != NULL)
        memset(memory, 0, total);
    return memory;
}

void *explored_aligned_alloc(size_t alignment, size_t size)
{
    return allocate(size, alignment, HERE);
}

void *explored_memalign(size_t alignment, size_t size)
{
    return allocate(size, alignment, HERE);
}

int explored_posix_memalign(void **to, size_t alignment, size_t size)
{
    void *memory = memory_allocate(run.self, size, alignment, HERE);
    if (memory == NULL)
        return ENOMEM;
    *to = memory;
    return 0;
}

static void free_block(op *o)
{
    const char *who = thread_name(run.self->id);
    block *b = memory_block(o->address);
    if (b == NULL || b->start != o->address) {
        o->kind = OP_CHECK;
        step(o);
        fail_and_stop(EXPLORER_MISUSE, "%s frees what was not allocated", who);
    }
    o->size = b->size;
    if (b->freed_at != 0)
        o->kind = OP_WRITE; /* touches the block that is gone */
    step(o);
    b = memory_block(o->address);
    if (b->freed_at != 0)
        fail_and_stop(EXPLORER_USE_AFTER_FREE,
                "%s frees memory that was freed before", who);
    b->freed_at = o->pc;
    b->free_step = run.step - 1;
    b->freed_by = (uint8_t)run.self->id;
    b->free_epoch = run.self->seen.at[run.self->id];
}

void explored_free(void *memory)
{
    op o = CALL(OP_FREE, memory);
    if (memory != NULL)
        free_block(&o);
}

void *resize(op *o, size_t size)
{
    void *bigger = allocate(size, 16, o->pc);
    if (bigger == NULL || o->address == 0)
        return bigger;
    const block *b = memory_block(o->address);
    if (b != NULL && b->start == o->address)
        memcpy(bigger, (void *)o->address, b->size < size ? b->size : size);
    free_block(o);
    return bigger;
}

void *explored_realloc(void *memory, size_t size)
{
    op o = CALL(OP_FREE, memory);
    return resize(&o, size);
}

void *explored_reallocarray(void *memory, size_t count, size_t size)
{
    op o = CALL(OP_FREE, memory);
    size_t total;
    if (!__builtin_mul_overflow(count, size, &total))
        return resize(&o, total);
    run.self->error = ENOMEM;
    return NULL;
}
