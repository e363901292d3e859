#!/bin/sh
# told.sh BUILD COMPILER LESSON...: each lesson is as its table says, three
# times and with the same words, while both cores are busy; and a lesson whose
# table lies says so. Then come the forms, the options, and wrong arguments.
set -u
export LC_ALL=C
status=0

wrong() {
    echo "lessons: $*"
    status=1
}

# gives STATUS COMMAND...: its output is in $work/out.
gives() {
    expected=$1
    shift
    timeout 60 "$@" >"$work/out" 2>&1 </dev/null
    got=$?
    [ $got = "$expected" ] ||
        wrong "$* exits with $got instead of $expected:" \
            "$(tail -n 3 "$work/out")"
}

says() {
    grep -q -e "$1" "$work/out" || wrong "it does not say: $1"
}

# Not everywhere is there a terminal to be had.
has_terminal() {
    script -q -c true /dev/null >/dev/null 2>&1 </dev/null
}

# --- As it says, every time ---------------------------------------------------

# On a terminal, with Enter as often as it likes: screens of 24 rows.
presents() {
    yes '' | head -n 2000 | timeout 120 script -q -e -c \
        "stty -echo; TERM=xterm $1 --present --no-luck" /dev/null \
        >"$work/screens" || wrong "$1 --present fails on a terminal"
    tr -d '\r' <"$work/screens" |
        sed "s/$(printf '\033')\[[0-9;]*m//g" | awk -v name="$1" '
            BEGIN { RS = "\033\\[H\033\\[2J"; FS = "\n" }
            NR > 1 && NF > 24 { print "lessons: " name \
                ": a screen of " NF " rows: " $1; exit 1 }' || status=1
}

# On paper, a page holds 60 lines.
prints() {
    gives 0 "$1" --worksheet
    awk -v name="$1" 'BEGIN { RS = "\f"; FS = "\n" }
        NF > 61 { print "lessons: " name ": a page of " NF " lines: " $1
            exit 1 }' "$work/out" || status=1
}

if [ "$1" = --one ]; then
    lesson=$2
    work=$(dirname "$2")/../told/$(basename "$2")
    mkdir -p "$work"
    for time in 1 2 3; do
        gives 0 "$lesson" --no-luck
        [ $time = 1 ] && cp "$work/out" "$work/first"
        cmp -s "$work/first" "$work/out" ||
            wrong "$lesson tells it otherwise the next time"
    done
    grep -q "$(printf '\033')" "$work/out" && wrong "$lesson: colour"
    awk -v name="$lesson" 'length > 80 && !seen++ {
        print "lessons: " name " is wider than 80: " $0; exit 1 }' \
        "$work/out" || status=1
    has_terminal && presents "$lesson"
    prints "$lesson"
    exit $status
fi

build=$1
CC=$2
shift 2
work=$build/told
mkdir -p "$work"

# More at a time than there are cores, and something else to do besides.
tell_under_load() {
    busy=
    for _ in 1 2; do
        while :; do :; done &
        busy="$busy $!"
    done
    printf '%s\n' "$@" | xargs -n 1 -P 4 "$0" --one || status=1
    # shellcheck disable=SC2086 # several numbers
    kill $busy
}

# lies LESSON EDIT: with its table changed thus, the lesson must object.
lies() {
    name=$(basename "$1")
    sed "$2" "lessons/$name/lesson.c" >"$work/lie.c"
    if cmp -s "$work/lie.c" "lessons/$name/lesson.c"; then
        wrong "$2 changes nothing in lesson $name"
        return
    fi
    # shellcheck disable=SC2046 # several files
    $CC -std=c11 -pthread -I. -D_POSIX_C_SOURCE=200809L -o "$work/lie" \
        "$work/lie.c" \
        $(find "$build/obj/lessons/telling" "$build/obj/lessons/$name" \
            -name '*.o' ! -name lesson.o) \
        "$build/explorer/lessons/$name.o" "$build/explorer/explorer.o" \
        "$build/liblockstep.a" -lm || wrong "the lie does not build"
    gives 1 "$work/lie" --no-luck
    says "It is not so"
}

