/*
 * Keeps what is printed on standard output, in place of printing it.
 */
#include <stdlib.h>
#include <unistd.h>

#include "lessons/telling/forms.h"

static FILE *kept;
static int standard_output;

void capture_begin(bool is_for_terminal)
{
    fflush(stdout);
    keep_colour(is_for_terminal);
    kept = tmpfile();
    standard_output = dup(STDOUT_FILENO);
    if (kept == NULL || standard_output < 0)
        fail("a temporary file", "it cannot be made");
    dup2(fileno(kept), STDOUT_FILENO);
}

char *capture_end(void)
{
    fflush(stdout);
    dup2(standard_output, STDOUT_FILENO);
    close(standard_output);
    keep_colour(false);
    long length = lseek(fileno(kept), 0, SEEK_END);
    char *text = malloc((size_t)length + 1);
    if (text == NULL)
        fail("memory", "there is no more");
    rewind(kept);
    text[fread(text, 1, (size_t)length, kept)] = '\0';
    fclose(kept);
    return text;
}
