#!/bin/sh
# Prints the line and branch coverage of each source file, from what a run of
# the suites has left in the build folder, and then what was not reached.
# A branch counts as reached when it was taken at least once.
set -eu

build=$1
shift
rm -rf "$build/gcov"
mkdir -p "$build/gcov"

printf '%-28s %8s %10s\n' file lines branches
for source in "$@"; do
    gcov --branch-probabilities --object-directory \
        "$build/obj/$(dirname "$source")" "$source" 2>/dev/null |
        awk -v wanted="$source" -F "[:' %]+" '
            /^File/ { here = $2 == wanted }
            here && /^Lines executed/ { lines = $3 }
            here && /^Taken at least once/ { branches = $5 }
            END { printf "%-28s %7.2f%% %9s\n", wanted, lines,
                  branches == "" ? "-" : sprintf("%.2f%%", branches) }'
    mv -f ./*.gcov "$build/gcov" 2>/dev/null || true
done

echo
echo "Not reached:"
for source in "$@"; do
    awk -F: -v source="$source" '
        { count = $1; gsub(/ /, "", count) }
        count == "#####" {
            printf "%s:%d:%s\n", source, $2, substr($0, index($0, $3)) }
        /^branch/ && (/never executed/ || /taken 0%/) {
            printf "%s:%d: a branch of:%s\n", source, line, text }
        !/^branch|^call|^function/ {
            line = $2 + 0; text = substr($0, index($0, $3)) }' \
        "$build/gcov/$(basename "$source").gcov"
done
