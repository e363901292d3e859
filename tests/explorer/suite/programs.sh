#!/bin/sh
# programs.sh BUILD COMPILER...: explores programs/*.c, each with
# all compilers that there are, and sees that what their first lines expect is
# found: by find, within 1,000 executions, by prove, at random, and by a replay
# of what these found, whose pictures and JSON must be alike. Then come wrong
# arguments, and signals.
#
# One program with one compiler: programs.sh --one BUILD COMPILER FILE.
set -u
export LC_ALL=C
here=$(dirname "$0")
most=1000

# Prints what is wrong.
wrong() {
    echo "$program, $CC: $*"
    status=1
}

# answer WORD: its value in the last line of the output.
answer() {
    tail -n 1 "$out.text" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

run() {
    timeout 60 "$out" "$@" </dev/null >"$out.text" 2>&1
    got=$?
}

# says TEXT: it stands in the output.
says() {
    [ -z "$1" ] || grep -q -e "$1" "$out.text" ||
        wrong "does not say \"$1\": $(head -n 3 "$out.text")"
}

# finds ARGUMENT...: the expected verdict, race and exit status.
finds() {
    run "$@"
    case $verdict in
    ok) exit=0 ;;
    none) exit=3 ;;
    *) exit=1 ;;
    esac
    [ "$(answer verdict)" = "$verdict" ] ||
        wrong "$* finds $(answer verdict) instead of $verdict" \
            "(exit status $got): $(head -n 3 "$out.text")"
    [ -z "$race" ] || [ "$(answer race)" = "$race" ] ||
        wrong "$* finds race=$(answer race) instead of $race"
    [ "$got" = $exit ] || wrong "$* exits with $got instead of $exit"
}

# draws NAME ARGUMENT...: as finds, with a picture and JSON.
draws() {
    drawn=$out.$1
    shift
    finds --svg "$drawn.svg" --json "$drawn.json" "$@"
}

# All that was drawn and written is well formed.
is_well_formed() {
    xmllint --noout "$out".*.svg || wrong "draws no XML"
    grep -q -i -e '<script' -e '<style' -e '<image' "$out".*.svg &&
        wrong "draws more than lines and text"
    jq -f "$here/json.jq" "$out".*.json >"$out.wrong" 2>&1
    grep -v true "$out.wrong" && wrong "writes wrong JSON"
}

# the_run FILE.json: without what was found in other runs.
the_run() {
    sed -E '/^  "(race|executions|cut|complete|bounds|memory|options)": /d' "$1"
}

# expectation TEXT: as it stands in the program.
expectation() {
    arguments=$(echo "$1" | sed -n 's/.* with \(.*\)/\1/p')
    text=${1% with *}
    verdict=$(echo "$text" | sed -n 's/.*verdict=\([a-z-]*\).*/\1/p')
    race=$(echo "$text" | sed -n 's/.*race=\([a-z]*\).*/\1/p')
    endless=$(echo "$text" | sed -n 's/.*\(endless\).*/\1/p')
    words=$(echo "$text" | sed -n 's/.*says=\(.*\)/\1/p')
    case $text in
    *exit=2*)
        for mode in --find --prove; do
            [ -x "$out" ] && run $mode
            [ "$got" = 2 ] || wrong "$mode exits with $got instead of 2"
            says "$words"
        done
        return
        ;;
    esac
    for mode in --find --prove --random; do
        # shellcheck disable=SC2086 # arguments are several words
        draws "${mode#--}" $mode $arguments
        says "$words"
        number=$(answer executions)
        [ $mode != --prove ] || [ "$(answer complete)" = yes ] ||
            [ "$verdict" = livelock ] || [ -n "$endless" ] ||
            wrong "$mode is not complete"
        [ "$verdict" = ok ] || [ "$verdict" = none ] && continue
        [ $mode != --find ] || [ "${number:-0}" -le $most ] ||
            wrong "$mode needs $number executions"
        replay=$(sed -n 's/.*--replay \([^ ]*\).*/\1/p' "$out.text")
        [ -n "$replay" ] || wrong "$mode gives nothing to replay"
        [ "$replay" = '""' ] && replay= # the default order
        # shellcheck disable=SC2086
        draws again --replay "$replay" $arguments
        # The watchdog barks where it happens to be.
        grep -q "without a step" "$out.text" && continue
        cmp -s "$out.${mode#--}.svg" "$out.again.svg" ||
            wrong "$mode and the replay draw different pictures"
        the_run "$out.${mode#--}.json" >"$out.run"
        the_run "$out.again.json" | cmp -s - "$out.run" ||
            wrong "$mode and the replay write different JSON"
    done
}

