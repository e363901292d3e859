/*
 * A hash table. The places lie one behind the other as they came; `slots` says
 * where, by open addressing. To clear it is to begin a new generation: slots of
 * an older one count as empty.
 *
 * It grows, since without it a search would go through each order by itself,
 * and there are more of those than any machine has time for.
 */
#include "tests/stress/visited.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "primitives/must.h"

enum { FIRST_SLOTS = 1 << 13 };

/* The state is kept as words, to be hashed and compared. */
enum { WORDS = sizeof(state) / sizeof(uint64_t) };
_Static_assert(sizeof(state) % sizeof(uint64_t) == 0, "they hold all of it");

typedef struct place {
    uint64_t done;
    uint64_t words[WORDS];
} place;

typedef struct slot {
    unsigned generation;
    unsigned at; /* in `places` */
} slot;

static slot *slots;
static size_t slot_count; /* a power of two, and twice as many as places */
static place *places;
static unsigned place_count;
static unsigned generation;

static size_t hash(const place *p)
{
    static const uint64_t odd = 0x9e3779b97f4a7c15u;
    uint64_t sum = p->done * odd;
    for (int i = 0; i < WORDS; i++)
        sum = (sum << 5 | sum >> 59) ^ p->words[i] * odd;
    return (size_t)(sum * odd >> 32);
}

/* The slot of that place, or the empty one where it belongs. */
static slot *find(const place *p)
{
    size_t i = hash(p) % slot_count;
    while (slots[i].generation == generation &&
            memcmp(&places[slots[i].at], p, sizeof *p) != 0)
        i = (i + 1) % slot_count;
    return &slots[i];
}

static void grow(void)
{
    slot_count = slot_count == 0 ? FIRST_SLOTS : 2 * slot_count;
    free(slots);
    slots = calloc(slot_count, sizeof slots[0]);
    place *moved = realloc(places, slot_count / 2 * sizeof places[0]);
    MUST(slots == NULL || moved == NULL ? ENOMEM : 0);
    places = moved;
    for (unsigned i = 0; i < place_count; i++)
        *find(&places[i]) = (slot){generation, i};
}

void visited_clear(void)
{
    generation++;
    place_count = 0;
}

bool visited_add(uint64_t done, const state *s)
{
    place p = {.done = done};
    memcpy(p.words, s, sizeof *s);
    if (2 * (size_t)place_count == slot_count)
        grow();
    slot *found = find(&p);
    if (found->generation == generation)
        return false;
    places[place_count] = p;
    *found = (slot){generation, place_count++};
    return true;
}
