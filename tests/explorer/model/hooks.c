/*
 * The compiler's calls at memory accesses: -fsanitize=thread puts them in, and
 * here, in place of the sanitizer's own runtime, they become steps.
 */
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/model/model.h"

#include <string.h>

/* --- Plain memory ----------------------------------------------------------*/

static void check_heap(const op *o)
{
    const block *b = memory_block(o->address);
    const char *what =
            o->kind == OP_READ || o->kind == OP_LOAD ? "reads" : "writes";
    const char *who = thread_name(run.self->id);
    if (b == NULL)
        fail_and_stop(EXPLORER_CRASH,
                "%s %s before the beginning of allocated memory", who, what);
    if (o->address + o->size > b->start + b->size)
        fail_and_stop(EXPLORER_CRASH,
                "%s %s beyond the end of the %zu bytes it allocated", who, what,
                b->size);
    if (b->freed_at != 0 && b->free_epoch > run.self->seen.at[b->freed_by])
        search_found_race(b->free_step, run.step - 1);
    if (b->freed_at != 0)
        fail_and_stop(EXPLORER_USE_AFTER_FREE, "%s %s memory that was freed",
                who, what);
}

/* Of another thread's own: is it still there? */
static void check_owner(const op *o, const thread *owner)
{
    bool is_local = local_has(&owner->fiber.locals, o->address);
    if (is_local && owner->state == ENDED)
        fail_and_stop(EXPLORER_USE_AFTER_FREE,
                "%s uses a _Thread_local variable of %s, which has ended",
                thread_name(run.self->id), thread_name(owner->id));
    if (is_local)
        return;
    bool is_gone = owner->state == ENDED ||
                   (owner->state == LIVE && owner->op != NULL &&
                           o->address < owner->op->frame);
    if (is_gone)
        fail_and_stop(EXPLORER_USE_AFTER_FREE,
                "%s uses a variable of %s after its function has ended",
                thread_name(run.self->id), thread_name(owner->id));
}

enum { MANY_READS = 10000 };

/* Atomics are there for others; and who reads one word of its stack again and
 * again, waits for another to change it. */
static bool is_own_business(const op *o)
{
    thread *t = run.self;
    if (run.is_late)
        end_endless(o->pc, o->frame);
    if (memory_is_shared(o->address, o->size) ||
            (o->kind >= OP_LOAD && o->kind <= OP_COMPARE))
        return false;
    if (o->kind != OP_READ || o->address != t->own_address) {
        t->own_address = o->address;
        t->own_reads = 0;
    } else if (++t->own_reads == MANY_READS) {
        memory_share(o->address, o->size);
    }
    return true;
}

/* The usual sizes by themselves: memcpy of a size that is not known to the
 * compiler would be a call. */
static uint64_t value_of(const op *o)
{
    uint64_t value = 0;
    uint32_t four;
    const void *at = (const void *)o->address;
    if (o->size == sizeof four) {
        memcpy(&four, at, sizeof four);
        return four;
    }
    if (o->size > sizeof value)
        return memory_hash(at, (const char *)at + o->size, 1);
    if (o->size == sizeof value)
        memcpy(&value, at, sizeof value);
    else
        memcpy(&value, at, o->size);
    return value;
}

static void note_value(const op *o)
{
    thread *t = run.self;
    uint64_t value = value_of(o);
    t->last_value = value;
    if (t->read_count > 0 && t->reads[t->read_count - 1].step == run.step - 1)
        t->reads[t->read_count - 1].value = value;
}

void memory_access(op *o)
{
    const thread *t = run.self, *owner = owner_of(o->address);
    /* What is a thread's own is its own business, until another looks at it:
     * then those words are known as shared, and the search begins again. */
    if (owner == t && is_own_business(o))
        return;
    if (owner != NULL && owner != t)
        memory_share(o->address, o->size);
    step(o);
    if (owner != NULL && owner != t)
        check_owner(o, owner);
    if (memory_is_heap(o->address))
        check_heap(o);
    if (o->kind != OP_READ && o->kind != OP_LOAD)
        memory_wrote(o->address, o->size);
    note_value(o);
}

void plain(op_kind kind, const volatile void *at, size_t size, uintptr_t pc,
        uintptr_t frame)
{
    if (run.self == NULL || size == 0)
        return;
    op o = {.kind = kind,
            .address = (uintptr_t)at,
            .size = size,
            .pc = pc,
            .frame = frame};
    memory_access(&o);
}

