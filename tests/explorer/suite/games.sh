#!/bin/sh
# games.sh BUILD: plays programs/*.c, compiled with CC, by what stands in a file:
# to the bug, back again, wrongly, and by following the hints wherever a game has
# got to.
set -u
export LC_ALL=C
here=$(dirname "$0")
EXPLORER=$1/explorer
export EXPLORER
mkdir -p "$EXPLORER/games"
status=0
games=0

wrong() {
    echo "a game of $program: $*"
    status=1
}

# of PROGRAM: the games that follow are of that one.
of() {
    program=$1
    out=$EXPLORER/games/$program
    EXPLORE_CFLAGS="-I$here/../../.." "$here/../explore.sh" "$out" \
        "$here/programs/$program.c" "$EXPLORER/told.a" \
        "$EXPLORER/primitives.a" >"$out.text" 2>&1 ||
        wrong "$(cat "$out.text")"
}

# game STATUS LINES ARGUMENT...: so it ends.
game() {
    exit=$1
    lines=$2
    shift 2
    games=$((games + 1))
    # shellcheck disable=SC2059 # lines are to be lines
    printf "$lines" | timeout 60 "$out" --play "$@" >"$out.text" 2>&1
    got=$?
    [ "$got" = "$exit" ] ||
        wrong "\"$lines\" $* ends with $got instead of $exit:" \
            "$(tail -n 2 "$out.text")"
}

# says TEXT: it stands in the transcript of the last game.
says() {
    grep -q -e "$1" "$out.text" || wrong "\"$lines\" does not say \"$1\""
}

says_not() {
    grep -q -e "$1" "$out.text" && wrong "\"$lines\" says \"$1\""
}

# hints VERDICT LINES: from where these lead, hints lead to the bug.
hints() {
    choices=$2
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        exit=any
        lines="$choices\nh\n"
        # shellcheck disable=SC2059
        printf "$lines" | timeout 60 "$out" --play >"$out.text" 2>&1
        [ $? = 1 ] && break
        next=$(sed -n 's/.*  Let \([A-Za-z.0-9]*\) go .*/\1/p' "$out.text")
        [ -n "$next" ] || break
        choices="$choices $next"
    done
    games=$((games + 1))
    says "^$1: "
}

# The string that the last game gave stands for the same run.
replays() {
    string=$(sed -n 's/.*--replay \([^ ]*\).*/\1/p' "$out.text" | tail -n 1)
    [ "$string" = '""' ] && string=
    "$out" --replay "$string" >"$out.again" 2>&1
    sed '/^verdict=/d' "$out.again" | grep -v '^$' >"$out.run"
    while read -r line; do
        grep -q -F -e "$line" "$out.text" ||
            wrong "\"$lines\" and its replay differ in: $line"
    done <"$out.run"
    grep -q "^verdict=$1 " "$out.again" || wrong "the replay of \"$lines\"" \
        "finds $(tail -n 1 "$out.again")"
}

# --- A lost update: one line of code is two turns ------------------------------

of lost_update
game 1 'A\nB\nA\nB\n'
says '^broken check: assert(balance == 2) fails'
says 'overwrites step'
says 'with 3 choices and 2 switches. The explorer.s way has 3 and 1.'
says 'Your choices: ABA$'
says 'A         9  balance += 1;           write balance (has read 0)'
says 'main     18  pthread_join(a, NULL);  waits for A to end'
replays check
game 1 'abba\n'
says 'Your choices: ABB$'
replays check
game 1 'A\nB\n\n' # Enter: the same
says 'Your choices: ABB$'
game 0 '2A BB'
says 'All promises were kept'
says 'The bug is still there'
says 'Nobody else could go on, so main and B did'
game 0 ''
says 'Choice 1'
says_not 'in the middle'
game 0 'B'
says 'The game ends in the middle of a run'
says 'Your choices: B$'
game 0 'BBq\nA'
says_not 'Choice 4'

