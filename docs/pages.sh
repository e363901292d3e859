#!/bin/sh
# pages.sh BUILD LESSON...: the pages of the lessons, their pictures, and the
# tables of docs/lessons.md and docs/map.md, from the lessons' programs, for
# Doxygen. pages.sh BUILD, afterwards: what Doxygen leaves to be done.
set -eu
pages=$1/pages
html=$1/docs/html
shift

# The pictures; the numbers of the lines, which are not to be copied; colours.
if [ $# = 0 ]; then
    cp "$pages"/*.svg "$html"
    gap=$(printf '\302\240')
    sed -E -i \
        -e "s#>(<span[^>]*>)?( *[0-9]+)$gap #><span class='lineno'>\2</span>\1#" \
        -e '/<h2/,/h2>/s#(The bug|Tempting):#<span class="bug">&</span>#' \
        -e '/<h2/,/h2>/s#The fix:#<span class="fix">&</span>#' \
        "$html"/lesson_*.html
    sed -i '/^<html/s/<html/& lang="en"/' "$html"/*.html
    exit
fi

rm -f "$pages"/lesson-*.md "$pages"/*.svg
for lesson; do
    "$lesson" --page "$pages"
    "$lesson" --map
done >"$pages/map"

# Title, what there is to learn, the scenes: from the page itself.
row() {
    awk -v name="$1" '
        /^# / { sub(/^# /, ""); sub(/ \{#.*/, ""); title = $0; next }
        /^[^#]/ && about == "" { about = $0 }
        /^## .*\{#/ && !/(_questions|_next)}$/ {
            label = title_of = $0
            sub(/.*\{#/, "", label); sub(/}$/, "", label)
            sub(/^## /, "", title_of); sub(/ \{#.*/, "", title_of)
            gsub(/"/, "", title_of)
            scenes = scenes (scenes == "" ? "" : "; ") \
                     "@ref " label " \"" title_of "\""
        }
        /^\*Further reading/ { scenes = scenes " (further reading)" }
        END { printf "| @ref lesson_%s \"%s\" | %s<br>Scenes: %s |\n", name,
              title, about, scenes }' "$pages/lesson-$1.md"
}
{
    echo '| lesson | what you learn, and the scenes |'
    echo '| --- | --- |'
    for lesson; do
        row "$(basename "$lesson")"
    done
} >"$pages/lessons.table"

# A note on the page of a module: which lesson teaches it.
for lesson; do
    name=$(basename "$lesson")
    case $name in
    fifo | lifo | priority) module=queue ;;
    *) module=$name ;;
    esac
    [ ! -f "primitives/$module.h" ] ||
        printf '%s\n' "/** @addtogroup $module" " *" \
            " * Lesson: @ref lesson_$name */"
done >"$pages/lessons.dox"

{
    echo '| lesson | scene: promise | what is wrong | shows as |' \
        'the fix removes |'
    echo '| --- | --- | --- | --- | --- |'
    sed -E 's/ \| /: /2
        s/ (violation|promise|wakeup|wait) /\&nbsp;\1 /g' "$pages/map"
} >"$pages/map.table"

# How many scenes have what in a column, and what the next column says of them.
counts() {
    awk -F ' *[|] *' -v by="$1" -v also="$2" '
        $by != "" {
            if (!($by in all)) order[++kinds] = $by
            all[$by]++
            if (!(($by, $also) in of)) {
                n = ++shown[$by]
                shows[$by, n] = $also
            }
            of[$by, $also]++
        }
        END {
            for (k = 1; k <= kinds; k++) {
                printf "| %s | %d | ", order[k], all[order[k]]
                for (i = 1; i <= shown[order[k]]; i++) {
                    what = shows[order[k], i]
                    printf "%s%s %d", i == 1 ? "" : ", ", what,
                           of[order[k], what]
                }
                print " |"
            }
        }' "$pages/map"
}
{
    echo '| what is wrong | scenes | which show as |'
    echo '| --- | --- | --- |'
    counts 5 6
} >"$pages/kinds.table"
{
    echo '| the fix removes | scenes | which show as |'
    echo '| --- | --- | --- |'
    counts 7 6
} >"$pages/coffman.table"
