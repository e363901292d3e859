/*
 * Units are opened one at a time, and the last one stays open. What is not
 * understood is left out; the thing that it was about has no name then.
 */
#include "tests/explorer/report/dwarf.h"

#include <string.h>
#include <sys/mman.h>

static const image *self;

/* --- Values of attributes (7.5.6) --- */

enum form {
    FORM_ADDR = 0x01,
    FORM_BLOCK2 = 0x03,
    FORM_BLOCK4,
    FORM_DATA2,
    FORM_DATA4,
    FORM_DATA8,
    FORM_STRING,
    FORM_BLOCK,
    FORM_BLOCK1,
    FORM_DATA1,
    FORM_FLAG,
    FORM_SDATA,
    FORM_STRP,
    FORM_UDATA,
    FORM_REF_ADDR,
    FORM_REF1,
    FORM_REF2,
    FORM_REF4,
    FORM_REF8,
    FORM_REF_UDATA,
    FORM_INDIRECT,
    FORM_SEC_OFFSET,
    FORM_EXPRLOC,
    FORM_FLAG_PRESENT,
    FORM_STRX,
    FORM_ADDRX,
    FORM_DATA16 = 0x1e,
    FORM_LINE_STRP,
    FORM_REF_SIG8,
    FORM_IMPLICIT_CONST,
    FORM_LOCLISTX,
    FORM_RNGLISTX,
    FORM_STRX1 = 0x25,
    FORM_STRX2,
    FORM_STRX3,
    FORM_STRX4,
    FORM_ADDRX1,
    FORM_ADDRX2,
    FORM_ADDRX3,
    FORM_ADDRX4,
};

static value text_value(const char *text)
{
    return (value){.text = text};
}

static value block_value(bytes *from, uint64_t size)
{
    return (value){.block = take_bytes(from, size)};
}

static value entry_value(const unit *u, uint64_t offset)
{
    bool is_inside = offset < (uint64_t)(u->all.end - u->all.at);
    return (value){.entry = is_inside ? u->all.at + offset : NULL};
}

static value text_by_index(const unit *u, uint64_t index)
{
    bytes offset = skip_bytes(self->text_offsets, u->texts + 4 * index);
    return text_value(text_at(self->text, take_number(&offset, 4)));
}

static value address_value(uint64_t address)
{
    return (value){.number = address, .is_address = true};
}

static uint64_t address_by_index(const unit *u, uint64_t index)
{
    bytes address = skip_bytes(self->addresses, u->addresses + 8 * index);
    return take_number(&address, 8);
}

value take_value(const unit *u, bytes *from, uint64_t form)
{
    switch (form) {
    case FORM_ADDR:
        return address_value(take_number(from, 8));
    case FORM_ADDRX:
        return address_value(address_by_index(u, take_uleb(from)));
    case FORM_ADDRX1:
    case FORM_ADDRX2:
    case FORM_ADDRX3:
    case FORM_ADDRX4:
        return address_value(address_by_index(
                u, take_number(from, 1 + (unsigned)form - FORM_ADDRX1)));
    case FORM_BLOCK1:
        return block_value(from, take_number(from, 1));
    case FORM_BLOCK2:
        return block_value(from, take_number(from, 2));
    case FORM_BLOCK4:
        return block_value(from, take_number(from, 4));
    case FORM_BLOCK:
    case FORM_EXPRLOC:
        return block_value(from, take_uleb(from));
    case FORM_DATA16:
        return block_value(from, 16);
    case FORM_STRING:
        return text_value(take_text(from));
    case FORM_STRP:
        return text_value(text_at(self->text, take_number(from, 4)));
    case FORM_LINE_STRP:
        return text_value(text_at(self->line_text, take_number(from, 4)));
    case FORM_STRX:
        return text_by_index(u, take_uleb(from));
    case FORM_STRX1:
    case FORM_STRX2:
    case FORM_STRX3:
    case FORM_STRX4:
        return text_by_index(
                u, take_number(from, 1 + (unsigned)form - FORM_STRX1));
    case FORM_REF1:
        return entry_value(u, take_number(from, 1));
    case FORM_REF2:
        return entry_value(u, take_number(from, 2));
    case FORM_REF4:
        return entry_value(u, take_number(from, 4));
    case FORM_REF8:
        return entry_value(u, take_number(from, 8));
    case FORM_REF_UDATA:
        return entry_value(u, take_uleb(from));
    case FORM_DATA1:
    case FORM_FLAG:
        return (value){.number = take_number(from, 1)};
    case FORM_DATA2:
        return (value){.number = take_number(from, 2)};
    case FORM_DATA4:
    case FORM_SEC_OFFSET:
    case FORM_REF_ADDR: /* into another unit */
        return (value){.number = take_number(from, 4)};
    case FORM_DATA8:
    case FORM_REF_SIG8:
        return (value){.number = take_number(from, 8)};
    case FORM_SDATA:
        return (value){.number = (uint64_t)take_sleb(from)};
    case FORM_UDATA:
    case FORM_LOCLISTX:
    case FORM_RNGLISTX:
        return (value){.number = take_uleb(from)};
    case FORM_FLAG_PRESENT:
        return (value){.number = 1};
    case FORM_INDIRECT:
        return take_value(u, from, take_uleb(from));
    default: /* of unknown length: the end of what can be read */
        from->at = from->end;
        return (value){0};
    }
}

