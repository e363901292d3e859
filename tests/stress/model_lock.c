/*
 * The lock and the rlock: an owner, and how often it has acquired.
 *
 * is_held() is left out. Its header calls it a snapshot that orders nothing: it
 * may tell what was true before the call, and then no order explains it.
 * is_mine() and depth() are exact, and are here.
 */
#include <errno.h>
#include <stdio.h>

#include "primitives/lock.h"
#include "primitives/rlock.h"
#include "tests/stress/model.h"

enum { ACQUIRE = 1, RELEASE, IS_MINE, DEPTH = IS_MINE, DESTROY, VERBS };

static bool release(state *s, bool mine, result *r)
{
    if (!mine)
        r->error = EPERM;
    else if (--s->lock.depth == 0)
        s->lock.owner = 0;
    return true;
}

static bool take(state *s, int thread)
{
    s->lock.owner = thread;
    s->lock.depth++;
    return true;
}

static const call common_end[2] = {{.verb = DESTROY}};

/* --- Lock --- */

static bool lock_step(state *s, const call *c, result *r)
{
    bool mine = s->lock.owner == c->thread;
    *r = (result){0, 0};
    switch (c->verb) {
    case ACQUIRE:
        if (s->lock.owner == 0)
            return take(s, c->thread);
        if (mine && c->form != TRY) {
            r->error = EDEADLK;
            return true;
        }
        return unavailable(c, EBUSY, r);
    case RELEASE:
        return release(s, mine, r);
    case IS_MINE:
        r->value = mine;
        return true;
    default: /* DESTROY */
        r->error = s->lock.owner != 0 ? EBUSY : 0;
        return true;
    }
}

static sync_lock lock;

static int make_lock(const state *initial)
{
    (void)initial;
    return sync_lock_init(&lock);
}

static int acquire_lock(form f, const struct timespec *deadline)
{
    switch (f) {
    case TRY:
        return sync_lock_try_acquire(&lock);
    case UNTIL:
        return sync_lock_acquire_until(&lock, deadline);
    default:
        return sync_lock_acquire(&lock);
    }
}

static result perform_lock(const call *c, const struct timespec *deadline)
{
    switch (c->verb) {
    case ACQUIRE:
        return (result){.error = acquire_lock(c->form, deadline)};
    case RELEASE:
        return (result){.error = sync_lock_release(&lock)};
    case IS_MINE:
        return (result){.value = sync_lock_is_mine(&lock)};
    default:
        return (result){.error = sync_lock_destroy(&lock)};
    }
}

static const verb lock_verbs[VERBS] = {
        [ACQUIRE] = {.name = "acquire", .weight = 6, .forms = THREE_FORMS},
        [RELEASE] = {.name = "release", .weight = 5},
        [IS_MINE] = {.name = "is_mine", .weight = 1, .gives = true},
        [DESTROY] = {.name = "destroy"}};

const model lock_model = {"lock", .verbs = lock_verbs, .verb_count = VERBS,
        .own_end = {.verb = RELEASE, .until_it_fails = true},
        .common_end = common_end, .step = lock_step, .make = make_lock,
        .perform = perform_lock};

/* --- RLock --- */

static bool rlock_step(state *s, const call *c, result *r)
{
    bool mine = s->lock.owner == c->thread;
    *r = (result){0, 0};
    switch (c->verb) {
    case ACQUIRE:
        if (s->lock.owner == 0 || mine)
            return take(s, c->thread);
        return unavailable(c, EBUSY, r);
    case RELEASE:
        return release(s, mine, r);
    case DEPTH:
        r->value = mine ? s->lock.depth : 0;
        return true;
    default: /* DESTROY */
        r->error = s->lock.owner != 0 ? EBUSY : 0;
        return true;
    }
}

static sync_rlock rlock;

static int make_rlock(const state *initial)
{
    (void)initial;
    return sync_rlock_init(&rlock);
}

static int acquire_rlock(form f, const struct timespec *deadline)
{
    switch (f) {
    case TRY:
        return sync_rlock_try_acquire(&rlock);
    case UNTIL:
        return sync_rlock_acquire_until(&rlock, deadline);
    default:
        return sync_rlock_acquire(&rlock);
    }
}

static result perform_rlock(const call *c, const struct timespec *deadline)
{
    switch (c->verb) {
    case ACQUIRE:
        return (result){.error = acquire_rlock(c->form, deadline)};
    case RELEASE:
        return (result){.error = sync_rlock_release(&rlock)};
    case DEPTH:
        return (result){.value = (int)sync_rlock_depth(&rlock)};
    default:
        return (result){.error = sync_rlock_destroy(&rlock)};
    }
}

static const verb rlock_verbs[VERBS] = {
        [ACQUIRE] = {.name = "acquire", .weight = 6, .forms = THREE_FORMS},
        [RELEASE] = {.name = "release", .weight = 6},
        [DEPTH] = {.name = "depth", .weight = 1, .gives = true},
        [DESTROY] = {.name = "destroy"}};

const model rlock_model = {"rlock", .verbs = rlock_verbs, .verb_count = VERBS,
        .own_end = {.verb = RELEASE, .until_it_fails = true},
        .common_end = common_end, .step = rlock_step, .make = make_rlock,
        .perform = perform_rlock};
