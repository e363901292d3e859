/* expect: verdict=check says=13 ring begins */
/* expect: verdict=check says=timer.cancel = EALREADY */
#include <assert.h>
#include <stdatomic.h>
#include <stddef.h>

#include "primitives/timer.h"

static sync_timer timer;
static atomic_bool is_quiet;

/* That it has begun is told, though it has done nothing yet. */
static void ring(void *unused)
{
    (void)unused;
    assert(!is_quiet);
}

int main(void)
{
    sync_timer_init(&timer, ring, NULL);
    sync_timer_start(&timer, 1);
    if (sync_timer_cancel(&timer) != 0)
        is_quiet = true;
    sync_timer_join(&timer);
    sync_timer_destroy(&timer);
    return 0;
}
