/*
 * DWARF: the debug information of the running executable, as far as names are
 * concerned.
 *
 * It is a forest. Each source file is a *unit*; what it declares are *entries*,
 * such as a function, which has parameters, variables and blocks as children,
 * or a structure type, which has members. An entry is read when it is looked
 * at, from the file mapped into memory; only what has an address is indexed.
 *
 * Source of the idea: the DWARF standard, versions 4 (2010) and 5 (2017),
 * https://dwarfstd.org; section numbers are those of version 5.
 */
#ifndef EXPLORER_DWARF_H
#define EXPLORER_DWARF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/explorer/report/image.h"

/* --- Units --- */

enum { MAX_FORMS = 1024 };

typedef struct unit {
    bytes all;           /* references count from here */
    const uint8_t *root; /* the entry of the unit itself */
    unsigned version;
    bytes forms[MAX_FORMS];    /* how entries are laid out, by their code */
    uint64_t texts, addresses; /* its part of .debug_str_offsets, .debug_addr */
    uint64_t lines;            /* its part of .debug_line */
    const char *directory;     /* where the compiler ran */
} unit;

/* --- Values of an entry's attributes --- */

typedef struct value {
    uint64_t number; /* or an offset, or an address in the file */
    const char *text;
    const uint8_t *entry; /* that it refers to */
    bytes block;
    bool is_address;
} value;

value take_value(const unit *u, bytes *from, uint64_t form);

/* --- Entries --- */

enum tag {
    TAG_END = 0, /* of the children */
    TAG_ARRAY = 0x01,
    TAG_PARAMETER = 0x05,
    TAG_BLOCK = 0x0b,
    TAG_MEMBER = 0x0d,
    TAG_POINTER = 0x0f,
    TAG_STRUCT = 0x13,
    TAG_TYPEDEF = 0x16,
    TAG_UNION = 0x17,
    TAG_INLINED = 0x1d,
    TAG_SUBRANGE = 0x21,
    TAG_BASE = 0x24,
    TAG_CONST = 0x26,
    TAG_FUNCTION = 0x2e,
    TAG_VARIABLE = 0x34,
    TAG_VOLATILE = 0x35,
    TAG_RESTRICT = 0x37,
    TAG_ATOMIC = 0x47,
};

typedef struct entry {
    uint64_t tag;
    bool is_parent;
    const uint8_t *next;   /* the first child, or what comes after it */
    const uint8_t *origin; /* the declaration that it completes */
    const uint8_t *type;
    const char *name; /* may be NULL */
    uint64_t line;
    uint64_t low, high; /* its code, in the file's addresses */
    bytes location;     /* how its address is computed */
    bytes frame_base;   /* likewise, what the locals count from */
    uint64_t size;      /* of a type */
    uint64_t count;     /* of elements in a subrange; 0 if unknown */
    uint64_t first_bit; /* of a member */
    uint64_t bits;      /* of a bit-field; 0 for other members */
} entry;

void entry_read(const unit *u, const uint8_t *at, entry *e);

/* A loop over children: first_child(), then next_child() until it is false. */
bool first_child(const unit *u, const entry *parent, entry *child);
bool next_child(const unit *u, entry *child);

/* The entry of a type, without the names and qualifiers around it; false for
 * none, which is void. */
bool type_read(const unit *u, const uint8_t *type, entry *e);
uint64_t type_size(const unit *u, const uint8_t *type);
uint64_t row_size(const unit *u, const entry *array); /* a[0], of a[2][3] */

/* A _Thread_local variable has its name at this address, plus its distance from
 * where they begin. */
#define NAMES_OF_LOCALS ((uintptr_t)0x300000000000)

/* Where a variable is, in the process; 0 if that cannot be told. For a local
 * one, with the frame base of its function and the CFA of its frame. */
uintptr_t locate(
        bytes location, const unit *u, bytes frame_base, uintptr_t cfa);

/* The function or variable that has this address in the process; the smallest,
 * if there are several. NULL if there is none. The unit is good until the next
 * call. */
const unit *find_entry(uint64_t tag, uintptr_t address, entry *e);

/* --- Lines (lines.c) --- */

typedef struct line_span {
    const char *directory; /* of the file, "" if `file` has it */
    const char *file;
    int first; /* of the code at `low` */
    int last;  /* the largest up to `high`, in the same file */
} line_span;

/* The lines of code from low up to high, in the file's addresses. False if
 * they are unknown. */
bool find_lines(const unit *u, uint64_t low, uint64_t high, line_span *found);

#endif