one() {
    export CC="$2"
    program=$3
    status=0
    out=$EXPLORER/programs/$CC-$(basename "$program" .c)
    rm -f "$out" "$out".*.svg "$out".*.json
    EXPLORE_CFLAGS="-I$here/../../.." "$here/../explore.sh" "$out" "$program" \
        "$EXPLORER/told.a" "$EXPLORER/primitives.a" >"$out.text" 2>&1
    got=$?
    sed -n 's,^/\* expect: \(.*\) \*/$,\1,p' "$program" >"$out.expect"
    [ -s "$out.expect" ] || wrong "expects nothing"
    while read -r line; do
        expectation "$line" </dev/null
    done <"$out.expect"
    [ ! -x "$out" ] || [ "$got" = 2 ] || is_well_formed
    return $status
}

# Each line: wrong arguments.
wrong_arguments() {
    export CC="$1"
    program="the command line"
    status=0
    out=$EXPLORER/programs/$CC-lost_update
    while read -r line; do
        # shellcheck disable=SC2086
        run $line
        [ "$got" = 2 ] || wrong "$line: exits with $got instead of 2"
        [ "$(wc -l <"$out.text")" = 1 ] || wrong "$line: not one line"
    done <<END
--wrong
--find --prove
--prove --replay 1A
--replay
--replay nonsense
--replay 1A,
--replay 1Z
--replay 999A
--spurious 1 --no-spurious
--spurious
--spurious -1
--spurious 1.5
--timeouts many
--seed 1
--seed 1 --prove
--random --seed
--random --seed -1
--random --seed 1e40
--random 0
--random 1.5
--random --find
--pct
--pct 0
--pct 33
--pct 2 --prove
--jobs 2
--random --jobs 0
--random --jobs 65
--max-executions 0
--max-executions
--max-steps 0
--max-seconds 0
--max-seconds nan
--svg
--json
--svg /
--json no/such/folder/file
--svg - --json -
--play --prove
--play --brief
--play --json -
--play --seed 1
program.c
END
    out=$EXPLORER/programs/$CC-locked
    run --prove --max-executions 1
    [ "$got" = 3 ] || wrong "a limit: exits with $got instead of 3"
    [ "$(answer verdict)" = none ] || wrong "a limit: $(answer verdict)"
    [ "$(answer complete)" = no ] || wrong "a limit: complete"
    run --random 17 --seed 5
    [ "$(answer executions)" = 17 ] || wrong "--random 17: $(answer executions)"
    [ "$(answer seed)" = 5 ] || wrong "--seed 5: $(answer seed)"
    run --pct 3
    [ "$(answer bounds)" = depth:3,spurious:1,timeouts:1 ] ||
        wrong "--pct 3: $(answer bounds)"
    run --help
    [ "$got" = 0 ] || wrong "--help exits with $got"
    run --json -
    jq -e -f "$here/json.jq" "$out.text" >/dev/null ||
        wrong "--json -: there is more than JSON"
    run --svg /dev/full
    [ "$got" = 2 ] || wrong "a full disk: exits with $got"
    return $status
}

# releases NAME ARGUMENT...: how many arrows of that kind its run has.
releases() {
    out=$EXPLORER/programs/$CC-$1
    shift
    run "$@" --json -
    jq '[.arrows[] | select(.kind == "release")] | length' "$out.text"
}

# A relaxed load takes over what was left only if a fence follows.
arrows_of_fences() {
    export CC="$1"
    program="arrows of fences"
    status=0
    [ "$(releases released_publication --replay 2A)" = 1 ] || wrong "released"
    [ "$(releases fenced_publication --replay 2A)" = 1 ] || wrong "fenced"
    [ "$(releases relaxed_publication)" = 0 ] || wrong "relaxed"
    return $status
}

