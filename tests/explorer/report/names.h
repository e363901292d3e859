/*
 * Names: what a student wrote, for addresses of the running process.
 *
 * The executable's own debug information tells: DWARF 4 or 5, as gcc and clang
 * write it with -g. Functions and data that have none, such as libc's, get the
 * name in the symbol table, if there is one.
 *
 * The first question costs about a millisecond, others some microseconds. No
 * process is started and nothing is taken from malloc's heap, so the room may
 * be entered in the middle of a run. It serves one thread at a time.
 */
#ifndef EXPLORER_NAMES_H
#define EXPLORER_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A line of the program. Strings live as long as the process. */
typedef struct place {
    const char *function; /* "?" if it is unknown */
    const char *file;     /* as the compiler was given it; "?" if unknown */
    int line;             /* 0 if it is unknown */
} place;

/* Where a call was made, by the address to which it returns. */
place name_code(uintptr_t return_address);

/* The name of the function that begins there; "?" if none does. */
const char *name_function(uintptr_t entry);

/* Whether the function that begins there is known to return nothing. */
bool name_is_void(uintptr_t entry);

/* The first and last line of the function that has this address, which may be
 * that of its entry; of a return address, pass one less. False if unknown. */
bool name_function_lines(
        uintptr_t address, const char **file, int *first, int *last);

/* The text of a line, without its newline; NULL if it cannot be read. The file
 * is one that was got from here. */
const char *name_source(const char *file, int line);

/* The name of a global or static datum of that size, or of the smallest part of
 * one that has all of it: "balance", "forks[2]", "queue.head", "table[3]", but
 * "count" for a static in a function, and "flags.a|b" for bit-fields that share
 * their bytes. What the system defines has no parts: "lock", also for an
 * address inside the mutex. With size 0 it is what a pointer points to, of which
 * no more is known: "mail" rather than "mail.rank", which is there too, and the
 * whole of an array of char. False if there is none; the text is then empty. */
bool name_data(uintptr_t address, size_t size, char *text, size_t room);

/* What the type of a datum says of its values. */
typedef struct type_of_data {
    bool is_known;
    bool is_char, is_array;
    size_t points_to; /* so many bytes; 0: that is not known */
} type_of_data;

/* Of what name_data() names. */
type_of_data name_type(uintptr_t address, size_t size);

/* A string among the program's constants, in quotes, its beginning if it is
 * long. False if there is none. */
bool name_string(uintptr_t address, char *text, size_t room);

/* One call on a stack. */
typedef struct frame {
    uintptr_t pc;  /* in the function; a return address less one is best */
    uintptr_t cfa; /* canonical frame address: the caller's stack pointer at the
                      call, which is rbp + 16 on x86-64 */
} frame;

/* The same for variables on a stack, innermost frame first. */
bool name_local(uintptr_t address, size_t size, const frame *frames,
        size_t count, char *text, size_t room);

#endif
