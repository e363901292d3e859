/*
 * Every beat reaches the player, and none of them twice.
 *
 * A conductor gives two beats. The player waits for a beat and plays, and then
 * waits for the next. There may be many players; one is enough to see it. Look
 * at where the player is when the event is set, and when it is cleared.
 */
#include <stdbool.h>

#include "lessons/lesson.h"
#include "primitives/event.h"

/*
 * The bug: set, then clear at once.
 *
 * Such a pulse reaches those who wait at that moment. The second one comes
 * while the player is still busy with the first, and is waited for in vain.
 */
enum { BEATS = 2 };
static sync_event beat;

static void *conduct(void *unused)
{
    for (int i = 0; i < BEATS; i++) {
        sync_event_set(&beat);
        sync_event_clear(&beat);
    }
    return unused;
}

static void *play(void *unused)
{
    for (int i = 0; i < BEATS; i++)
        sync_event_wait(&beat);
    return unused;
}

void pulse(void)
{
    sync_event_init(&beat);
    lesson_run(play, conduct);
}

/*
 * Tempting: clear later, before the next beat.
 *
 * Nobody waits for ever any more: the last beat stays set. But until it is
 * cleared the event lets through whoever comes, and a quick player takes the
 * same beat twice.
 */
static bool given[BEATS];

static void *conduct_later(void *unused)
{
    for (int i = 0; i < BEATS; i++) {
        sync_event_clear(&beat);
        given[i] = true;
        sync_event_set(&beat);
    }
    return unused;
}

static void *play_checked(void *unused)
{
    for (int i = 0; i < BEATS; i++) {
        sync_event_wait(&beat);
        lesson_check(given[i]);
    }
    return unused;
}

void pulse_cleared_later(void)
{
    sync_event_init(&beat);
    lesson_run(play_checked, conduct_later);
}

/*
 * The fix: an event for each beat.
 *
 * No event is ever cleared. The second beat is another event, which lets
 * nobody through before it is given, and everybody after.
 */
static sync_event beats[BEATS];

static void *conduct_each(void *unused)
{
    for (int i = 0; i < BEATS; i++) {
        given[i] = true;
        sync_event_set(&beats[i]);
    }
    return unused;
}

static void *play_each(void *unused)
{
    for (int i = 0; i < BEATS; i++) {
        sync_event_wait(&beats[i]);
        lesson_check(given[i]);
    }
    return unused;
}

void pulse_event_each(void)
{
    for (int i = 0; i < BEATS; i++)
        sync_event_init(&beats[i]);
    lesson_run(play_each, conduct_each);
    for (int i = 0; i < BEATS; i++)
        sync_event_destroy(&beats[i]);
}

/*
 * Rule: an event is for what happens once; a new round has a new event.
 */
