#!/bin/sh
# prove.sh SCENARIO PROGRAM...: runs the programs, as many at a time as there
# are processors, and prints their tables in order. SCENARIO is the name of those
# that are wanted, or a pattern. BRIEF=1 leaves out what has been proved.
set -u

scenario=$1
shift
begin=$(date +%s)

# The last are the longest, and begin first.
printf '%s\n' "$@" | sort -r | xargs -P "$(nproc)" -I PROGRAM sh -c \
    'PROGRAM ${1:+"$1"} >PROGRAM.txt' prove "$scenario"
status=$?

for program; do
    if [ -n "${BRIEF:-}" ]; then
        grep -v -E ' +[0-9]+  proved' "$program.txt" | sed 1d
    else
        cat "$program.txt"
        echo
    fi
done
seconds=$(($(date +%s) - begin))
for program; do
    tail -n 1 "$program.txt"
done | awk -v seconds="$seconds" '
    { scenarios += $2; classes += $4 }
    END { printf "%d scenarios, %d classes of runs, %d seconds\n",
          scenarios, classes, seconds; exit scenarios == 0 }'
[ $? = 0 ] || { echo "There is no such scenario."; exit 2; }
[ $status = 0 ] || { echo "Not all is right: see above."; exit 1; }