/* --- Entries (7.5.3 to 7.5.5) --- */

enum attribute_name {
    AT_LOCATION = 0x02,
    AT_NAME = 0x03,
    AT_BYTE_SIZE = 0x0b,
    AT_BIT_OFFSET = 0x0c,
    AT_BIT_SIZE = 0x0d,
    AT_LINES = 0x10,
    AT_LOW = 0x11,
    AT_HIGH = 0x12,
    AT_DIRECTORY = 0x1b,
    AT_UPPER_BOUND = 0x2f,
    AT_ABSTRACT_ORIGIN = 0x31,
    AT_COUNT = 0x37,
    AT_MEMBER_OFFSET = 0x38,
    AT_DECLARED_LINE = 0x3b,
    AT_FRAME_BASE = 0x40,
    AT_SPECIFICATION = 0x47,
    AT_TYPE = 0x49,
    AT_DATA_BIT_OFFSET = 0x6b,
    AT_TEXTS = 0x72,
    AT_ADDRESSES = 0x73,
};

typedef struct attribute {
    uint64_t name; /* 0 after the last one */
    value value;
} attribute;

static attribute take_attribute(const unit *u, bytes *layout, bytes *from)
{
    attribute a = {.name = take_uleb(layout)};
    uint64_t form = take_uleb(layout);
    if (form == FORM_IMPLICIT_CONST)
        a.value.number = (uint64_t)take_sleb(layout);
    else if (a.name != 0)
        a.value = take_value(u, from, form);
    return a;
}

/* Where the attributes begin, and how they are laid out. */
static bytes begin_entry(const unit *u, bytes *from, entry *e)
{
    uint64_t code = take_uleb(from);
    bytes layout = code < MAX_FORMS ? u->forms[code] : (bytes){0};
    *e = (entry){.tag = take_uleb(&layout),
            .is_parent = take_number(&layout, 1) != 0};
    return layout;
}

static void set_attribute(entry *e, const attribute *a)
{
    const value *v = &a->value;
    switch (a->name) {
    case AT_LOCATION:
        e->location = v->block;
        break;
    case AT_NAME:
        e->name = v->text;
        break;
    case AT_BYTE_SIZE:
        e->size = v->number;
        break;
    case AT_BIT_SIZE:
        e->bits = v->number;
        break;
    case AT_LOW:
        e->low = v->number;
        break;
    case AT_HIGH: /* or how much code there is from there */
        e->high = v->is_address ? v->number : e->low + v->number;
        break;
    case AT_UPPER_BOUND:
        e->count = v->block.at == NULL && v->entry == NULL ? v->number + 1 : 0;
        break;
    case AT_COUNT:
        e->count = v->number;
        break;
    case AT_MEMBER_OFFSET:
        e->first_bit += 8 * v->number;
        break;
    case AT_DATA_BIT_OFFSET:
        e->first_bit = v->number;
        break;
    case AT_BIT_OFFSET: /* version 4 counts from the other end of the unit */
        e->first_bit += 8 * e->size - e->bits - v->number;
        break;
    case AT_DECLARED_LINE:
        e->line = v->number;
        break;
    case AT_FRAME_BASE:
        e->frame_base = v->block;
        break;
    case AT_TYPE:
        e->type = v->entry;
        break;
    case AT_SPECIFICATION:
    case AT_ABSTRACT_ORIGIN:
        e->origin = v->entry;
        break;
    default:
        break;
    }
}

void entry_read(const unit *u, const uint8_t *at, entry *e)
{
    bytes from = {at, u->all.end};
    bytes layout = begin_entry(u, &from, e);
    attribute a;
    while (a = take_attribute(u, &layout, &from), a.name != 0)
        set_attribute(e, &a);
    e->next = from.at;
}

/* Adds what only the declaration says. */
static void complete(const unit *u, entry *e)
{
    entry declared;
    if (e->origin == NULL)
        return;
    entry_read(u, e->origin, &declared);
    e->name = e->name != NULL ? e->name : declared.name;
    e->type = e->type != NULL ? e->type : declared.type;
    e->line = e->line != 0 ? e->line : declared.line;
}

