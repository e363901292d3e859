#!/bin/sh
# Whether the commands that docs/transfer.md shows still give the lines that it
# quotes. In a block that begins with "$ ", such lines are commands, "..."
# stands for anything, and so does each address and number. What comes out
# otherwise once in a while gets several tries.
set -eu
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT

# The blocks, each in a file.
awk -v to="$scratch/block" '
    /^```/ { inside = !inside; is_first = 1; next }
    inside && is_first { is_shown = /^\$ /; blocks += is_shown; is_first = 0 }
    inside && is_shown { print > (to blocks) }' docs/transfer.md

# What a quoted line must match.
pattern_of() {
    sed -E 's/[][\.*^$(){}+?|]/\\&/g; s/\\\.\\\.\\\./.*/g
        s/0x[0-9a-f]+/0x[0-9a-f]+/g; s/[0-9]{3,}/[0-9]+/g; s/$/ *$/'
}

runs_as_shown() {
    sed -n 's/^\$ //p' "$1" >"$scratch/commands"
    sh "$scratch/commands" >"$scratch/output" 2>&1 </dev/null || true
    grep -v -e '^\$ ' -e '^\.\.\.$' -e '^$' "$1" | pattern_of \
        >"$scratch/patterns" || [ ! -s "$scratch/output" ] || {
        echo "it should print nothing"
        return 1
    }
    while IFS= read -r pattern; do
        grep -qE -e "^$pattern" "$scratch/output" || {
            echo "not found: $pattern"
            return 1
        }
    done <"$scratch/patterns"
}

# Not everywhere may a program be traced.
gdb -batch -ex run true 2>&1 | grep -q 'exited normally' || {
    echo "gdb cannot run programs here, and is left out."
    grep -l '^\$ gdb ' "$scratch"/block* | xargs rm
}

for block in "$scratch"/block*; do
    tries=1
    until runs_as_shown "$block" >"$scratch/why"; do
        tries=$((tries + 1))
        [ $tries -le 20 ] || {
            cat "$scratch/why" "$block" "$scratch/output"
            exit 1
        }
    done
done
echo "docs/transfer.md: the tools say what it quotes."
