/*
 * Colour, where the report goes to a terminal that has it. A thread's colour is
 * that of all it does; red is for what fails. Without a terminal these print
 * nothing.
 */
#ifndef EXPLORER_COLOUR_H
#define EXPLORER_COLOUR_H

#include <stdbool.h>

void colour_thread(int thread, bool is_key);
void colour_failure(void);
void colour_end(void);

#endif
