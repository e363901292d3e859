/*
 * What libc keeps for itself and all threads of the program share, as if it
 * were a variable: programs forget that it is there.
 */
#include "tests/explorer/model/model.h"

#include <string.h>

hidden_state hidden;

void hidden_new_run(void)
{
    memset(&hidden, 0, sizeof hidden);
}

static bool is_in(const void *part, size_t size, uintptr_t address)
{
    return address >= (uintptr_t)part && address < (uintptr_t)part + size;
}

const char *name_hidden(uintptr_t address)
{
    if (is_in(&hidden.token_rest, sizeof hidden.token_rest, address))
        return "strtok's place";
    if (is_in(&hidden.time, sizeof hidden.time, address))
        return "localtime's result";
    if (is_in(hidden.time_text, sizeof hidden.time_text, address))
        return "ctime's text";
    if (is_in(&hidden.input, sizeof hidden.input, address))
        return "stdin";
    if (is_in(&hidden.output, sizeof hidden.output, address))
        return "stdout";
    return is_of_keys(address) ? "the keys" : name_of_semaphore(address);
}
