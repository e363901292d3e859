/*
 * Names for what a step is about, in the words of the program's author:
 * "balance", "forks[2]", "main's count", "block(14)" for what line 14
 * allocated. Never is an address shown.
 */
#include "tests/explorer/memory/memory.h"
#include "tests/explorer/report/dwarf.h"
#include "tests/explorer/report/record.h"

#include <string.h>
#include <sys/mman.h>

place where(uintptr_t pc, int *first_line)
{
    const char *file;
    int last;
    *first_line = 0;
    if (pc == 0)
        return (place){"?", "?", 0};
    if (!name_function_lines(pc - 1, &file, first_line, &last))
        *first_line = 0;
    return name_code(pc);
}

/* Nobody who explores a program wants to read its libraries, which have been
 * explored themselves: what is done there counts as done by the line that
 * called. */
bool is_library_code(const place *at)
{
    return strstr(at->file, "primitives/") != NULL;
}

/* The explorer's own folder; its functions are part of the same process. */
static bool is_own(const place *at)
{
    const char *name = strrchr(__FILE__, '/');
    size_t folder = name == NULL ? 0 : (size_t)(name - __FILE__) + 1;
    return strncmp(at->file, __FILE__, folder) == 0 &&
           strchr(at->file + folder, '/') == NULL;
}

/* A signal came while the program was in a call of libc or the explorer: the
 * way back is on the stack, at its lowest. */
static uintptr_t way_back(const thread *t, const op *o)
{
    place at = name_code(o->pc);
    uintptr_t sp = (o->frame + 7) & ~(uintptr_t)7;
    if ((at.line != 0 && !is_own(&at)) || !fiber_has(&t->fiber, sp))
        return o->pc;
    for (; sp < (uintptr_t)t->fiber.top; sp += 8) {
        at = name_code(*(const uintptr_t *)sp);
        if (at.line != 0 && !is_own(&at))
            return *(const uintptr_t *)sp;
    }
    return o->pc;
}

uintptr_t pc_in_program(const thread *t, const op *o)
{
    uintptr_t pc = o->kind == OP_CHECK ? way_back(t, o) : o->pc;
    place at = pc == 0 ? (place){"?", "?", 0} : name_code(pc);
    bool is_in_program = o->kind != OP_RETURN && !is_library_code(&at);
    /* The first function of a thread is not called by the program; and what
     * tells of calls has no lines. */
    for (uint32_t k = t->depth; k-- > 1 && k < CALLS && !is_in_program;) {
        pc = t->calls[k];
        at = name_code(pc);
        is_in_program = at.line != 0 && !is_library_code(&at);
    }
    if (!is_in_program)
        return o->pc;
    return at.line == 0 && o->kind != OP_CHECK ? o->pc : pc;
}

/* --- Memory ----------------------------------------------------------------*/

enum { PAGE = 4096 };

/* Whether the memory can be looked at without a crash of our own. */
bool is_there(uintptr_t address, size_t size)
{
    unsigned char resident;
    for (int i = 0; i < run.threads; i++)
        if (fiber_is_guard(&threads[i].fiber, address))
            return false;
    uintptr_t from = address & ~(uintptr_t)(PAGE - 1);
    if (address + size < address)
        return false;
    for (; from < address + size; from += PAGE)
        if (mincore((void *)from, PAGE, &resident) != 0)
            return false;
    return true;
}

/* Whether it was part of a function of another thread that has ended. */
static bool is_dead_stack(uintptr_t address)
{
    for (int i = 0; i < run.threads; i++) {
        const thread *t = &threads[i];
        if (t == run.self || !fiber_has(&t->fiber, address))
            continue;
        return t->state == ENDED ||
               (t->state == LIVE && t->op != NULL && address < t->op->frame);
    }
    return false;
}

bool is_usable(uintptr_t address, size_t size)
{
    if (is_dead_stack(address))
        return false;
    const block *b = memory_block(address);
    if (memory_is_heap(address) && (b == NULL || b->freed_at != 0 ||
                                           address + size > b->start + b->size))
        return false;
    return is_there(address, size);
}

/* Blocks are told apart by the line that allocated them, and by a number if that
 * line had allocated others before. */
static int number_of_block(const block *b)
{
    int number = 1, line = name_code(b->made_at).line;
    for (const block *other = NULL; (other = memory_next_block(other)) != NULL;)
        if (other->order < b->order && name_code(other->made_at).line == line)
            number++;
    return number;
}

static void name_block(text *to, const block *b, uintptr_t address)
{
    int number = number_of_block(b);
    if (b->name != NULL) {
        say(to, "%s", b->name);
        if (address > b->named)
            say(to, "+%zu", (size_t)(address - b->named));
        return;
    }
    say(to, "block(%d)", name_code(b->made_at).line);
    if (number > 1)
        say(to, "#%d", number);
    if (address != b->start)
        say(to, "+%zu", (size_t)(address - b->start));
}

/* The calls on a thread's stack, innermost first. The compiler told where each
 * was made from (__tsan_func_entry); the stack has the same return addresses,
 * each just below the canonical frame address of the function called. */
static size_t frames_of(const thread *t, const op *o, frame *frames)
{
    size_t count = 0;
    uintptr_t pc = o->pc, at = (o->frame + 7) & ~(uintptr_t)7;
    if (t->depth > CALLS || !fiber_has(&t->fiber, at))
        return 0;
    for (uint32_t k = t->depth; k-- > 0; at += 8) {
        while (at < (uintptr_t)t->fiber.top &&
                *(const uintptr_t *)at != t->calls[k])
            at += 8;
        if (at >= (uintptr_t)t->fiber.top)
            break;
        frames[count++] = (frame){pc - 1, at + 8};
        pc = t->calls[k];
    }
    return count;
}

