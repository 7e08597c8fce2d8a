#!/usr/bin/env bash
# Every unit of deploy/ is one that systemd takes, without a warning; each timer has its service, and
# each command of a unit is one that the programs know.
#
#   units_test.sh FOLDER-OF-UNITS FOLDER-OF-PROGRAMS
set -euo pipefail
if ! command -v systemd-analyze >/dev/null; then
  echo "SKIPPED: there is no systemd-analyze here: NO UNIT HAS BEEN CHECKED" >&2
  exit 77
fi
units=$(mktemp -d)
trap 'rm -rf "$units"' EXIT
for unit in "$1"/*.service "$1"/*.timer; do
  sed "s#/usr/bin/\(shieldd\?\) #$2/\1 #" "$unit" >"$units/$(basename "$unit")"
done
said=$(systemd-analyze verify "$units"/*.service "$units"/*.timer 2>&1) || failed=1
if [ -n "${failed:-}" ] || [ -n "$said" ]; then
  echo "systemd-analyze verify: $said" >&2
  exit 1
fi
for timer in "$1"/*.timer; do
  test -f "${timer%.timer}.service" || { echo "$timer starts nothing" >&2; exit 1; }
done
# Without a home every command of the units is refused as that, and none as a wrong use (2).
while read -r command; do
  code=0
  env -i HOME="$units" SHIELD_HOME="$units/none" bash -c "$command" >/dev/null 2>"$units/said" || code=$?
  if [ "$code" -ne 4 ]; then
    echo "\`$command\` ended with $code: $(cat "$units/said")" >&2
    exit 1
  fi
done < <(sed -n 's/^#\?ExecStart=//p' "$units"/shield-*.service | grep -v 'passphrase-file')
