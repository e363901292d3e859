#!/bin/sh
# told.sh HEADER: makes of a primitive's header a C file of stand-ins. Each,
# told_sync_lock_acquire() and so on, does what the function does that it is
# named after, and tells the explorer of the call and its result, so that a
# report can say "lock.acquire" in place of what happens inside. explore.sh lets
# programs call them. Functions that are not about an object of the header's own
# type, sync_TYPE, have none. A parameter `void *item` is what the call is given,
# and `void **item` is where it puts what it gives back.
set -eu
export LC_ALL=C

module=$(basename "$1" .h)
cat <<END
#include "$1"
#include "tests/explorer/explorer.h"

void __tsan_func_entry(void *called_from);
void __tsan_func_exit(void);

END

# Without comments and what is for the preprocessor; a declaration a line.
sed -e 's,//.*,,; s,/\*.*\*/,,g; /\/\*/,/\*\//d; /^ *#/d' "$1" |
    tr '\n' ' ' | tr ';{}' '[\n*]' | tr -s ' ' |
    awk -v own="sync_$module" '
# The name that a parameter has.
function name_of(parameter)
{
    if (match(parameter, /\(\*[a-z_]+\)/))
        return substr(parameter, RSTART + 2, RLENGTH - 3)
    match(parameter, /[a-z_]+ *$/)
    return substr(parameter, RSTART)
}

# The names of all, as a call has them.
function names_of(parameters,    depth, names, one, i, c)
{
    for (i = 1; i <= length(parameters); i++) {
        c = substr(parameters, i, 1)
        depth += (c == "(") - (c == ")")
        if (c == "," && depth == 0) {
            names = names name_of(one) ", "
            one = ""
        } else {
            one = one c
        }
    }
    return names name_of(one)
}

function what_of(type)
{
    if (type == "int")
        return "EXPLORER_ERROR"
    if (type == "bool")
        return "EXPLORER_TRUTH"
    if (type ~ /[*]$/)
        return "EXPLORER_POINTER"
    return type ~ /^(unsigned|size_t)$/ ? "EXPLORER_NUMBER" : "EXPLORER_NOTHING"
}

match($0, "^ *[a-z_]+ [*]?" own "_[a-z_]+[(] *(const )?" own " [*]") && /\) *$/ {
    sub(/^ */, "")
    open = index($0, "(")
    head = substr($0, 1, open - 1)
    parameters = substr($0, open + 1)
    sub(/\) *$/, "", parameters)
    match(head, own "_[a-z_]+$")
    type = substr(head, 1, RSTART - 1)
    sub(/ $/, "", type)
    name = substr(head, RSTART)
    names = names_of(parameters)
    object = names
    sub(/,.*/, "", object)
    keeps = type != "void"
    what = what_of(type)
    print type " told_" name "(" parameters ");"
    print type " told_" name "(" parameters ")\n{"
    print "    __tsan_func_entry(__builtin_return_address(0));"
    print "    explorer_call(\"" substr(name, length(own) + 2) "\", " object \
        ", sizeof *" object ");"
    if (parameters ~ /void \*item(,|$)/)
        print "    explorer_item(item);"
    print "    " (keeps ? type " result = " : "") name "(" names ");"
    if (parameters ~ /void \*\*item(,|$)/)
        print "    if (result == 0)\n        explorer_item(*item);"
    print "    explorer_return(" \
        (what == "EXPLORER_NOTHING" ? "0" : "(long)result") ", " what ");"
    print "    __tsan_func_exit();"
    print (keeps ? "    return result;\n}" : "}") "\n"
}'
