/*
 * A name is put together from left to right: first the variable, then, as long
 * as the access lies within one part of it, that part: ".owner", "[3]".
 * Memory comes from mmap and is kept: the heap belongs to the program.
 *
 * A type is the system's if its members have reserved names: the parts of a
 * pthread_mutex_t are nobody's business.
 */
#include "tests/explorer/report/names.h"

#include <elf.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/explorer/report/dwarf.h"

/* --- Text --- */

typedef struct text {
    char *at;
    size_t room;
} text;

__attribute__((format(printf, 2, 3))) static void add(
        text *t, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int length = vsnprintf(t->at, t->room, format, values);
    va_end(values);
    size_t used = length > 0 ? (size_t)length : 0;
    if (used >= t->room)
        used = t->room > 0 ? t->room - 1 : 0;
    t->at += used;
    t->room -= used;
}

/* --- Memory that is never given back, and is not the program's heap --- */

static void *take_memory(size_t size)
{
    enum { BLOCK = 1 << 16, ALIGNMENT = 16 };
    static char *block;
    static size_t left;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (left < size) {
        size_t length = size > BLOCK ? size : BLOCK;
        void *more = mmap(NULL, length, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (more == MAP_FAILED)
            return NULL;
        block = more;
        left = length;
    }
    void *taken = block;
    block += size;
    left -= size;
    return taken;
}

/* --- Source files --- */

typedef struct source {
    struct source *next;
    char *path;       /* as the compiler was given it */
    const char *root; /* which that counts from */
    char *lines;      /* its text, with zeros for newlines */
    char *end;
    bool is_read;
} source;

static source *sources;

static source *find_source(const char *root, const line_span *span)
{
    char path[4096];
    bool is_here = strcmp(span->directory, ".") == 0;
    const char *directory = is_here ? "" : span->directory;
    const char *slash = *directory != '\0' ? "/" : "";
    snprintf(path, sizeof path, "%s%s%s", directory, slash, span->file);
    for (source *s = sources; s != NULL; s = s->next)
        if (strcmp(s->path, path) == 0 && strcmp(s->root, root) == 0)
            return s;
    source *s = take_memory(sizeof *s + strlen(path) + 1);
    if (s == NULL)
        return NULL;
    *s = (source){.next = sources, .path = (char *)(s + 1), .root = root};
    memcpy(s->path, path, strlen(path) + 1);
    return sources = s;
}

static int open_source(const source *s)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", s->root, s->path);
    int fd = s->path[0] != '/' ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    return fd >= 0 ? fd : open(s->path, O_RDONLY | O_CLOEXEC);
}

static void read_lines(source *s, int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return;
    size_t size = (size_t)status.st_size;
    s->lines = s->end = take_memory(size + 1); /* ends with a zero */
    ssize_t got = 0;
    while (s->lines != NULL &&
            (got = read(fd, s->end, size - (size_t)(s->end - s->lines))) > 0)
        s->end += got;
    for (char *c = s->lines; c < s->end; c++)
        if (*c == '\n')
            *c = '\0';
        else if (*c == '\r')
            *c = ' ';
}

static void read_source(source *s)
{
    int fd = open_source(s);
    s->is_read = true;
    if (fd < 0)
        return;
    read_lines(s, fd);
    close(fd);
}

const char *name_source(const char *file, int line)
{
    source *s = sources;
    while (s != NULL && s->path != file)
        s = s->next;
    if (s == NULL)
        return NULL;
    if (!s->is_read)
        read_source(s);
    char *at = s->lines;
    for (; at < s->end && line > 1; line--)
        at += strlen(at) + 1;
    return line == 1 && at < s->end ? at : NULL;
}

/* --- Code --- */

