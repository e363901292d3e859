#!/bin/sh
# Installs the library into a folder of its own, and builds and runs an example
# against it, as a program outside of this tree would: through pkg-config, with
# the shared library and with the static one.
set -eu

build=$1
cc=$2
flags=$3
mkdir -p "$build/installed"
root=$(cd "$build/installed" && pwd)

make -s install BUILD="$build" DESTDIR="$root" PREFIX=/opt/lockstep
cp tests/install/example.c "$root"
cd "$root"

export PKG_CONFIG_PATH="$root/opt/lockstep/lib/pkgconfig"
export PKG_CONFIG_SYSROOT_DIR="$root"
library=$root/opt/lockstep/lib

for std in c11 gnu17; do # each header must compile without any flag of ours
    # shellcheck disable=SC2046,SC2086
    $cc -std=$std -Wall -Wextra -Wpedantic -Werror $flags example.c \
        -o shared $(pkg-config --cflags --libs lockstep)
done
LD_LIBRARY_PATH=$library ./shared
LD_LIBRARY_PATH=$library ldd ./shared | grep -q "$library/liblockstep.so.0"

# shellcheck disable=SC2046,SC2086
$cc $flags example.c -o static \
    $(pkg-config --cflags lockstep) "$library/liblockstep.a" -pthread
./static
ldd ./static | { ! grep liblockstep; }

for header in "$root"/opt/lockstep/include/lockstep/*.h; do # alone, and twice
    printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
        $cc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic \
            -Werror -x c -fsyntax-only -
done
echo "install: an example builds and runs, shared and static"
