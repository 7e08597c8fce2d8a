#!/usr/bin/env bash
# The library is installed into an empty prefix; the example builds against it alone, once with the
# CMake package and once with pkg-config, and starts. What tests itself on the mock runs through.
#
#   install_test.sh BUILD_DIR SOURCE_DIR
set -euo pipefail
build="$1"
source="$2"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --component sdk --prefix "$work/prefix" >"$work/install.log"

# The example must find nothing but what was installed.
cp -r "$source/client/example" "$work/example"

starts() { # a home that is not there: exit 4 and a sentence
  local code=0
  "$1" "$work/nowhere" 2>"$work/notes" || code=$?
  grep -q 'there is no home at' "$work/notes"
  test "$code" -eq 4
}

cmake -S "$work/example" -B "$work/with-cmake" -DCMAKE_PREFIX_PATH="$work/prefix" >"$work/configure.log" \
  || { cat "$work/configure.log"; exit 1; }
cmake --build "$work/with-cmake" >"$work/build.log" || { cat "$work/build.log"; exit 1; }
starts "$work/with-cmake/shield-follow"
mkdir "$work/homes"
"$work/with-cmake/shield-mock-test" "$work/homes"

PKG_CONFIG_PATH="$(dirname "$(find "$work/prefix" -name shield.pc)")"
export PKG_CONFIG_PATH
# shellcheck disable=SC2046
c++ -std=c++20 "$work/example/follow_inbox.cc" -o "$work/with-pkg-config" \
  $(pkg-config --cflags --libs shield)
starts "$work/with-pkg-config"
echo "the examples build against the installed library; one starts, one tests itself on the mock"