# --- Forms ----------------------------------------------------------------------

forms() {
    lock=$build/lessons/lock
    gives 0 "$lock" --help
    says '--present'
    gives 0 "$lock" --list
    says 'lost_update'
    gives 0 "$lock" --scene lost_update --no-luck
    says 'Rule:'
    gives 0 "$lock" --no-luck --scene lost_update --inside
    gives 0 "$lock" --no-luck --scene lost_update
    replay=$(sed -n 's/^ *replay: build\///p' "$work/out" | head -n 1)
    # shellcheck disable=SC2086 # several words
    gives 1 "$build"/$replay
    says 'balance == 2'
    gives 2 "$lock" --scene lost_update --replay 999Z
    gives 0 "$lock" --scene lost_update --svg "$work/run.svg"
    grep -q '</svg>' "$work/run.svg" || wrong "--svg draws nothing"
    gives 0 "$lock" --worksheet --scene lost_update
    says 'Find an order'
    gives 0 "$lock" --present --scene lost_update
    says 'What can go wrong?'
    gives 0 "$lock" --summary "$work/lock.txt"
    says 'lost_update'
    grep -q 'Rule:' "$work/lock.txt" || wrong "--summary writes no lesson"
    printf 'A\nB\nB\n' >"$work/choices"
    "$lock" --play lost_update <"$work/choices" >"$work/out" 2>&1
    [ $? = 1 ] || wrong "--play does not reach the bug"
    says 'balance == 2 fails'
    gives 0 "$lock" --play lost_update_locked # and the input ends at once
    gives 2 "$lock" --play nothing
    gives 2 "$lock" --scene nothing
    gives 2 "$lock" --scene
    gives 2 "$lock" --svg "$work/run.svg"
    gives 2 "$lock" --scene lost_update --svg "$work/no/such/folder"
    gives 2 "$lock" --summary /dev/full
    gives 2 "$lock" --list --map
    gives 2 "$lock" nonsense
    "$lock" --list >/dev/full 2>"$work/out" && wrong "a full disk is not seen"
}

# What the README quotes is what the lesson says.
quoted() {
    gives 0 "$build/lessons/lock" --no-luck --scene lost_update
    awk '/^```/ { quotes = !quotes; next } quotes' README.md >"$work/quoted"
    [ -s "$work/quoted" ] || wrong "README.md quotes nothing"
    grep -v -x -F -f "$work/out" "$work/quoted" >"$work/untrue" &&
        wrong "README.md quotes what is not said: $(head -n 1 "$work/untrue")"
}

# Each scene has its place in the plan for teaching.
taught() {
    for lesson; do
        "$lesson" --list | sed -n 's/^\([a-z_]*\).*/\1/p' | while read -r scene
        do
            [ -z "$scene" ] || grep -q "$scene" docs/teaching.md ||
                echo "lessons: docs/teaching.md does not name $scene"
        done
    done >"$work/untaught"
    [ ! -s "$work/untaught" ] || wrong "$(cat "$work/untaught")"
}

# Colour on a terminal, unless one does not want it.
colours() {
    escape=$(printf '\033')
    script -q -c "TERM=xterm $1 --list" /dev/null </dev/null |
        grep -q "$escape" || wrong "no colour on a terminal"
    script -q -c "NO_COLOR=1 TERM=xterm $1 --list" /dev/null </dev/null |
        grep -q "$escape" && wrong "colour in spite of NO_COLOR"
}

tell_under_load "$@"
lies "$build/lessons/lock" 's/BROKEN_AND_RACES(lost_update, CHECK)/BROKEN_AND_RACES(lost_update, DEADLOCK)/'
lies "$build/lessons/lock" 's/BROKEN_AND_RACES(lost_update, /BROKEN(lost_update, /'
lies "$build/lessons/lock" 's/FIX(lost_update_locked)/FIX(lost_update)/'
forms
quoted
taught "$@"
if has_terminal; then
    colours "$build/lessons/lock"
else
    echo "lessons: there is no terminal here; that part is left out"
fi
[ $status = 0 ] && echo "lessons: $# are as they say, three times each"
exit $status
