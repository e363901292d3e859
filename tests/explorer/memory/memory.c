#include "tests/explorer/memory/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* The program's data: the Makefile names its sections so. */
extern char __start_explored_data[] __attribute__((weak));
extern char __stop_explored_data[] __attribute__((weak));
extern char __start_explored_bss[] __attribute__((weak));
extern char __stop_explored_bss[] __attribute__((weak));

enum { PAGE = 4096, SMALL = 32 * 1024 };

typedef struct area {
    char *from, *to;
    char *copy;           /* as it was at the start; NULL: all zeroes */
    unsigned char *dirty; /* pages; NULL: all is restored every time */
} area;

static area areas[2];

static void save(area *a, char *from, char *to) /* NOLINT: both written */
{
    size_t size = (size_t)(to - from);
    *a = (area){from, to, NULL, NULL};
    if (size == 0)
        return;
    a->copy = zeroes(size, 1);
    memcpy(a->copy, from, size);
    if (size > SMALL)
        a->dirty = zeroes(size / PAGE + 1, 1);
}

void memory_save(void)
{
    static bool is_saved;
    if (is_saved)
        return;
    is_saved = true;
    save(&areas[0], __start_explored_data, __stop_explored_data);
    save(&areas[1], __start_explored_bss, __stop_explored_bss);
}

void memory_wrote(uintptr_t address, size_t size)
{
    for (int i = 0; i < 2; i++) {
        uintptr_t from = (uintptr_t)areas[i].from;
        if (areas[i].dirty == NULL || address < from ||
                address >= (uintptr_t)areas[i].to)
            continue;
        for (size_t page = (address - from) / PAGE;
                page <= (address + size - 1 - from) / PAGE; page++)
            areas[i].dirty[page] = 1;
    }
}

void memory_wrote_anywhere(void)
{
    for (int i = 0; i < 2; i++)
        if (areas[i].dirty != NULL)
            memset(areas[i].dirty, 1,
                    (size_t)(areas[i].to - areas[i].from) / PAGE + 1);
}

bool memory_is_variable(uintptr_t address)
{
    for (int i = 0; i < 2; i++)
        if (address >= (uintptr_t)areas[i].from &&
                address < (uintptr_t)areas[i].to)
            return true;
    return memory_is_heap(address) || owner_of(address) != NULL ||
           name_hidden(address) != NULL;
}

static void restore(area *a)
{
    size_t size = (size_t)(a->to - a->from);
    if (size == 0)
        return;
    if (a->dirty == NULL) {
        memcpy(a->from, a->copy, size);
        return;
    }
    for (size_t page = 0; page <= size / PAGE; page++) {
        if (!a->dirty[page])
            continue;
        size_t at = page * PAGE;
        memcpy(a->from + at, a->copy + at, size - at < PAGE ? size - at : PAGE);
        a->dirty[page] = 0;
    }
}

/* --- Shared words of stacks ------------------------------------------------*/

typedef struct shared_word {
    uintptr_t address;    /* 0: free place */
    uint32_t first, last; /* runs in which another thread used it */
} shared_word;

static shared_word *shared;
static size_t shared_size, shared_used;
static bool shares_more;

static size_t place_of(uintptr_t word)
{
    size_t i = (size_t)(word * 0x9e3779b97f4a7c15u >> 32) & (shared_size - 1);
    while (shared[i].address != 0 && shared[i].address != word)
        i = (i + 1) & (shared_size - 1);
    return i;
}

/* The words of this table again, in one that is large enough. */
static void fill_again(
        shared_word *old, size_t old_size, uint32_t since, uint32_t until)
{
    shared = zeroes(shared_size, sizeof *shared);
    shared_used = 0;
    for (size_t i = 0; i < old_size; i++)
        if (old[i].address != 0 && old[i].last >= since &&
                old[i].first < until) {
            shared[place_of(old[i].address)] = old[i];
            shared_used++;
        }
    free(old);
}

static void share_word(uintptr_t word)
{
    if (2 * (shared_used + 1) > shared_size) {
        size_t old_size = shared_size;
        shared_size = old_size == 0 ? 64 : 2 * old_size;
        fill_again(shared, old_size, 0, UINT32_MAX);
    }
    size_t i = place_of(word);
    if (shared[i].address == 0) {
        shared_used++;
        shares_more = true;
        shared[i] = (shared_word){word, run.number, run.number};
    }
    shared[i].last = run.number;
}