/* What comes after the entry and all its children. */
static const uint8_t *after(const unit *u, const entry *e)
{
    entry child;
    const uint8_t *at = e->next;
    if (!e->is_parent)
        return at;
    while (entry_read(u, at, &child), child.tag != TAG_END)
        at = after(u, &child);
    return child.next;
}

static bool is_child(const unit *u, const uint8_t *at, entry *child)
{
    entry_read(u, at, child);
    complete(u, child);
    return child->tag != TAG_END;
}

bool first_child(const unit *u, const entry *parent, entry *child)
{
    return parent->is_parent && is_child(u, parent->next, child);
}

bool next_child(const unit *u, entry *child)
{
    return is_child(u, after(u, child), child);
}

/* --- Types --- */

static bool is_wrapper(const entry *e)
{
    return e->tag == TAG_TYPEDEF || e->tag == TAG_CONST ||
           e->tag == TAG_VOLATILE || e->tag == TAG_RESTRICT ||
           e->tag == TAG_ATOMIC;
}

bool type_read(const unit *u, const uint8_t *type, entry *e)
{
    *e = (entry){.type = type};
    do {
        if (e->type == NULL)
            return false;
        entry_read(u, e->type, e);
    } while (is_wrapper(e));
    return true;
}

/* Of all but the first dimensions. */
uint64_t row_size(const unit *u, const entry *array)
{
    entry e;
    uint64_t size = type_size(u, array->type);
    bool is_first = true;
    for (bool more = first_child(u, array, &e); more; more = next_child(u, &e))
        if (e.tag == TAG_SUBRANGE && !is_first)
            size *= e.count;
        else
            is_first = false;
    return size;
}

uint64_t type_size(const unit *u, const uint8_t *type)
{
    entry e, rows;
    if (!type_read(u, type, &e))
        return 0;
    if (e.tag == TAG_POINTER) /* clang does not say it */
        return sizeof(void *);
    if (e.tag != TAG_ARRAY)
        return e.size;
    return first_child(u, &e, &rows) ? rows.count * row_size(u, &e) : 0;
}

/* --- Locations (2.5): the operations that variables at -O0 are made of --- */

enum operation {
    OP_ADDRESS = 0x03,
    OP_DEREFERENCE = 0x06,
    OP_NUMBER = 0x0e,
    OP_PLUS = 0x23,
    OP_REGISTER = 0x50,
    OP_REGISTER_PLUS = 0x70,
    OP_FRAME_BASE_PLUS = 0x91,
    OP_THREAD_LOCAL = 0x9b,
    OP_CFA = 0x9c,
    OP_ADDRESS_BY_INDEX = 0xa1,
    OP_GNU_THREAD_LOCAL = 0xe0,
};

static bool is_static(bytes location)
{
    uint64_t operation = take_number(&location, 1);
    return operation == OP_ADDRESS || operation == OP_ADDRESS_BY_INDEX ||
           operation == OP_NUMBER; /* _Thread_local */
}

uintptr_t locate(bytes location, const unit *u, bytes frame_base, uintptr_t cfa)
{
    uintptr_t at = 0;
    uintptr_t frame_pointer = cfa - 2 * sizeof(void *);
    while (location.at < location.end) {
        unsigned operation = (unsigned)take_number(&location, 1);
        if (operation == OP_ADDRESS)
            at = self->bias + take_number(&location, 8);
        else if (operation == OP_ADDRESS_BY_INDEX)
            at = self->bias + address_by_index(u, take_uleb(&location));
        else if (operation == OP_NUMBER)
            at = take_number(&location, 8);
        else if (operation == OP_THREAD_LOCAL ||
                 operation == OP_GNU_THREAD_LOCAL)
            at += NAMES_OF_LOCALS;
        else if (operation == OP_PLUS)
            at += take_uleb(&location);
        else if (operation == OP_CFA)
            at = cfa;
        else if (operation == OP_REGISTER + self->frame_pointer)
            at = frame_pointer;
        else if (operation == OP_REGISTER_PLUS + self->frame_pointer)
            at = frame_pointer + (uintptr_t)take_sleb(&location);
        else if (operation == OP_FRAME_BASE_PLUS)
            at = locate(frame_base, u, (bytes){0}, cfa) +
                 (uintptr_t)take_sleb(&location);
        else if (operation == OP_DEREFERENCE && at != 0)
            memcpy(&at, (const void *)at, sizeof at);
        else
            return 0;
    }
    return at;
}

/* --- Units (7.5.1) --- */

static bytes *take_layout(bytes *from, bytes *ignored, unit *u)
{
    uint64_t code = take_uleb(from);
    if (code == 0)
        return NULL;
    return code < MAX_FORMS ? &u->forms[code] : ignored;
}