/* For what has no debug information: the smallest symbol there. */
static const Elf64_Sym *find_symbol(unsigned type, uintptr_t address)
{
    const image *self = image_self();
    const Elf64_Sym *found = NULL;
    size_t count =
            (size_t)(self->symbols.end - self->symbols.at) / sizeof(Elf64_Sym);
    for (size_t i = 0; i < count; i++) {
        const Elf64_Sym *s = (const Elf64_Sym *)self->symbols.at + i;
        if (ELF64_ST_TYPE(s->st_info) == type && s->st_shndx != SHN_UNDEF &&
                address - self->bias - s->st_value < s->st_size &&
                (found == NULL || s->st_size < found->st_size))
            found = s;
    }
    return found;
}

static const char *symbol_name(const Elf64_Sym *s)
{
    return text_at(image_self()->symbol_names, s->st_name);
}

static const char *function_at(uintptr_t address, uintptr_t *entry_address)
{
    entry e;
    const Elf64_Sym *s;
    uintptr_t bias = image_self()->bias;
    if (find_entry(TAG_FUNCTION, address, &e) != NULL && e.name != NULL) {
        *entry_address = bias + e.low;
        return e.name;
    }
    if ((s = find_symbol(STT_FUNC, address)) != NULL) {
        *entry_address = bias + s->st_value;
        return symbol_name(s);
    }
    return "?";
}

const char *name_function(uintptr_t entry)
{
    uintptr_t begin = 0;
    const char *name = function_at(entry, &begin);
    return begin == entry ? name : "?";
}

/* The path of the lines' file. */
static const char *find_path(const unit *u, const line_span *span)
{
    const source *s = find_source(u->directory, span);
    return s != NULL ? s->path : "?";
}

static place find_code(uintptr_t return_address)
{
    entry e;
    line_span span;
    uintptr_t begin, call = return_address - 1;
    uint64_t in_file = call - image_self()->bias;
    place p = {.function = function_at(call, &begin), .file = "?"};
    const unit *u = find_entry(TAG_FUNCTION, call, &e);
    if (u != NULL && find_lines(u, in_file, in_file + 1, &span)) {
        p.file = find_path(u, &span);
        p.line = span.first;
    }
    return p;
}

/* Reports ask for the same places again and again. */
place name_code(uintptr_t return_address)
{
    enum { KNOWN = 256 };
    static struct {
        uintptr_t address;
        place place;
    } known[KNOWN];
    size_t i = (return_address ^ return_address >> 8) % KNOWN;
    if (known[i].address != return_address) {
        known[i].place = find_code(return_address);
        known[i].address = return_address;
    }
    return known[i].place;
}

bool name_is_void(uintptr_t function)
{
    entry e;
    return find_entry(TAG_FUNCTION, function, &e) != NULL && e.type == NULL;
}

bool name_function_lines(
        uintptr_t address, const char **file, int *first, int *last)
{
    entry e;
    line_span span;
    const unit *u = find_entry(TAG_FUNCTION, address, &e);
    if (u == NULL || !find_lines(u, e.low, e.high, &span))
        return false;
    *file = find_path(u, &span);
    *first = e.line != 0 ? (int)e.line : span.first;
    *last = span.last;
    const char *next = name_source(*file, span.last + 1);
    if (next != NULL && *next == '}') /* clang has no code for it */
        *last += 1;
    return true;
}

/* --- Data --- */

/* A part of the memory of a variable. */
typedef struct part {
    const unit *unit;
    const uint8_t *type;
    uint64_t offset, size; /* of the access, in the part */
    bool is_target;        /* of a pointer: the size is not known */
} part;

/* Goes on to the element; false if the access is not within one. */
static bool enter_element(part *p, const entry *array, text *t)
{
    entry e;
    uint64_t row = row_size(p->unit, array);
    for (bool more = first_child(p->unit, array, &e); more;) {
        if (row == 0 || p->offset % row + p->size > row)
            return false;
        add(t, "[%llu]", (unsigned long long)(p->offset / row));
        p->offset %= row;
        more = next_child(p->unit, &e);
        if (more && e.count != 0)
            row /= e.count;
    }
    p->type = array->type;
    return true;
}