# Back and forth.
game 0 'ABuu\n'
says 'There is nothing to undo\|Choice 1'
game 0 'u\n'
says 'There is nothing to undo'
game 1 'AuBuABuuABB'
says 'Your choices: ABB$'
game 1 'ABBA\nu\nu\nA\nB\n' # out of the bug again: it has been reached
says 'Your choices: ABB$'
says 'All promises were kept'
game 0 'AB\nn\nBB\n'
says 'All promises were kept'
game 1 'n\nABn\nABB\nu\nl\n?\nq\n'
says 'the list of all that has happened'

# What is wrong gets one line, and the game goes on.
game 1 'x\nC\nA.7\nmain\nm.1\n\n7\n.\nAx\nABB\n'
says 'There is no "x"'
says 'There is no "C"'
says 'A has no way 7. A is: read balance = 0.'
says 'main waits for A to end.'
says 'Which thread?'
says 'There is no "Ax"\|There is no "x"'
says 'Your choices: ABB$'
game 0 'ABmBB'
says 'main waits for A to end. (2 more turns are left out.)'

hints 'broken check' ''
hints 'broken check' 'B'
hints 'broken check' 'AB'

# --- Others ----------------------------------------------------------------------

of lock_cycle
game 1 'AB'
says '^deadlock: A holds one and wants other; B holds other and wants one'
replays deadlock
game 0 'AA\nl\n'
says 'lock one'
game 0 'AA\nh\n'
says 'No run that begins like this fails: u goes back'
hints deadlock ''
hints deadlock 'B'

of early_signal
game 0 'mm\n'
hints 'lost wakeup' ''
hints 'lost wakeup' 'm'

of if_for_while
game 1 'm\nm\nm.2\nm\n'
says 'main.2 wakes (spurious)'
says 'waits for is_ready; or:'
says 'main waits for is_ready. main.2 is: wakes (spurious).'
replays check
game 0 'm m.2 A\n' --no-spurious
says 'The program is right'
hints 'broken check' ''

of early_deadline
game 1 '3m\nm.1\n'
says 'main.1 take done: time is up'
replays check
game 0 '3mA'
hints 'broken check' 'm'

of wrong_waiter
hints deadlock ''
hints deadlock 'B'
game 0 'ABBm\n'
says 'main   signal changed -> A'
says 'main.1 signal changed -> B'

of serial_is_not_the_last
hints 'broken check' ''
game 1 'm\nA.1\n'
says 'A.1    arrive at .*: all'

of children_of_two
hints 'broken check' ''
hints 'broken check' 'B'

of stack_shared # which is seen only when another comes there
hints '[a-z ]*' ''
replays check

of stack_used_elsewhere # in this choice only: what came before has more steps
game 1 'A\nu\nB\n'
says 'write main.s seen = 2'
replays check
game 1 'B\nu\nA\n'
says "Your choices: A$"
replays check

of race_alone
game 1 'A'
says '^data race: '
replays race

of not_freed
hints leak 'A'

of permit_is_gone
hints '[a-z ]*' ''

of aborts
game 1 'A\nq\n'
says 'There was nothing to choose'

of locked
game 0 'ABAABB\nh\n'
says 'The program is right'
says 'There is no way to a bug'
says 'So it is in all orders'

of told_deadlock
game 1 'AB'
says 'mine.lock.acquire'
says_not 'mutex'
replays deadlock
game 0 'A' --inside
says 'lock mine.lock.mutex'
says_not 'mine.lock.acquire'

of told_lost_wakeup
game 1 'm'
says 'A.2    ready.wait: wakes\|^lost wakeup'
hints 'lost wakeup' ''

of reads_input
game 2 'A'
says 'explorer: the program reads its input, from where the choices come'

# --- On a terminal -----------------------------------------------------------------

of lost_update
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    games=$((games + 1))
    lines='ABB on a terminal'
    printf 'A\nB\n\nq\n' |
        TERM=xterm NO_COLOR='' script -qec "$out --play" /dev/null \
            >"$out.text" 2>&1
    [ $? = 1 ] || wrong "on a terminal it ends with another status"
    says 'Your choices: ABB'
    says '\[36m  A' # in colour
fi

echo "explorer: $games games played"
exit $status