void memory_share(uintptr_t address, size_t size)
{
    for (uintptr_t word = address & ~(uintptr_t)7; word < address + size;
            word += 8)
        share_word(word);
}

bool memory_is_shared(uintptr_t address, size_t size)
{
    if (shared_used == 0)
        return false;
    for (uintptr_t word = address & ~(uintptr_t)7; word < address + size;
            word += 8)
        if (shared[place_of(word)].address == word)
            return true;
    return false;
}

uintptr_t memory_next_shared(uintptr_t word)
{
    uintptr_t next = 0;
    for (size_t i = 0; i < shared_size; i++)
        if (shared[i].address > word && (next == 0 || shared[i].address < next))
            next = shared[i].address;
    return next;
}

bool memory_shares_more(void)
{
    bool more = shares_more;
    shares_more = false;
    return more;
}

void memory_share_only(uint32_t since, uint32_t until)
{
    if (shared_size > 0)
        fill_again(shared, shared_size, since, until);
    shares_more = false;
}

/* --- The heap: an arena a thread, so that addresses depend on what the thread
 * itself did, and not on the order of threads ---------------------------- */

#define HEAP  ((uintptr_t)0x200000000000)
#define ARENA ((uintptr_t)1 << 30)

enum { GAP = 16, FILL = 0xa5, FILLED = 1 << 16 };

typedef struct arena {
    uintptr_t next, used;
    block *blocks;
    size_t count, room;
    bool is_mapped;
} arena;

static uint32_t blocks_made; /* in this run */
static arena arenas[MAX_THREADS];
static int arenas_used;

bool memory_is_heap(uintptr_t address)
{
    return address >= HEAP && address < HEAP + MAX_THREADS * ARENA;
}

void memory_restore(void)
{
    blocks_made = 0;
    restore(&areas[0]);
    restore(&areas[1]);
    for (int i = 0; i < arenas_used; i++) {
        arena *a = &arenas[i];
        uintptr_t start = HEAP + (uintptr_t)i * ARENA;
        if (a->is_mapped && a->next - start > (16 << 20))
            madvise((void *)start, a->next - start, MADV_DONTNEED);
        a->next = start;
        a->count = 0;
    }
}