# What is inside a primitive is shown only if that is asked for, and what others
# cannot notice never breaks a call in two, nor does the end of the run.
insides() {
    export CC="$1"
    program="calls of primitives"
    status=0
    out=$EXPLORER/programs/$CC-told_deadlock
    for mode in --find --prove; do
        run $mode
        grep -q mutex "$out.text" && wrong "$mode tells of a mutex"
        run $mode --inside
        says "lock mine.lock.mutex"
        grep -q "mine.lock.acquire" "$out.text" && wrong "--inside tells calls"
    done
    out=$EXPLORER/programs/$CC-told_sleeper
    run --find
    [ "$(grep -c "16 jobs.get" "$out.text")" = 1 ] || wrong "a sleeper has two rows"
    return $status
}

# What is not XML, not JSON, or not UTF-8, in the source and in the output: the
# same letter e with an accent twice, as UTF-8 and as Latin-1, and a text that
# would end what stands around it.
odd_text() {
    export CC="$1"
    program="odd text"
    status=0
    out=$EXPLORER/programs/$CC-odd
    accent=$(printf '\303\251')
    latin=$(printf '\351')
    cat >"$out.c" <<END
#include <assert.h>
#include <stdio.h>
int main(void)
{
	printf("\\033\\001\\377 ]]>"); /* $accent $latin */
	assert("</text>" == NULL && "\\"&amp;$accent$latin");
}
END
    "$here/../explore.sh" "$out" "$out.c" >"$out.text" 2>&1
    verdict=check
    race=no
    draws odd
    is_well_formed
    grep -q "&lt;/text&gt;.*&amp;amp;$accent" "$out.odd.svg" ||
        wrong "the picture does not have it all"
    grep -q "\\\\\"&amp;$accent" "$out.odd.json" ||
        wrong "JSON does not have it all"
    return $status
}

# A program that cannot be gone through in a lifetime: until it catches signals,
# and then one comes.
signalled() {
    "$out" "$@" </dev/null >"$out.text" 2>&1 &
    until grep -q '^SigCgt:.*[4-7c-f]...$' "/proc/$!/status"; do
        kill -0 $! || break
    done
    kill -TERM $!
    wait $!
    got=$?
}

# ends STATUS VERDICT ARGUMENT...: so it ends when it is told to.
ends() {
    exit=$1
    verdict=$2
    shift 2
    signalled "$@"
    [ "$got" = "$exit" ] || wrong "$* exits with $got when it is stopped"
    [ "$(answer verdict)" = "$verdict" ] ||
        wrong "$* finds $(answer verdict) when it is stopped"
    [ "$(answer complete)" = no ] || wrong "$* is complete though stopped"
    grep -q "Ctrl-C" "$out.text" &&
        wrong "$* shows its progress where there is no terminal"
}

signals() {
    export CC="$1"
    program="a signal"
    status=0
    out=$EXPLORER/programs/$CC-endless_work
    "$here/../explore.sh" "$out" "$here/endless_work.c" || return 1
    ends 3 none --prove
    ends 3 none --random 1000000000
    ends 3 none --random 1000000000 --jobs 2
    ends 1 check --prove -- fails
    return $status
}

if [ "$1" = --one ]; then
    shift
    EXPLORER=$1/explorer
    export EXPLORER
    one "$@"
    exit
fi

EXPLORER=$1/explorer
export EXPLORER
build=$1
shift
mkdir -p "$EXPLORER/programs"
failed=0
for compiler; do
    command -v "$compiler" >/dev/null || continue
    for file in "$here"/programs/*.c; do
        echo "$compiler $file"
    done
done >"$EXPLORER/programs/all"
[ -s "$EXPLORER/programs/all" ] || exit 1
xargs -P "$(nproc 2>/dev/null || echo 2)" -L 1 "$0" --one "$build" \
    <"$EXPLORER/programs/all" || failed=1
compiler=$(head -n 1 "$EXPLORER/programs/all" | cut -d ' ' -f 1)
wrong_arguments "$compiler" || failed=1
arrows_of_fences "$compiler" || failed=1
insides "$compiler" || failed=1
odd_text "$compiler" || failed=1
signals "$compiler" || failed=1
echo "explorer: $(wc -l <"$EXPLORER/programs/all") programs explored, with" \
    "$(cut -d ' ' -f 1 "$EXPLORER/programs/all" | sort -u | tr '\n' ' ')"
exit $failed
