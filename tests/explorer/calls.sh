#!/bin/sh
# calls.sh BUILD: the page of the documentation that says which calls explored
# programs may make. It is made from the model's own objects and lists.
set -eu
export LC_ALL=C
model=$(dirname "$0")/model
objects=$1/explorer/tests/explorer/model

# What a file of the model is about: its first sentence.
about() {
    sed -n '2s/^ \* \([^.:]*\).*/\1/p' "$1"
}

# By the names that programs use.
plain_names() {
    sed 's/^__isoc[0-9]*_//; s/^__assert_fail$/assert/
        s/^__errno_location$/errno/; s/^__atomic_/atomics of any size: /
        s/^__pthread_register_cancel$/pthread_cleanup_push/
        s/^__pthread_unregister_cancel$/pthread_cleanup_pop/
        /^__pthread_unwind_next$/d; s/^__tsan.*//' | sort -u | grep .
}

# Names as cells of a table.
in_code() {
    sed 's/.*/`&`/' | paste -s -d ' '
}

cat <<END
# The calls that it knows

A program that is explored may call what is listed here. Anything else is refused
by name when the program is built. This page is made from the explorer's source.

## Modelled

They do what POSIX and C11 say, under the explorer's scheduler.

| what | calls |
| --- | --- |
END
for file in "$model"/*.c; do
    calls=$(nm "$objects/$(basename "$file" .c).o" |
        sed -n 's/.* T explored_//p' | plain_names | in_code)
    [ -z "$calls" ] || echo "| $(about "$file") | $calls |"
done
cat <<END

Attributes that change what an object does are modelled; of priorities and robust
mutexes only the defaults are. Objects may be marked as shared between processes,
but there is one process. Handlers of signals are accepted, and no signal comes.

## Passed on

These touch nothing that threads share, and go to libc as they are.

END
grep -v '^_' "$model/passed.txt" | in_code
cat <<END

## Refused

| why | calls |
| --- | --- |
END
while IFS=: read -r why calls; do
    echo "| $why | $(echo "$calls" | tr ' ' '\n' | grep . | sort | in_code) |"
done <"$model/refused.txt"
cat <<END

What is in none of these lists is refused as well.
END