#define PLAIN(name, kind, size)                                                \
    void __tsan_##name(void *at);                                              \
    void __tsan_##name(void *at)                                               \
    {                                                                          \
        plain(kind, at, size, HERE, FRAME);                                    \
    }

#define PLAIN_OF_SIZE(n)                                                       \
    PLAIN(read##n, OP_READ, n)                                                 \
    PLAIN(write##n, OP_WRITE, n)                                               \
    PLAIN(unaligned_read##n, OP_READ, n)                                       \
    PLAIN(unaligned_write##n, OP_WRITE, n)                                     \
    PLAIN(volatile_read##n, OP_READ, n)                                        \
    PLAIN(volatile_write##n, OP_WRITE, n)                                      \
    PLAIN(unaligned_volatile_read##n, OP_READ, n)                              \
    PLAIN(unaligned_volatile_write##n, OP_WRITE, n)                            \
    void __tsan_read_write##n(void *at);                                       \
    void __tsan_read_write##n(void *at)                                        \
    {                                                                          \
        plain(OP_READ, at, n, HERE, FRAME);                                    \
        plain(OP_WRITE, at, n, HERE, FRAME);                                   \
    }

PLAIN_OF_SIZE(1)
PLAIN_OF_SIZE(2)
PLAIN_OF_SIZE(4)
PLAIN_OF_SIZE(8)
PLAIN_OF_SIZE(16)

void __tsan_read_range(void *at, unsigned long size);
void __tsan_read_range(void *at, unsigned long size)
{
    plain(OP_READ, at, size, HERE, FRAME);
}

void __tsan_write_range(void *at, unsigned long size);
void __tsan_write_range(void *at, unsigned long size)
{
    plain(OP_WRITE, at, size, HERE, FRAME);
}

/* --- Calls -----------------------------------------------------------------*/

void __tsan_init(void);
void __tsan_init(void)
{
}

void __tsan_func_entry(void *called_from);
void __tsan_func_entry(void *called_from)
{
    thread *t = run.self;
    if (t == NULL)
        return;
    if (run.is_late)
        end_endless((uintptr_t)called_from, FRAME);
    if (is_recording) {
        op o = {.kind = OP_BEGIN, .pc = HERE, .frame = FRAME};
        record_begin(t, (uintptr_t)called_from, &o);
    }
    if (t->depth++ < CALLS)
        t->calls[t->depth - 1] = (uintptr_t)called_from;
}

void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
    thread *t = run.self;
    if (t != NULL && t->depth > 0)
        t->depth--;
}

/* What a program tells the sanitizer about its own locks is not needed. */
void __tsan_mutex_pre_lock(void *mutex, unsigned flags);
void __tsan_mutex_pre_lock(void *mutex, unsigned flags)
{
    (void)mutex;
    (void)flags;
}

void __tsan_mutex_post_lock(void *mutex, unsigned flags, int depth);
void __tsan_mutex_post_lock(void *mutex, unsigned flags, int depth)
{
    (void)mutex;
    (void)flags;
    (void)depth;
}

/* --- Atomics ---------------------------------------------------------------*/

static void atomic_step(op *o)
{
    o->is_weak = o->order != __ATOMIC_SEQ_CST;
    if (run.self == NULL)
        return;
    if (o->kind == OP_STORE && o->order == __ATOMIC_ACQ_REL)
        o->order = __ATOMIC_RELEASE;
    memory_access(o);
    if (o->kind != OP_COMPARE)
        clock_atomic(run.self, o, o->kind != OP_STORE, o->kind != OP_LOAD);
}

/* Whether it found what it expected. Fails only if it must, weak or not. */
static bool compare_step(op *o, int failure_order, const void *expected)
{
    o->text = expected;
    o->kind = OP_COMPARE;
    atomic_step(o);
    bool found = memcmp((void *)o->address, expected, o->size) == 0;
    if (!found)
        o->order = failure_order;
    if (run.self != NULL) {
        clock_atomic(run.self, o, true, found);
        if (found)
            memory_changed(o);
    }
    return found;
}

__extension__ typedef unsigned __int128 u128;

#define ATOMIC(what, at_, size_, order_)                                       \
    {                                                                          \
        .kind = (what), .address = (uintptr_t)(at_), .size = (size_),          \
        .order = (order_), .pc = HERE, .frame = FRAME                          \
    }

#define UPDATE(bits, type, name, change)                                       \
    type __tsan_atomic##bits##_##name(                                         \
            volatile type *at, type value, int order);                         \
    type __tsan_atomic##bits##_##name(                                         \
            volatile type *at, type value, int order)                          \
    {                                                                          \
        op o = ATOMIC(OP_UPDATE, at, sizeof(type), order);                     \
        o.value = (uint64_t)value;                                             \
        atomic_step(&o);                                                       \
        type old = *at;                                                        \
        *at = (type)(change);                                                  \
        if (*at != old)                                                        \
            memory_changed(&o);                                                \
        return old;                                                            \
    }

/* A weak one may fail without a cause; here it does not. */
#define COMPARE(bits, type, strength)                                          \
    int __tsan_atomic##bits##_compare_exchange_##strength(volatile type *at,   \
            type *expected, type value, int order, int failure);               \
    int __tsan_atomic##bits##_compare_exchange_##strength(volatile type *at,   \
            type *expected, type value, int order, int failure)                \
    {                                                                          \
        op o = ATOMIC(OP_COMPARE, at, sizeof(type), order);                    \
        o.value = (uint64_t)value;                                             \
        if (compare_step(&o, failure, expected)) {                             \
            *at = value;                                                       \
            return 1;                                                          \
        }                                                                      \
        *expected = *at;                                                       \
        return 0;                                                              \
    }

#define ATOMICS(bits, type)                                                    \
    type __tsan_atomic##bits##_load(const volatile type *at, int order);       \
    type __tsan_atomic##bits##_load(const volatile type *at, int order)        \
    {                                                                          \
        op o = ATOMIC(OP_LOAD, at, sizeof(type), order);                       \
        atomic_step(&o);                                                       \
        return *at;                                                            \
    }                                                                          \
    void __tsan_atomic##bits##_store(                                          \
            volatile type *at, type value, int order);                         \
    void __tsan_atomic##bits##_store(volatile type *at, type value, int order) \
    {                                                                          \
        op o = ATOMIC(OP_STORE, at, sizeof(type), order);                      \
        o.value = (uint64_t)value;                                             \
        atomic_step(&o);                                                       \
        *at = value;                                                           \
    }                                                                          \
    UPDATE(bits, type, exchange, value)                                        \
    UPDATE(bits, type, fetch_add, old + value)                                 \
    UPDATE(bits, type, fetch_sub, old - value)                                 \
    UPDATE(bits, type, fetch_and, old &value)                                  \
    UPDATE(bits, type, fetch_or, old | value)                                  \
    UPDATE(bits, type, fetch_xor, old ^ value)                                 \
    UPDATE(bits, type, fetch_nand, ~(old & value))                             \
    COMPARE(bits, type, strong)                                                \
    COMPARE(bits, type, weak)                                                  \
    type __tsan_atomic##bits##_compare_exchange_val(volatile type *at,         \
            type expected, type value, int order, int failure);                \
    type __tsan_atomic##bits##_compare_exchange_val(volatile type *at,         \
            type expected, type value, int order, int failure)                 \
    {                                                                          \
        op o = ATOMIC(OP_COMPARE, at, sizeof(type), order);                    \
        o.value = (uint64_t)value;                                             \
        bool found = compare_step(&o, failure, &expected);                     \
        type old = *at;                                                        \
        if (found)                                                             \
            *at = value;                                                       \
        return old;                                                            \
    }