void *memory_allocate(
        const thread *t, size_t size, size_t alignment, uintptr_t pc)
{
    arena *a = &arenas[t->id];
    uintptr_t start = HEAP + (uintptr_t)t->id * ARENA;
    if (!a->is_mapped) {
        void *got = mmap((void *)start, ARENA, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
        if (got == MAP_FAILED)
            refuse("no memory for the program's heap");
        a->is_mapped = true;
        a->next = start;
        if (arenas_used <= t->id) {
            for (int i = arenas_used; i < t->id; i++)
                arenas[i].next = HEAP + (uintptr_t)i * ARENA;
            arenas_used = t->id + 1;
        }
    }
    if (alignment < 16)
        alignment = 16;
    uintptr_t at = (a->next + GAP + alignment - 1) & ~(alignment - 1);
    if (size > start + ARENA - at)
        return NULL;
    a->next = at + size;
    if (a->count == a->room) {
        a->blocks = grow(a->blocks, &a->room, sizeof *a->blocks);
    }
    a->blocks[a->count++] = (block){.start = at,
            .size = size,
            .made_at = pc,
            .order = blocks_made++,
            .made_by = (uint8_t)t->id};
    memset((void *)at, FILL, size < FILLED ? size : FILLED);
    return (void *)at;
}

block *memory_block(uintptr_t address)
{
    if (!memory_is_heap(address))
        return NULL;
    const arena *a = &arenas[(address - HEAP) / ARENA];
    size_t low = 0, high = a->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (a->blocks[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NULL : &a->blocks[low - 1];
}

const block *memory_next_block(const block *b)
{
    int i = 0;
    if (b != NULL) {
        i = (int)((b->start - HEAP) / ARENA);
        if (b + 1 < arenas[i].blocks + arenas[i].count)
            return b + 1;
        i++;
    }
    while (i < arenas_used && arenas[i].count == 0)
        i++;
    return i < arenas_used ? arenas[i].blocks : NULL;
}

/* --- Leaks: what cannot be reached, as a conservative collector sees it ----*/

static block **to_scan;
static size_t scan_count, scan_room;

static void scan(uintptr_t from, uintptr_t to)
{
    from = (from + 7) & ~(uintptr_t)7;
    for (; from + 8 <= to; from += 8) {
        block *b = memory_block(*(uintptr_t *)from);
        if (b == NULL || b->reached || b->freed_at != 0 ||
                *(uintptr_t *)from > b->start + b->size)
            continue;
        b->reached = true;
        if (scan_count == scan_room) {
            to_scan = grow(to_scan, &scan_room, sizeof(block *));
        }
        to_scan[scan_count++] = b;
    }
}

static void scan_own(const thread *t)
{
    uintptr_t locals = (uintptr_t)t->fiber.locals.from;
    scan(t->op->frame, (uintptr_t)t->fiber.top);
    scan((uintptr_t)t->keys, (uintptr_t)(t->keys + KEYS));
    scan(locals, locals + local_size);
}

static bool has_live_blocks(void)
{
    for (int i = 0; i < arenas_used; i++)
        for (size_t k = 0; k < arenas[i].count; k++)
            if (arenas[i].blocks[k].freed_at == 0)
                return true;
    return false;
}

const block *memory_leak(void)
{
    if (!has_live_blocks())
        return NULL;
    scan_count = 0;
    for (int i = 0; i < 2; i++)
        scan((uintptr_t)areas[i].from, (uintptr_t)areas[i].to);
    for (int i = 0; i < run.threads; i++) {
        const thread *t = &threads[i];
        if ((t->state == LIVE || t->state == STOPPED) && t->op != NULL)
            scan_own(t);
        if (t->state == ENDED && !t->joined)
            scan((uintptr_t)&t->result, (uintptr_t)(&t->result + 1));
    }
    while (scan_count > 0) {
        const block *b = to_scan[--scan_count];
        scan(b->start, b->start + b->size);
    }
    for (int i = 0; i < arenas_used; i++)
        for (size_t k = 0; k < arenas[i].count; k++)
            if (arenas[i].blocks[k].freed_at == 0 &&
                    !arenas[i].blocks[k].reached)
                return &arenas[i].blocks[k];
    return NULL;
}

/* --- State ------------------------------------------------------------------*/

uint64_t memory_hash(const void *from, const void *to, uint64_t seed)
{
    const uint64_t *at = from;
    uint64_t sum = seed;
    for (size_t words = (size_t)((const char *)to - (const char *)from) / 8;
            words > 0; words--, at++) {
        sum = (sum ^ *at) * 0x9e3779b97f4a7c15u;
        sum ^= sum >> 32;
    }
    return sum;
}

enum { MOST_STATE = 1 << 18 };

/* Of a large area only the pages that were written: the others are as they were
 * at the start. */
static uint64_t state_of_area(const area *a, uint64_t sum, size_t *seen)
{
    size_t size = (size_t)(a->to - a->from);
    for (size_t at = 0; at < size; at += PAGE) {
        size_t length = size - at < PAGE ? size - at : PAGE;
        if (a->dirty != NULL && !a->dirty[at / PAGE])
            continue;
        *seen += length;
        sum = memory_hash(a->from + at, a->from + at + length, sum + at);
        for (size_t rest = length - length % 8; rest < length; rest++)
            sum = sum * 31 + (unsigned char)a->from[at + rest];
    }
    return sum;
}

bool memory_state(uint64_t *state)
{
    uint64_t sum = 1;
    size_t seen = 0;
    for (int i = 0; i < 2; i++)
        if (areas[i].from != areas[i].to)
            sum = state_of_area(&areas[i], sum, &seen);
    for (const block *b = NULL; (b = memory_next_block(b)) != NULL;) {
        if (b->freed_at != 0)
            continue;
        seen += b->size;
        if (seen > MOST_STATE)
            return false;
        sum = memory_hash(
                (void *)b->start, (char *)b->start + b->size, sum + b->start);
    }
    *state = sum;
    return seen <= MOST_STATE;
}
