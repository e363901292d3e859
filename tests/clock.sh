#!/bin/sh
# Watches, with strace, the suites of all modules that take deadlines: no wait
# with a time limit may use the wall clock, and there must be such waits. (A
# wait without a limit may carry the flag; there is no time to go with it.)
# Tests tagged "long" are left out: strace makes each call some fifty times
# as slow, and they wait in no way that the others do not.
set -eu
export CK_TIMEOUT_MULTIPLIER=20 CK_EXCLUDE_TAGS=long

build=$1
status=0
for module in lock rlock semaphore event condition barrier queue timer; do
    trace=$build/tests/$module.strace
    strace -f -qq -e trace=futex,clock_nanosleep,nanosleep,ppoll,select \
        -o "$trace" "$build/tests/test_$module" >"$trace.out" ||
        { cat "$trace.out"; status=1; }
    limited=$(grep -c 'futex(.*WAIT.*{tv_sec=' "$trace" || true)
    wall=$(grep 'futex(.*{tv_sec=' "$trace" | grep -c CLOCK_REALTIME || true)
    echo "clock: $module: $limited waits with a limit, $wall by the wall clock"
    if [ "$limited" -eq 0 ] || [ "$wall" -ne 0 ]; then
        status=1
    fi
done
exit $status