/* A variable on a stack; the other threads say whose it is. */
static bool name_on_stack(
        text *to, const thread *t, const op *o, uintptr_t address, size_t size)
{
    frame frames[CALLS];
    char name[128];
    for (int i = 0; i < run.threads; i++) {
        const thread *owner = &threads[i];
        const op *at = owner == t ? o : owner->op;
        if (!fiber_has(&owner->fiber, address))
            continue;
        size_t count =
                owner->state == LIVE && at != NULL && address >= at->frame
                        ? frames_of(owner, at, frames)
                        : 0;
        if (!name_local(address, size, frames, count, name, sizeof name))
            say(to, "a local of %s", thread_name(i));
        else if (owner == t)
            say(to, "%s", name);
        else
            say(to, "%s's %s", thread_name(i), name);
        return true;
    }
    return false;
}

static bool name_thread_local(
        text *to, const thread *t, uintptr_t address, size_t size)
{
    char name[128];
    const thread *owner = owner_of(address);
    if (owner == NULL || !local_has(&owner->fiber.locals, address))
        return false;
    uintptr_t at = address - (uintptr_t)owner->fiber.locals.from;
    if (!name_data(NAMES_OF_LOCALS + at, size, name, sizeof name))
        say(to, "a _Thread_local of %s", thread_name(owner->id));
    else if (owner == t)
        say(to, "%s", name);
    else
        say(to, "%s's %s", thread_name(owner->id), name);
    return true;
}

static void name_at(
        text *to, const thread *t, const op *o, uintptr_t address, size_t size)
{
    char name[128];
    const block *b = memory_block(address);
    if (address < PAGE)
        say(to, address == 0 ? "NULL" : "NULL+%zu", (size_t)address);
    else if (name_hidden(address) != NULL)
        say(to, "%s", name_hidden(address));
    else if (name_data(address, size, name, sizeof name))
        say(to, "%s", name);
    else if (b != NULL)
        name_block(to, b, address);
    else if (!name_thread_local(to, t, address, size) &&
             !name_on_stack(to, t, o, address, size))
        say(to, is_there(address, size) ? "a constant" : "a wild pointer");
}

void name_memory(text *to, const thread *t, const op *o)
{
    name_at(to, t, o, o->address, o->size);
}

/* A mutex or the like: one byte of it stands for the whole. */
void name_object(text *to, const thread *t, const op *o)
{
    name_at(to, t, o, o->address, 1);
}

/* --- Values ----------------------------------------------------------------*/

static bool is_letter(int value)
{
    return value >= ' ' && value <= '~';
}

/* A pointer to data of the program: "&mail", "&jobs[2]", but "stop" for a text. */
static bool name_target(text *to, uintptr_t value, size_t points_to)
{
    char name[128];
    bool is_array = points_to <= 1 && name_type(value, 0).is_array;
    bool is_text = is_array && is_letter(*(const char *)value);
    size_t size = is_array ? !is_text : points_to;
    if (!name_data(value, size, name, sizeof name))
        return false;
    say(to, is_text ? "%s" : "&%s", name);
    return true;
}

/* What looks like a pointer: numbers so large are rarely anything else. To so
 * many bytes; 0: that is not known. */
static bool name_pointer(text *to, uintptr_t value, size_t points_to)
{
    enum { LARGE = 1 << 30 };
    char name[128];
    const block *b = memory_block(value);
    if (value < LARGE)
        return false;
    if (b == NULL && name_target(to, value, points_to))
        return true;
    if (b != NULL) {
        say(to, b->name == NULL ? "" : "&");
        name_block(to, b, value);
    } else if (points_to <= 1 && name_string(value, name, sizeof name))
        say(to, "%s", name);
    else if (strcmp(name_function(value), "?") != 0)
        say(to, "%s", name_function(value));
    else if (is_there(value, 1))
        say(to, "a pointer");
    else
        return false;
    return true;
}

static const int64_t largest = 1000000000000000;

static void name_word(text *to, int64_t value, size_t points_to)
{
    double real;
    memcpy(&real, &value, sizeof real);
    double size = real < 0 ? -real : real;
    if (name_pointer(to, (uintptr_t)value, points_to))
        return;
    if (value < largest && value > -largest)
        say(to, "%lld", (long long)value);
    else if (size > 1e-9 && size < 1e15)
        say(to, "%g", real);
    else
        say(to, "...");
}

void name_item(text *to, const thread *t, const op *o, const void *item)
{
    text name = {""};
    uintptr_t value = (uintptr_t)item;
    if (item == NULL)
        say(to, "NULL");
    else if (name_on_stack(&name, t, o, value, 0))
        say(to, "&%s", name.s);
    else
        name_word(to, (int64_t)value, 0);
}

/* Of most memory the type is not known. */
static void name_byte(text *to, int value, type_of_data type)
{
    if (is_letter(value) && (type.is_char || !type.is_known))
        say(to, value == '\'' || value == '\\' ? "'\\%c'" : "'%c'", value);
    else
        say(to, "%d", value);
}

/* Most numbers in such programs are signed. */
void name_value(text *to, uintptr_t address, size_t size)
{
    int8_t byte;
    int16_t half;
    int32_t whole;
    int64_t word;
    switch (size) {
    case 1:
        memcpy(&byte, (void *)address, size);
        name_byte(to, byte, name_type(address, size));
        break;
    case 2:
        memcpy(&half, (void *)address, size);
        say(to, "%d", half);
        break;
    case 4:
        memcpy(&whole, (void *)address, size);
        say(to, "%d", whole);
        break;
    case 8:
        memcpy(&word, (void *)address, size);
        name_word(to, word, name_type(address, size).points_to);
        break;
    default:
        say(to, "...");
    }
}
