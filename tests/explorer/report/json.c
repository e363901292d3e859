/*
 * The answer and the run for other tools, as JSON. docs/explorer-json.md
 * describes it, and tests/explorer/suite/json.jq holds it to that: what is changed here
 * is changed there.
 */
#include "tests/explorer/report/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1 };

/* --- Words that stay -------------------------------------------------------*/

static const char *mode_name(explorer_mode mode)
{
    switch (mode) {
    case EXPLORER_FIND:
        return "find";
    case EXPLORER_PROVE:
        return "prove";
    case EXPLORER_BRUTE:
        return "brute";
    case EXPLORER_REPLAY:
        return "replay";
    case EXPLORER_RANDOM:
        return "random";
    }
    return "other";
}

static const char *const kinds[] = {[OP_READ] = "read",
        [OP_WRITE] = "write",
        [OP_LOAD] = "load",
        [OP_STORE] = "store",
        [OP_UPDATE] = "update",
        [OP_COMPARE] = "compare",
        [OP_FREE] = "free",
        [OP_LOCK] = "lock",
        [OP_TRYLOCK] = "trylock",
        [OP_UNLOCK] = "unlock",
        [OP_WAIT] = "wait",
        [OP_WAITING] = "wake",
        [OP_SIGNAL] = "signal",
        [OP_BROADCAST] = "broadcast",
        [OP_READ_LOCK] = "read-lock",
        [OP_TRY_READ_LOCK] = "try-read-lock",
        [OP_WRITE_LOCK] = "write-lock",
        [OP_TRY_WRITE_LOCK] = "try-write-lock",
        [OP_QUEUE] = "queue",
        [OP_READ_UNLOCK] = "read-unlock",
        [OP_WRITE_UNLOCK] = "write-unlock",
        [OP_SPIN_LOCK] = "spin-lock",
        [OP_TRY_SPIN_LOCK] = "try-spin-lock",
        [OP_SPIN_UNLOCK] = "spin-unlock",
        [OP_ARRIVE] = "arrive",
        [OP_LEAVE] = "leave",
        [OP_ONCE] = "once",
        [OP_ONCE_DONE] = "once-done",
        [OP_TAKE] = "take",
        [OP_TRYTAKE] = "trytake",
        [OP_POST] = "post",
        [OP_VALUE] = "value",
        [OP_KEYS] = "keys",
        [OP_INIT] = "init",
        [OP_DESTROY] = "destroy",
        [OP_CREATE] = "create",
        [OP_JOIN] = "join",
        [OP_TRYJOIN] = "tryjoin",
        [OP_DETACH] = "detach",
        [OP_YIELD] = "yield",
        [OP_TIME] = "time",
        [OP_DEADLINE] = "deadline",
        [OP_SLEEPING] = "sleep",
        [OP_CHECK] = "check",
        [OP_EXIT] = "exit",
        [OP_END] = "end",
        [OP_OUTPUT] = "output",
        [OP_ASK] = "ask",
        [OP_UNTIL] = "until",
        [OP_RETURN] = "return",
        [OP_BEGIN] = "begin"};

static const char *kind_of(const row *r)
{
    size_t known = sizeof kinds / sizeof *kinds;
    bool is_known = (size_t)r->kind < known && kinds[r->kind] != NULL;
    return is_known ? kinds[r->kind] : "other";
}

static const char *const arrow_kinds[] = {[ARROW_CREATE] = "create",
        [ARROW_JOIN] = "join",
        [ARROW_RELEASE] = "release",
        [ARROW_WAKE] = "wake",
        [ARROW_WAIT] = "waits-for",
        [ARROW_RACE] = "race"};

/* --- Values ----------------------------------------------------------------*/

static void put_string(FILE *to, const char *s)
{
    char bytes[8];
    if (s == NULL) {
        fputs("null", to);
        return;
    }
    putc('"', to);
    for (unsigned c; (c = take_character(&s)) != 0;) {
        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", (char)c);
        else if (c == '\n' || c == '\t')
            fputs(c == '\n' ? "\\n" : "\\t", to);
        else
            fputs(put_character(bytes, c), to);
    }
    putc('"', to);
}

