/*
 * Never more than one page is in the printer.
 *
 * A torn page is given up, by an error path of its own, and a new copy of it is
 * printed. Count the permits that each path puts back.
 */
#include <stdatomic.h>
#include <stdbool.h>

#include "lessons/lesson.h"
#include "primitives/semaphore.h"

/*
 * The bug: the error path releases, and then the end does.
 *
 * The torn page took one permit and put back two. The second one was made from
 * nothing: now two pages are let in at the same time.
 */
static sync_semaphore printer;
static atomic_int inside;

static void print(bool is_torn)
{
    sync_semaphore_acquire(&printer);
    if (is_torn) {
        sync_semaphore_release(&printer); /* give up */
    } else {
        int now = ++inside;
        lesson_check(now == 1);
        inside--;
    }
    sync_semaphore_release(&printer);
}

static void *torn_page(void *unused)
{
    print(true);
    print(false); /* a new copy */
    return unused;
}

static void *page(void *unused)
{
    print(false);
    return unused;
}

void twice(void)
{
    sync_semaphore_init(&printer, 1);
    lesson_run(torn_page, page);
}

/*
 * Tempting: a bounded semaphore, with a limit of one permit.
 *
 * It answers EOVERFLOW to a release too many, and changes nothing, but only if
 * the permit is there at this moment. Here a page has taken it in between: to
 * the semaphore the second release looks like the end of that page.
 */
void twice_bounded(void)
{
    sync_semaphore_init_bounded(&printer, 1, 1);
    lesson_run(torn_page, page);
}

/*
 * The fix: one exit, one release.
 *
 * Whatever happens to the page, there is one way out, and one release on it.
 * The limit may stay, as an alarm for whoever looks at what release returns; it
 * rings sometimes, not always.
 */
static void print_once(bool is_torn)
{
    sync_semaphore_acquire(&printer);
    if (!is_torn) {
        int now = ++inside;
        lesson_check(now == 1);
        inside--;
    }
    sync_semaphore_release(&printer);
}

static void *torn_page_once(void *unused)
{
    print_once(true);
    print_once(false); /* a new copy */
    return unused;
}

static void *page_once(void *unused)
{
    print_once(false);
    return unused;
}

void twice_one_exit(void)
{
    sync_semaphore_init_bounded(&printer, 1, 1);
    lesson_run(torn_page_once, page_once);
    lesson_check(sync_semaphore_value(&printer) == 1);
    sync_semaphore_destroy(&printer);
}

/*
 * Rule: one way in takes the permit, one way out puts it back.
 */
