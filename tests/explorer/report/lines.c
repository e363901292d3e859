/*
 * A line table is a program (6.2): run from its beginning, it gives rows, each
 * the line of the code from its address up to that of the next row.
 *
 * Nothing is kept. The program of a unit takes some microseconds.
 */
#include "tests/explorer/report/dwarf.h"

#include <limits.h>
#include <string.h>

typedef struct row {
    uint64_t address;
    uint64_t file;
    int line;
    bool is_end; /* of a stretch of code */
} row;

typedef struct table {
    const unit *unit;
    bytes program;
    bytes directories, files; /* from their formats or first entries on */
    unsigned version;
    unsigned step; /* the length of the shortest instruction */
    int line_base;
    unsigned line_range, opcode_base;
    bytes operands; /* how many each standard opcode has */
    row row;        /* the registers of the program */
} table;

/* --- Files --- */

enum content { PATH = 1, DIRECTORY = 2 };

typedef struct name {
    const char *path;
    uint64_t directory;
} name;

/* Version 5: a list says what each entry is made of. Gives the entry of that
 * number; without one, takes all. */
static name take_name(const unit *u, bytes *from, uint64_t number)
{
    name found = {0};
    bytes formats = {from->at, from->end};
    uint64_t fields = take_number(from, 1);
    for (uint64_t i = 0; i < 2 * fields; i++)
        take_uleb(from);
    uint64_t count = take_uleb(from);
    for (uint64_t i = 0; i < count && from->at < from->end; i++) {
        bytes format = skip_bytes(formats, 1);
        for (uint64_t f = 0; f < fields; f++) {
            uint64_t content = take_uleb(&format);
            value v = take_value(u, from, take_uleb(&format));
            if (i == number && content == PATH)
                found.path = v.text;
            else if (i == number && content == DIRECTORY)
                found.directory = v.number;
        }
    }
    return found;
}

/* Version 4: texts, up to an empty one, counted from 1. */
static name take_old_name(bytes *from, uint64_t number, bool is_file)
{
    name found = {0};
    for (uint64_t i = 1; from->at < from->end && *from->at != 0; i++) {
        name n = {.path = take_text(from)};
        if (is_file) {
            n.directory = take_uleb(from);
            take_uleb(from); /* its time */
            take_uleb(from); /* and size */
        }
        if (i == number)
            found = n;
    }
    take_number(from, 1);
    return found;
}

static name take_entry(const table *t, bytes *from, uint64_t number, bool file)
{
    return t->version >= 5 ? take_name(t->unit, from, number)
                           : take_old_name(from, number, file);
}

static bool find_file(const table *t, uint64_t number, line_span *found)
{
    enum { COMPILERS = 0 }; /* the directory where it ran */
    bytes directories = t->directories, files = t->files;
    name file = take_entry(t, &files, number, true);
    name directory = {0};
    if (file.directory != COMPILERS)
        directory = take_entry(t, &directories, file.directory, false);
    found->file = file.path;
    found->directory = directory.path != NULL ? directory.path : "";
    return file.path != NULL;
}

/* --- The program --- */

static const row first_row = {.file = 1, .line = 1};

static bool open_table(table *t, const unit *u)
{
    bytes from = skip_bytes(image_self()->lines, u->lines);
    uint64_t length = take_number(&from, 4);
    from = take_bytes(&from, length);
    *t = (table){.unit = u, .version = (unsigned)take_number(&from, 2)};
    if (t->version >= 5)
        take_number(&from, 2); /* sizes of pointers and of segment selectors */
    uint64_t rest = take_number(&from, 4);
    t->program = skip_bytes(from, rest);
    t->step = (unsigned)take_number(&from, 1);
    if (t->version >= 4)
        take_number(&from, 1); /* operations in an instruction: 1 */
    take_number(&from, 1); /* whether rows are statements unless they say so */
    t->line_base = (int)(take_number(&from, 1) ^ 0x80) - 0x80; /* signed */
    t->line_range = (unsigned)take_number(&from, 1);
    t->opcode_base = (unsigned)take_number(&from, 1);
    t->operands = take_bytes(&from, t->opcode_base - 1);
    t->files = t->directories = from;
    take_entry(t, &t->files, UINT64_MAX, false);
    t->row = first_row;
    return t->version >= 2 && t->version <= 5 && t->line_range != 0;
}

enum opcode {
    EXTENDED,
    COPY,
    ADVANCE_ADDRESS,
    ADVANCE_LINE,
    SET_FILE,
    CONST_ADD_ADDRESS = 8,
    FIXED_ADVANCE_ADDRESS,
};

enum extended { END_SEQUENCE = 1, SET_ADDRESS };

/* Makes one step; true if it gives a row. */
static bool run_extended(table *t)
{
    uint64_t length = take_uleb(&t->program);
    bytes operands = take_bytes(&t->program, length);
    uint64_t opcode = take_number(&operands, 1);
    if (opcode == SET_ADDRESS)
        t->row.address = take_number(&operands, 8);
    t->row.is_end = opcode == END_SEQUENCE;
    return t->row.is_end;
}

static bool run_step(table *t)
{
    row *r = &t->row;
    unsigned opcode = (unsigned)take_number(&t->program, 1);
    unsigned special =
            (opcode < t->opcode_base ? 255 : opcode) - t->opcode_base;
    if (opcode >= t->opcode_base) {
        r->address += (uint64_t)special / t->line_range * t->step;
        r->line += t->line_base + (int)(special % t->line_range);
        return true;
    }
    switch (opcode) {
    case EXTENDED:
        return run_extended(t);
    case COPY:
        return true;
    case ADVANCE_ADDRESS:
        r->address += take_uleb(&t->program) * t->step;
        return false;
    case ADVANCE_LINE:
        r->line += (int)take_sleb(&t->program);
        return false;
    case SET_FILE:
        r->file = take_uleb(&t->program);
        return false;
    case CONST_ADD_ADDRESS:
        r->address += (uint64_t)special / t->line_range * t->step;
        return false;
    case FIXED_ADVANCE_ADDRESS:
        r->address += take_number(&t->program, 2);
        return false;
    default:
        for (int i = t->operands.at[opcode - 1]; i > 0; i--)
            take_uleb(&t->program);
        return false;
    }
}

static bool next_row(table *t, row *r)
{
    if (t->row.is_end)
        t->row = first_row;
    while (t->program.at < t->program.end)
        if (run_step(t)) {
            *r = t->row;
            return true;
        }
    return false;
}

bool find_lines(const unit *u, uint64_t low, uint64_t high, line_span *found)
{
    table t;
    row last = {.is_end = true}, r;
    uint64_t file = 0;
    *found = (line_span){0};
    if (!open_table(&t, u))
        return false;
    for (; next_row(&t, &r); last = r) {
        if (last.is_end || r.address <= low || last.address >= high)
            continue; /* the last row's code is elsewhere */
        if (last.line == 0 || (found->first != 0 && last.file != file))
            continue; /* nobody wrote that code, or it is from elsewhere */
        if (found->first == 0)
            found->first = last.line;
        if (found->last < last.line)
            found->last = last.line;
        file = last.file;
    }
    return found->first != 0 && find_file(&t, file, found);
}
