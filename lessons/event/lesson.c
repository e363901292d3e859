/*
 * Event: something has happened, and stays happened.
 *
 * You will be able to hand data from one thread to another so that it is
 * there when it is read, and to wait for something without minding who comes
 * first. You will see why a flag does not do, and why a signal is forgotten.
 *
 * Question: one thread runs `answer = 42; ready = true;`, another waits in
 * `while (!ready)` and then prints the plain variable `answer`. What is sure?
 * [ ] it prints 42 -- only if something orders the two threads, and a plain
 * flag does not
 * [ ] it prints 42 if `ready` is volatile -- volatile keeps the reads and
 * writes, and orders nothing between threads
 * [x] nothing -- it is a data race, and C promises nothing for it, neither 42
 * nor that the loop ends
 *
 * Question: a thread signals a condition variable, and a moment later another
 * begins to wait for it. What does the second do?
 * [ ] it goes on at once -- an event would let it through; a condition variable
 * remembers nothing
 * [x] it waits -- the signal woke nobody and is gone
 * [ ] it gets an error -- nothing is wrong with either call
 *
 * Next: condition, for waiting until shared data is as it must be.
 */
#include "lessons/lesson.h"

RUNG(publication)
RUNG(publication_volatile)
RUNG(publication_event)
RUNG(early_signal)
RUNG(early_signal_limit)
RUNG(early_signal_event)
RUNG(pulse)
RUNG(pulse_cleared_later)
RUNG(pulse_event_each)

static const scene scenes[] = {
        {
                .name = "publication",
                .kind = ORDER,
                .rungs = {BROKEN(publication, RACE),
                        BROKEN(publication_volatile, RACE),
                        FIX(publication_event)},
        },
        {
                .name = "early_signal",
                .kind = ORDER,
                .rungs = {BROKEN(early_signal, LOST_WAKEUP),
                        BROKEN(early_signal_limit, CHECK),
                        FIX(early_signal_event)},
        },
        {
                .name = "pulse",
                .kind = ORDER,
                .rungs = {BROKEN(pulse, LOST_WAKEUP),
                        BROKEN_AND_RACES(pulse_cleared_later, CHECK),
                        FIX(pulse_event_each)},
        },
        {.name = NULL},
};

const lesson this_lesson = {"event", scenes};