static void put_field(FILE *to, const char *name, const char *value)
{
    fprintf(to, "\"%s\": ", name);
    put_string(to, value);
    fputs(", ", to);
}

static const char *truth(bool is_so)
{
    return is_so ? "true" : "false";
}

/* What comes before an element of an array, each on a line of its own. */
static const char *separator(size_t index)
{
    return index == 0 ? "\n    " : ",\n    ";
}

static const char *end_of_array(size_t count)
{
    return count == 0 ? "]" : "\n  ]";
}

static void put_strings(
        FILE *to, const char *name, char *const *strings, size_t count)
{
    fprintf(to, "  \"%s\": [", name);
    for (size_t i = 0; i < count; i++) {
        fputs(separator(i), to);
        put_string(to, strings[i]);
    }
    fputs(end_of_array(count), to);
}

/* --- The answer ------------------------------------------------------------*/

static void put_options(FILE *to, const explorer_options *o)
{
    fprintf(to,
            "  \"options\": {\"mode\": \"%s\", \"spurious\": %u, "
            "\"timeouts\": %u, \"max_executions\": %lu, "
            "\"max_milliseconds\": %.0f, \"max_steps\": %u, "
            "\"seed\": %lu, \"depth\": %u},\n",
            mode_name(o->mode), o->spurious, o->timeouts, o->max_executions,
            o->max_seconds * 1000, o->max_steps, o->seed, o->depth);
}

static void put_answer(FILE *to, const explorer_result *r)
{
    fprintf(to,
            "  \"version\": %d,\n  \"verdict\": \"%s\",\n  \"what\": ", VERSION,
            explorer_verdict_name(r->verdict));
    put_string(to, r->what);
    fprintf(to,
            ",\n  \"race\": %s,\n  \"executions\": %lu,\n  \"cut\": %lu,\n"
            "  \"complete\": %s,\n  \"bounds\": {",
            truth(r->has_race), r->executions, r->cut, truth(r->is_complete));
    if (options.mode == EXPLORER_FIND && !r->is_complete)
        fprintf(to, "\"delays\": %u, ", r->bound);
    fprintf(to, "\"spurious\": %u, \"timeouts\": %u},\n", options.spurious,
            options.timeouts);
    fprintf(to, "  \"memory\": %s,\n  \"schedule\": ",
            explorer_is_sc_only(r) ? "\"sc\"" : "null");
    put_string(to, r->schedule);
    fputs(",\n", to);
    put_options(to, &options);
}

/* --- The run ---------------------------------------------------------------*/

/* Who created it; -1: nobody of whom the run knows. */
static int creator_of(const report *r, int thread)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->rows[i].kind == OP_CREATE && r->rows[i].other == thread)
            return r->rows[i].thread;
    return -1;
}

static void put_threads(FILE *to, const report *r)
{
    size_t count = 0;
    fputs("  \"threads\": [", to);
    for (int i = 0; r != NULL && i < MAX_THREADS; i++) {
        int creator = i == 0 ? -1 : creator_of(r, i);
        if (i > 0 && r->start[i] == NULL)
            continue;
        fprintf(to, "%s{", separator(count++));
        put_field(to, "name", thread_name(i));
        put_field(to, "function", i == 0 ? "main" : r->start[i]);
        fputs("\"creator\": ", to);
        put_string(to, creator < 0 ? NULL : thread_name(creator));
        putc('}', to);
    }
    fprintf(to, "%s,\n", end_of_array(count));
}

/* The words of accesses and of semaphores end with the value: "read x = 0",
 * "update x: 0 -> 1", "compare x: is 2". */
static const char *value_of(const row *r)
{
    static const char *const before[] = {" = ", " -> ", ": is "};
    const char *value = NULL;
    bool has_value = r->kind <= OP_COMPARE ||
                     (r->kind >= OP_TAKE && r->kind <= OP_VALUE);
    for (size_t i = 0; has_value && i < sizeof before / sizeof *before; i++)
        for (const char *at = r->text; (at = strstr(at, before[i])) != NULL;)
            value = at += strlen(before[i]);
    return value;
}

static const char *object_of(const row *r)
{
    if (r->kind == OP_CREATE)
        return r->other == 0 ? NULL : thread_name(r->other);
    return r->kind == OP_JOIN ? thread_name(r->other) : r->name;
}