static bool is_systems(const entry *member)
{
    return member->name != NULL && strncmp(member->name, "__", 2) == 0;
}

typedef struct span {
    uint64_t begin, end;
} span;

static span member_span(const unit *u, const entry *member)
{
    uint64_t begin = member->first_bit / 8;
    if (member->bits != 0)
        return (span){begin, (member->first_bit + member->bits + 7) / 8};
    return (span){begin, begin + type_size(u, member->type)};
}

/* Bit-fields that share bytes are one datum: all of them are named. */
static void add_bits(const part *p, const entry *type, text *t)
{
    entry e;
    const char *before = ".";
    for (bool more = first_child(p->unit, type, &e); more;
            more = next_child(p->unit, &e)) {
        span s = member_span(p->unit, &e);
        if (e.name != NULL && s.begin < p->offset + p->size &&
                p->offset < s.end) {
            add(t, "%s%s", before, e.name);
            before = "|";
        }
    }
}

/* Goes on to the member; in a union, to one of that size if there is one. False
 * if the access is not within one. */
static bool enter_member(part *p, const entry *type, text *t)
{
    entry e, found = {0};
    uint64_t end = p->offset + p->size;
    bool are_bits = true;
    for (bool more = first_child(p->unit, type, &e); more;
            more = next_child(p->unit, &e)) {
        span s = member_span(p->unit, &e);
        if (is_systems(&e))
            return false;
        if (e.tag != TAG_MEMBER || s.begin >= end || p->offset >= s.end)
            continue; /* not touched */
        are_bits = are_bits && e.bits != 0;
        if (e.bits == 0 && s.begin <= p->offset && end <= s.end &&
                (found.type == NULL || s.end - s.begin == p->size))
            found = e;
    }
    if (found.type == NULL) {
        if (are_bits)
            add_bits(p, type, t);
        return false;
    }
    if (found.name != NULL)
        add(t, ".%s", found.name);
    p->offset -= found.first_bit / 8;
    p->type = found.type;
    return true;
}

static bool is_char(const entry *type)
{
    return type->tag == TAG_BASE && type->name != NULL &&
           strcmp(type->name, "char") == 0;
}

/* What a pointer of a type that is not known is likely to mean. */
static bool is_whole(const part *p, const entry *type)
{
    entry element;
    if (!p->is_target || p->offset != 0)
        return false;
    return type->tag != TAG_ARRAY ||
           (type_read(p->unit, type->type, &element) && is_char(&element));
}

/* Leaves the smallest. */
static void add_parts(part *p, text *t)
{
    entry e;
    bool goes_on = true;
    while (goes_on && type_read(p->unit, p->type, &e) && !is_whole(p, &e))
        if (e.tag == TAG_ARRAY)
            goes_on = enter_element(p, &e, t);
        else if (e.tag == TAG_STRUCT || e.tag == TAG_UNION)
            goes_on = enter_member(p, &e, t);
        else
            goes_on = false;
}

/* A variable, which begins at `begin`. */
static part add_variable(const unit *u, const entry *variable, uintptr_t begin,
        uintptr_t address, size_t size, text *t)
{
    part p = {
            u, variable->type, address - begin, size > 0 ? size : 1, size == 0};
    add(t, "%s", variable->name);
    add_parts(&p, t);
    return p;
}

bool name_data(uintptr_t address, size_t size, char *name, size_t room)
{
    entry e;
    text t = {name, room};
    add(&t, "%s", "");
    const unit *u = find_entry(TAG_VARIABLE, address, &e);
    if (u != NULL && e.name != NULL) {
        uintptr_t begin = locate(e.location, u, (bytes){0}, 0);
        add_variable(u, &e, begin, address, size, &t);
        return true;
    }
    const Elf64_Sym *s = find_symbol(STT_OBJECT, address);
    if (s == NULL)
        return false;
    const char *symbol = symbol_name(s); /* "count.0", "stdout@GLIBC_2.2.5" */
    add(&t, "%.*s", (int)strcspn(symbol, ".@"), symbol);
    return true;
}