static void read_layouts(unit *u, uint64_t offset)
{
    bytes from = skip_bytes(self->abbreviations, offset), ignored, *layout;
    memset(u->forms, 0, sizeof u->forms);
    while ((layout = take_layout(&from, &ignored, u)) != NULL) {
        uint64_t name, form;
        layout->at = from.at;
        take_uleb(&from);      /* its tag */
        take_number(&from, 1); /* whether it is a parent */
        do {
            name = take_uleb(&from);
            form = take_uleb(&from);
            if (form == FORM_IMPLICIT_CONST)
                take_sleb(&from);
        } while (name != 0 || form != 0);
        layout->end = from.at;
    }
}

static void read_root(unit *u)
{
    entry e;
    attribute a;
    bytes from = {u->root, u->all.end};
    bytes layout = begin_entry(u, &from, &e);
    while (a = take_attribute(u, &layout, &from), a.name != 0)
        if (a.name == AT_LINES)
            u->lines = a.value.number;
        else if (a.name == AT_DIRECTORY && a.value.text != NULL)
            u->directory = a.value.text;
        else if (a.name == AT_TEXTS)
            u->texts = a.value.number;
        else if (a.name == AT_ADDRESSES)
            u->addresses = a.value.number;
}

/* Opens the unit at the beginning of these bytes; false if it is of a kind
 * that is not read. Takes it away from them in either case. */
static bool unit_open(unit *u, bytes *from)
{
    enum { COMPILE = 1, NO_LINES = -1 };
    bytes header = *from;
    uint64_t length =
            take_number(&header, 4); /* the 64-bit format has 0xffffffff */
    u->all.at = from->at;
    from->at = header.at;
    take_bytes(from, length);
    u->all.end = header.end = from->at;
    u->version = (unsigned)take_number(&header, 2);
    bool is_new = u->version >= 5;
    uint64_t kind = is_new ? take_number(&header, 1) : COMPILE;
    uint64_t pointer = is_new ? take_number(&header, 1) : sizeof(void *);
    read_layouts(u, take_number(&header, 4));
    u->root = header.at + (is_new ? 0 : 1); /* version 4: the pointer's size */
    u->texts = u->addresses = 0;
    u->directory = "";
    u->lines = (uint64_t)NO_LINES;
    read_root(u); /* its own texts may come before it says where texts are, */
    read_root(u); /* hence twice */
    return u->version >= 2 && u->version <= 5 && kind == COMPILE &&
           pointer == sizeof(void *);
}

/* --- What has an address --- */

typedef struct thing {
    uintptr_t low, high; /* in the process */
    const uint8_t *unit, *entry;
    uint64_t tag;
} thing;

static struct {
    thing *at;
    size_t count, room;
} things;

static unit open_unit;

static bool make_room(void)
{
    enum { FIRST_ROOM = 1024 };
    size_t size = things.room * sizeof(thing);
    size_t more = size == 0 ? FIRST_ROOM * sizeof(thing) : 2 * size;
    void *at = size == 0 ? mmap(NULL, more, PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                         : mremap(things.at, size, more, MREMAP_MAYMOVE);
    if (at == MAP_FAILED)
        return false;
    things.at = at;
    things.room = more / sizeof(thing);
    return true;
}

static void add_thing(const unit *u, const uint8_t *at, entry *e)
{
    thing t = {.unit = u->all.at, .entry = at, .tag = e->tag};
    if (e->tag == TAG_FUNCTION && e->low != 0) {
        t.low = self->bias + e->low;
        t.high = self->bias + e->high;
    } else if (e->tag == TAG_VARIABLE && is_static(e->location)) {
        complete(u, e);
        t.low = locate(e->location, u, (bytes){0}, 0);
        t.high = t.low + type_size(u, e->type);
    }
    if (t.low != 0 && t.low < t.high &&
            (things.count < things.room || make_room()))
        things.at[things.count++] = t;
}

/* Entries stand one after the other, parents before their children. */
static void index_things(void)
{
    entry e;
    bytes info = self->info;
    while (info.at < info.end)
        if (unit_open(&open_unit, &info))
            for (const uint8_t *at = open_unit.root; at < open_unit.all.end;
                    at = e.next) {
                entry_read(&open_unit, at, &e);
                add_thing(&open_unit, at, &e);
            }
}

const unit *find_entry(uint64_t tag, uintptr_t address, entry *e)
{
    const thing *found = NULL;
    if (self == NULL) {
        self = image_self();
        index_things();
    }
    for (size_t i = 0; i < things.count; i++) {
        const thing *t = &things.at[i];
        if (t->tag == tag && t->low <= address && address < t->high &&
                (found == NULL || t->high - t->low < found->high - found->low))
            found = t;
    }
    if (found == NULL)
        return NULL;
    bytes from = {found->unit, self->info.end};
    if (open_unit.all.at != found->unit)
        unit_open(&open_unit, &from);
    entry_read(&open_unit, found->entry, e);
    complete(&open_unit, e);
    return &open_unit;
}