static void put_place(FILE *to, const place *at)
{
    putc('{', to);
    put_field(to, "file", at->file);
    put_field(to, "function", at->function);
    fprintf(to, "\"line\": %d}", at->line);
}

/* Where it is in the program, where in a library that the program calls, and
 * how the thread came there. */
static void put_places(FILE *to, const row *r)
{
    bool is_in_library = r->inside.line != 0 &&
                         (r->inside.line != r->at.line ||
                                 strcmp(r->inside.file, r->at.file) != 0);
    fputs("\"at\": ", to);
    if (r->at.line == 0)
        fputs("null", to);
    else
        put_place(to, &r->at);
    fputs(", \"inside\": ", to);
    if (is_in_library)
        put_place(to, &r->inside);
    else
        fputs("null", to);
    fputs(", \"callers\": [", to);
    for (size_t i = 0; i < r->caller_count; i++) {
        fputs(i == 0 ? "" : ", ", to);
        put_place(to, &r->callers[i]);
    }
    fputs("], ", to);
}

static void put_step(FILE *to, const report *of, const row *r)
{
    text cell = {""}, name = {""};
    if (r->call != 0)
        name_call(&name, &of->calls[r->call - 1]);
    cell_of(&cell, of, r);
    if (r->number == 0)
        fputs("{\"number\": null, ", to);
    else
        fprintf(to, "{\"number\": %u, ", r->number);
    put_field(to, "thread", thread_name(r->thread));
    put_field(to, "kind", kind_of(r));
    put_field(to, "text", r->text);
    put_field(to, "object", object_of(r));
    put_field(to, "value", value_of(r));
    put_field(to, "call", r->call != 0 ? name.s : NULL);
    put_places(to, r);
    put_field(to, "mark", r->mark);
    fprintf(to, "\"key\": %s, \"shown\": %s, \"cell\": ", truth(r->is_key),
            truth(is_shown(r)));
    put_string(to, is_shown(r) ? cell.s : NULL);
    putc('}', to);
}

static void put_steps(FILE *to, const report *r)
{
    size_t count = r == NULL ? 0 : r->count;
    fputs("  \"steps\": [", to);
    for (size_t i = 0; i < count; i++) {
        fputs(separator(i), to);
        put_step(to, r, &r->rows[i]);
    }
    fprintf(to, "%s,\n", end_of_array(count));
}

static void put_arrows(FILE *to, const report *r)
{
    size_t count = r == NULL ? 0 : r->arrow_count;
    fputs("  \"arrows\": [", to);
    for (size_t i = 0; i < count; i++)
        fprintf(to, "%s{\"kind\": \"%s\", \"from\": %u, \"to\": %u}",
                separator(i), arrow_kinds[r->arrows[i].kind], r->arrows[i].from,
                r->arrows[i].to);
    fprintf(to, "%s,\n", end_of_array(count));
}

static void put_source(FILE *to, const report *r)
{
    size_t count = 0, written = 0;
    code *lines = r == NULL ? NULL : code_of(r, &count);
    fputs("  \"source\": [", to);
    for (size_t i = 0; i < count; i++) {
        if (lines[i].kind != CODE_LINE)
            continue;
        fprintf(to, "%s{", separator(written++));
        put_field(to, "file", lines[i].file);
        fprintf(to, "\"line\": %d, \"text\": ", lines[i].line);
        put_string(to, name_source(lines[i].file, lines[i].line));
        putc('}', to);
    }
    fprintf(to, "%s,\n", end_of_array(written));
    free(lines);
}

bool explorer_write_json(const explorer_result *result, FILE *to)
{
    const report *r = result->report;
    fputs("{\n", to);
    put_answer(to, result);
    put_threads(to, r);
    put_steps(to, r);
    put_arrows(to, r);
    put_source(to, r);
    put_strings(to, "ending", r == NULL ? NULL : r->ending,
            r == NULL ? 0 : r->ending_count);
    fputs(",\n  \"output\": ", to);
    put_string(to, r == NULL ? "" : r->printed);
    fputs(",\n", to);
    put_strings(to, "outcomes", result->outcomes, result->outcome_count);
    fputs("\n}\n", to);
    return !ferror(to);
}