ATOMICS(8, uint8_t)
ATOMICS(16, uint16_t)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)
ATOMICS(128, u128)

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order)
{
    if (run.self != NULL)
        clock_fence(run.self, order);
}

void __tsan_atomic_signal_fence(int order);
void __tsan_atomic_signal_fence(int order)
{
    (void)order;
}

/* Atomics of other sizes: the compilers call libatomic by these names. */

void explored___atomic_load(size_t size, void *at, void *to, int order)
{
    op o = ATOMIC(OP_LOAD, at, size, order);
    atomic_step(&o);
    memcpy(to, at, size);
}

void explored___atomic_store(size_t size, void *at, void *from, int order)
{
    op o = ATOMIC(OP_STORE, at, size, order);
    atomic_step(&o);
    memcpy(at, from, size);
}

void explored___atomic_exchange(
        size_t size, void *at, void *from, void *to, int order)
{
    op o = ATOMIC(OP_UPDATE, at, size, order);
    atomic_step(&o);
    memcpy(to, at, size);
    memcpy(at, from, size);
    memory_changed(&o);
}

int explored___atomic_compare_exchange(size_t size, void *at, void *expected,
        void *value, int order, int failure)
{
    op o = ATOMIC(OP_COMPARE, at, size, order);
    if (compare_step(&o, failure, expected)) {
        memcpy(at, value, size);
        return 1;
    }
    memcpy(expected, at, size);
    return 0;
}
