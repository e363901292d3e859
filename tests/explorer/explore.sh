#!/bin/sh
# explore.sh OUT FILE...: makes of a program's C files (and archives of
# objects) one that explores it. CC, EXPLORE_CFLAGS and EXPLORER, the explorer's
# folder of objects, come from the environment.
#
# The compiler puts a call at each access of memory (-fsanitize=thread), and
# the explorer answers these calls in place of the sanitizer. What the program
# calls in libc is renamed, so that it too comes to the explorer, while the
# explorer itself goes on calling libc.
set -eu
export LC_ALL=C

out=$1
shift
here=$(dirname "$0")
work=$out.parts
mkdir -p "$work"

case $("$CC" --version) in
*clang*) hooks="-fsanitize=thread -mllvm -tsan-instrument-read-before-write=1" ;;
*) hooks=-fsanitize=thread ;;
esac

objects=
archives=
number=0
for file; do
    case $file in
    *.a) archives="$archives $file" ;;
    *.o) objects="$objects $file" ;;
    *)
        number=$((number + 1))
        # shellcheck disable=SC2086 # options are several words
        "$CC" ${EXPLORE_CFLAGS:-} -O0 -g $hooks -fno-common -fno-builtin -Dregister= \
            -U_FORTIFY_SOURCE -pthread -c -o "$work/$number.o" "$file" ||
            exit 2
        objects="$objects $work/$number.o"
        ;;
    esac
done

# Where an archive tells of its calls (told.sh), programs that use it do.
# shellcheck disable=SC2086 # lists of files
if [ -n "$archives" ] && [ -n "$objects" ]; then
    nm -g $archives 2>/dev/null | sed -n 's/.* T told_//p' | sort -u \
        >"$work/told"
    nm -g --defined-only $objects | sed 's/.* //' | sort -u |
        comm -23 "$work/told" - | sed 's/.*/& told_&/' >"$work/telling"
    if [ -s "$work/telling" ]; then
        ld -r -o "$work/program.o" $objects || exit 2
        objcopy --redefine-syms "$work/telling" "$work/program.o"
        objects=$work/program.o
    fi
fi
# shellcheck disable=SC2086
ld -r -o "$work/all.o" $objects $archives || exit 2
nm -u "$work/all.o" | sed 's/^ *U //; s/^ *w //' | sort -u >"$work/wanted"
comm -12 "$work/wanted" "$EXPLORER/modelled" |
    sed 's/.*/& explored_&/' >"$work/renamed"
echo "main explored_main" >>"$work/renamed"

unknown=$(grep -v -E '^(__tsan_|explorer_|_GLOBAL_OFFSET_TABLE_)' \
    "$work/wanted" | comm -23 - "$EXPLORER/modelled" |
    grep -v -x -F -f "$here/model/passed.txt" || true)
if [ -n "$unknown" ]; then
    for name in $unknown; do
        reason=$(sed -n "s/^\(.*\):.* $name\( .*\)*\$/\1/p" \
            "$here/model/refused.txt")
        echo "explorer: the program uses $name:" \
            "${reason:-that} is not modelled" |
            sed 's/s is not modelled/s are not modelled/'
    done >&2
    exit 2
fi
objcopy --redefine-syms "$work/renamed" \
    --rename-section .text=explored_text \
    --rename-section .data=explored_data \
    --rename-section .data.rel=explored_data \
    --rename-section .data.rel.local=explored_data \
    --rename-section .bss=explored_bss \
    ${EXPLORE_KEEP:---keep-global-symbol=explored_main} \
    "$work/all.o" "$work/renamed.o"
case $out in
*.o) cp "$work/renamed.o" "$out" ;;
*)
    if ! nm "$work/renamed.o" | grep -q ' T explored_main$'; then
        echo "explorer: the program has no main" >&2
        exit 2
    fi
    "$CC" -pthread -o "$out" "$work/renamed.o" "$EXPLORER/main.o" \
        "$EXPLORER/explorer.o" -lm || exit 2
    ;;
esac
