/*
 * Runs at random, for programs that are too large to exhaust. Run i depends on
 * the seed, on i, and on what the runs before it taught: the places of data
 * races, where it switches as well, and how long runs are.
 *
 * Plain: at each place where find could switch, all who could go on are equally
 * likely. With a depth d, by probabilistic concurrency testing (Burckhardt,
 * Kothari, Musuvathi, Nagarakatte: "A randomized scheduler with probabilistic
 * guarantees of finding bugs", ASPLOS 2010): threads have random priorities, the
 * highest that can go on does, and at d - 1 random steps the one that runs
 * becomes the lowest. A bug that d orderings of steps bring about is found by a
 * run of n threads and k steps with a probability of at least 1/(n k^(d-1)).
 */
#include "tests/explorer/search/search.h"
#include "tests/explorer/search/cycle.h"

enum {
    MOST_EXECUTIONS = 10000,
    ONE_IN = 8,            /* turns by time or chance, where there are some */
    MOST_IN_A_ROW = 10000, /* steps of one thread, while others could go on */
};

/* --- Random numbers: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) ----------*/

static uint64_t state;

static uint64_t next_number(void)
{
    state += 0x9e3779b97f4a7c15u;
    uint64_t z = state;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static uint32_t below(uint32_t n)
{
    return (uint32_t)((next_number() >> 32) * n >> 32);
}

/* --- This run --------------------------------------------------------------*/

/* Half of the runs have no early time-outs and no wakeups without a cause:
 * those must be possible, but most bugs need none. */
static bool is_calm;
static bool is_early; /* for time and chance, at this choice */
static uint32_t choices;

/* Most threads are about to do what is quick to tell. */
static bool can_just_go_on(const thread *t)
{
    const op *o = t->op;
    if (t->spins || o->is_timed || o->deadline != NEVER)
        return false;
    if (o->kind == OP_LOCK)
        return ((const mutex *)o->address)->owner == 0;
    if (o->kind == OP_JOIN)
        return threads[o->value].state == ENDED;
    return is_never_asked(o->kind);
}

/* In one of the ways that there are. */
static thread *go_on(thread *t)
{
    if (can_just_go_on(t))
        return take(t->id, WAY_DONE);
    int n = ways(t);
    return take(t->id, way_of(t, n > 1 ? (int)below((uint32_t)n) : 0));
}

/* Whether it can go on, and without help of time or chance. */
static bool is_eager(thread *t)
{
    return t->state == LIVE &&
           (can_just_go_on(t) || (ways(t) > 0 && !is_reluctant(t)));
}

static thread *any_of(set candidates)
{
    for (uint32_t n = below((uint32_t)count_of(candidates)); n > 0; n--)
        candidates &= candidates - 1;
    return &threads[first_of(candidates)];
}

static thread *choose_plainly(set eager, set reluctant)
{
    bool has_luck = is_early && reluctant != 0;
    return any_of(eager == 0 || has_luck ? reluctant : eager);
}

/* The same, as long as it is likely that the first one who is asked can go on. */
static thread *ask_around(void)
{
    for (int tries = 2 * run.threads; tries > 0; tries--) {
        thread *t = &threads[below((uint32_t)run.threads)];
        if (is_eager(t))
            return t;
    }
    return NULL;
}

/* --- By priorities ---------------------------------------------------------*/

/* What time or chance does to a thread is a thread of its own, with its own
 * priority: then it comes early in one run and late in another. */
enum { OF_CHANCE = MAX_THREADS, DRAWN = 1 << 16 };

static int64_t priority[2 * MAX_THREADS];
static int drawn;      /* of so many threads */
static int64_t lowest; /* that was given so far */
static uint32_t change_points[EXPLORER_MOST_DEPTH];
static uint32_t longest; /* run so far, in choices */
static int last;         /* who was chosen */
static uint32_t in_a_row;

static void begin_priorities(void)
{
    drawn = 0;
    lowest = 0;
    last = -1;
    for (unsigned i = 0; i + 1 < options.depth; i++)
        change_points[i] = 1 + below(longest == 0 ? 1 : longest);
}

static void draw_priorities(void)
{
    for (; drawn < run.threads; drawn++) {
        priority[drawn] = DRAWN + (int64_t)(next_number() >> 2);
        priority[drawn + OF_CHANCE] = DRAWN + (int64_t)(next_number() >> 2);
    }
}

static int highest(set eager, set reluctant)
{
    int best = -1;
    for (; eager != 0; eager &= eager - 1) {
        int i = first_of(eager);
        if (best < 0 || priority[i] > priority[best])
            best = i;
    }
    for (; reluctant != 0; reluctant &= reluctant - 1) {
        int i = first_of(reluctant) + OF_CHANCE;
        if (best < 0 || priority[i] > priority[best])
            best = i;
    }
    return best;
}

/* Who yields lets all others go first, and so does, in the end, who runs on and
 * on: it may be waiting for them in a way that cannot be seen. */
static void be_fair(int who)
{
    in_a_row = who == last ? in_a_row + 1 : 0;
    last = who;
    bool yields = who < OF_CHANCE && threads[who].op->kind == OP_YIELD;
    if (!yields && in_a_row < MOST_IN_A_ROW)
        return;
    priority[who] = --lowest;
    in_a_row = 0;
}

static thread *choose_by_priority(set eager, set reluctant)
{
    draw_priorities();
    int who = highest(eager, reluctant);
    for (unsigned i = 0; i + 1 < options.depth; i++)
        if (change_points[i] == choices) {
            priority[who] = (int64_t)i + 1;
            who = highest(eager, reluctant);
        }
    be_fair(who);
    return &threads[who % OF_CHANCE];
}

/* NULL: all must be asked. */
thread *choose_quickly(void)
{
    run.is_stuck = false;
    choices++;
    is_early = !is_calm && below(ONE_IN) == 0;
    if (options.depth > 0 || is_early || cycle_is_possible)
        return NULL;
    thread *t = ask_around();
    return t == NULL ? NULL : go_on(t);
}

thread *choose_at_random(set enabled, set chance)
{
    set late = reluctant_of(enabled);
    set eager = enabled & ~late;
    set reluctant = is_calm && eager != 0 ? 0 : is_calm ? late : late | chance;
    thread *t = options.depth > 0 ? choose_by_priority(eager, reluctant)
                                  : choose_plainly(eager, reluctant);
    return go_on(t);
}

/* --- One after the other ---------------------------------------------------*/

static void run_number(scenario_body *scenario, unsigned long i)
{
    state = options.seed;
    state = next_number() + i;
    state = next_number();
    choices = 0;
    is_calm = next_number() & 1;
    begin_priorities();
    cycle_is_possible = false;
    one_run(scenario);
}

/* What this run says about those that follow. */
static bool was_longest(void)
{
    if (options.depth == 0 || seek.was_too_long || choices <= longest)
        return false;
    longest = choices;
    return true;
}

bool random_run_teaches(scenario_body *scenario, unsigned long i)
{
    search_state before = seek;
    bool had_race = result->has_race, was_weak = result->is_weak;
    has_new_racy_place();
    run_number(scenario, i);
    if (seek.shares_more)
        return true;
    count_run();
    return was_longest() || has_new_racy_place() || run.is_endless ||
           result->has_race != had_race || result->is_weak != was_weak ||
           seek.best != before.best || seek.best_steps != before.best_steps ||
           seek.was_any_too_long != before.was_any_too_long ||
           seek.was_any_round != before.was_any_round || seek.is_out_of_time;
}

static bool is_over(void)
{
    return has_seen_enough() || is_over_limit(options.max_executions);
}

/* After so many runs it is over, if they teach nothing. */
static unsigned long last_run(void)
{
    unsigned long last = options.max_executions;
    if (seek.race_found_at != 0 && seek.race_found_at + PAST_RACE + 1 < last)
        last = seek.race_found_at + PAST_RACE + 1;
    return last;
}

static void runs(scenario_body *scenario)
{
    longest = 0;
    do {
        random_run_teaches(scenario, runs_so_far());
        if (seek.shares_more)
            return;
        if (options.jobs > 1 && !is_over())
            jobs_run(scenario, runs_so_far(), last_run());
    } while (!is_over());
}

void search_at_random(scenario_body *scenario)
{
    if (options.max_executions == 0)
        options.max_executions = MOST_EXECUTIONS;
    share_by_default(scenario);
    do {
        begin_again();
        runs(scenario);
    } while (seek.shares_more);
}
