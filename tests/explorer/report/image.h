/*
 * Image: the file of the running executable, and bytes taken out of it.
 */
#ifndef EXPLORER_IMAGE_H
#define EXPLORER_IMAGE_H

#include <stdint.h>

/* --- Bytes, taken one item after the other; past the end there are zeros --- */

typedef struct bytes {
    const uint8_t *at;
    const uint8_t *end;
} bytes;

bytes take_bytes(bytes *from, uint64_t count);
uint64_t take_number(
        bytes *from, unsigned size); /* up to 8 bytes, as a number */
uint64_t take_uleb(bytes *from);
int64_t take_sleb(bytes *from);
const char *take_text(bytes *from);
bytes skip_bytes(bytes from, uint64_t count);
const char *text_at(bytes section, uint64_t offset);

/* --- The file --- */

typedef struct image {
    bytes file;
    bytes symbols, symbol_names;
    bytes info, abbreviations, addresses, lines; /* .debug_info and so on */
    bytes text, line_text, text_offsets;         /* .debug_str and so on */
    bytes constants;                             /* .rodata */
    uintptr_t constants_at;                      /* its address in the file */
    uintptr_t bias; /* address in the process less address in the file */
    unsigned frame_pointer; /* its number among the registers */
} image;

/* What cannot be had is empty. Found once. */
const image *image_self(void);

#endif