type_of_data name_type(uintptr_t address, size_t size)
{
    entry e, type;
    text none = {NULL, 0};
    const unit *u = find_entry(TAG_VARIABLE, address, &e);
    if (u == NULL || e.name == NULL)
        return (type_of_data){.is_known = false};
    uintptr_t begin = locate(e.location, u, (bytes){0}, 0);
    part p = add_variable(u, &e, begin, address, size, &none);
    if (!type_read(u, p.type, &type))
        return (type_of_data){.is_known = false};
    return (type_of_data){.is_known = true,
            .is_char = is_char(&type),
            .is_array = type.tag == TAG_ARRAY,
            .points_to = type.tag == TAG_POINTER ? type_size(u, type.type) : 0};
}

static bool is_printable(char c)
{
    return c >= ' ' && c <= '~';
}

bool name_string(uintptr_t address, char *string, size_t room)
{
    enum { MOST = 16 };
    text t = {string, room};
    const image *self = image_self();
    uintptr_t offset = address - self->bias - self->constants_at;
    if (offset >= (size_t)(self->constants.end - self->constants.at))
        return false;
    const char *at = text_at(self->constants, offset);
    size_t length = 0;
    while (is_printable(at[length]))
        length++;
    if (at[length] != '\0')
        return false;
    if (length > MOST)
        add(&t, "\"%.*s...\"", MOST - 3, at);
    else
        add(&t, "\"%s\"", at);
    return true;
}

/* --- Variables on a stack --- */

typedef struct search {
    const unit *unit;
    const frame *frame;
    bytes frame_base;
    uintptr_t address;
    /* The best so far: */
    entry variable;
    uintptr_t begin, end;
    bool is_live; /* the code is in its block */
} search;

/* Blocks that are never live together may share memory. An array whose length
 * is found at run time is taken to reach to the end of the frame, which is as
 * good, since what else is there is smaller. */
static void consider(search *s, const entry *e, bool is_live)
{
    entry type;
    uintptr_t begin =
            locate(e->location, s->unit, s->frame_base, s->frame->cfa);
    uintptr_t end = begin + type_size(s->unit, e->type);
    if (begin == end && type_read(s->unit, e->type, &type) &&
            type.tag == TAG_ARRAY)
        end = s->frame->cfa;
    if (begin == 0 || s->address < begin || s->address >= end ||
            e->name == NULL || is_live < s->is_live)
        return;
    if (s->begin != 0 && is_live == s->is_live &&
            end - begin >= s->end - s->begin)
        return;
    s->variable = *e;
    s->begin = begin;
    s->end = end;
    s->is_live = is_live;
}

static void search_block(search *s, const entry *block, bool is_live)
{
    entry e;
    uint64_t pc = s->frame->pc - image_self()->bias;
    for (bool more = first_child(s->unit, block, &e); more;
            more = next_child(s->unit, &e))
        if (e.tag == TAG_VARIABLE || e.tag == TAG_PARAMETER)
            consider(s, &e, is_live);
        else if (e.tag == TAG_BLOCK || e.tag == TAG_INLINED)
            search_block(s, &e, is_live && e.low <= pc && pc < e.high);
}

bool name_local(uintptr_t address, size_t size, const frame *frames,
        size_t count, char *name, size_t room)
{
    text t = {name, room};
    add(&t, "%s", "");
    for (size_t i = 0; i < count; i++) {
        entry function;
        search s = {.frame = &frames[i], .address = address};
        s.unit = find_entry(TAG_FUNCTION, frames[i].pc, &function);
        if (s.unit == NULL)
            continue;
        s.frame_base = function.frame_base;
        search_block(&s, &function, true);
        if (s.begin == 0)
            continue;
        add_variable(s.unit, &s.variable, s.begin, address, size, &t);
        return true;
    }
    return false;
}
