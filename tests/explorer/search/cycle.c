#include "tests/explorer/search/cycle.h"
#include "tests/explorer/memory/clocks.h"
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/search/search.h"

#include <stdlib.h>
#include <string.h>

bool cycle_is_possible;
uint32_t cycle_begins;
set cycle_moves;

typedef struct moment {
    uint64_t state;
    set enabled;
    uint32_t run;
} moment;

static moment *moments; /* of this run, by step */

enum { LONGEST = 2000 }; /* steps of a round */

void cycle_reserve(uint32_t steps)
{
    static size_t room;
    moments = reserve(moments, &room, steps, sizeof *moments);
}

static uint64_t mix(uint64_t sum, uint64_t value)
{
    sum = (sum ^ value) * 0x9e3779b97f4a7c15u;
    return sum ^ sum >> 29;
}

/* Where a thread is. Its registers are on the stack, or what it read last. */
static uint64_t state_of(const thread *t, uint64_t sum)
{
    const op *o = t->op;
    if (t->state != LIVE || o == NULL)
        return mix(sum, (uint64_t)t->state);
    sum = mix(sum, (uint64_t)o->kind << 32 | (uint64_t)t->state);
    sum = mix(sum, o->pc);
    sum = mix(sum, o->address);
    sum = mix(sum, t->last_value);
    sum = mix(sum, t->rand);
    sum = mix(sum, (uint64_t)t->spurious << 32 | (uint64_t)t->timeouts);
    if (o->deadline != NEVER)
        sum = mix(sum, (uint64_t)(o->deadline - run.now));
    return own_state(t, sum);
}

static bool look_at_state(uint64_t *state)
{
    uint64_t sum;
    if (!memory_state(&sum))
        return false;
    for (int i = 0; i < run.threads; i++)
        if (threads[i].state != ABSENT)
            sum = state_of(&threads[i], mix(sum, (uint64_t)i));
    *state = sum;
    return true;
}

/* Whether the moment was noted in this run, or in one that began alike. */
static bool is_of_this_run(uint32_t i)
{
    return moments[i].run == run.number ||
           (search_is_proving() && i < seek.prefix &&
                   moments[i].run >= nodes[i].run);
}

static bool is_fair(uint32_t from, set enabled)
{
    set always = enabled, moves = 0;
    for (uint32_t i = from; i < run.step; i++) {
        if (!is_of_this_run(i))
            return false;
        always &= moments[i].enabled;
        moves |= ONE(past[i].thread);
    }
    if (always & ~moves)
        return false;
    cycle_begins = from;
    cycle_moves = moves;
    return true;
}

round_kind cycle_look(set enabled)
{
    uint64_t state;
    moments[run.step].run = 0;
    if (!look_at_state(&state))
        return NO_ROUND;
    moments[run.step] = (moment){state, enabled, run.number};
    uint32_t first = run.step > LONGEST ? run.step - LONGEST : 0;
    for (uint32_t i = run.step; i-- > first;)
        if (moments[i].state == state && is_of_this_run(i))
            return is_fair(i, enabled) ? FAIR_ROUND : UNFAIR_ROUND;
    return NO_ROUND;
}

/* --- All states that were seen ---------------------------------------------*/

static uint64_t *seen; /* 0: free place */
static size_t seen_size, seen_used;

static bool add(uint64_t state)
{
    size_t i = (size_t)(state >> 20) & (seen_size - 1);
    while (seen[i] != 0 && seen[i] != state)
        i = (i + 1) & (seen_size - 1);
    if (seen[i] == state)
        return false;
    seen[i] = state;
    return true;
}

bool cycle_was_seen(void)
{
    if (moments[run.step].run != run.number)
        return false;
    if (2 * (seen_used + 1) > seen_size) {
        uint64_t *old = seen;
        size_t old_size = seen_size;
        seen_size = old_size == 0 ? 1024 : 2 * old_size;
        seen = zeroes(seen_size, sizeof *seen);
        for (size_t i = 0; i < old_size; i++)
            if (old[i] != 0)
                add(old[i]);
        free(old);
    }
    if (!add(moments[run.step].state | 1))
        return true;
    seen_used++;
    return false;
}

void cycle_forget(void)
{
    if (seen_size > 0)
        memset(seen, 0, seen_size * sizeof *seen);
    seen_used = 0;
}
