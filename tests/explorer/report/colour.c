#include "tests/explorer/report/colour.h"
#include "tests/explorer/explorer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As if it were not set, if it is empty. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value == NULL ? "" : value;
}

/* Asked each time: stdout may be turned elsewhere. */
bool explorer_has_colour(void)
{
    const char *terminal = variable("TERM");
    return isatty(STDOUT_FILENO) && *variable("NO_COLOR") == '\0' &&
           *terminal != '\0' && strcmp(terminal, "dumb") != 0;
}

void colour_thread(int thread, bool is_key)
{
    static const char *const colours[] = {"36", "33", "35", "32", "34"};
    enum { COLOURS = sizeof colours / sizeof *colours };
    if (!explorer_has_colour())
        return;
    if (is_key)
        printf("\033[1m");
    if (thread > 0) /* main has the terminal's own */
        printf("\033[%sm", colours[(thread - 1) % COLOURS]);
}

void colour_failure(void)
{
    if (explorer_has_colour())
        printf("\033[1;31m");
}

void colour_end(void)
{
    if (explorer_has_colour())
        printf("\033[0m");
}
