# What the commands of docs/playbook find around them in tests/e2e/playbook_test.cc. The port of the
# broker differs from run to run, so `shield` gets its address; `systemctl start shieldd` runs the
# broker of $BROKER until the test ends.
set -euo pipefail

shield() {
  case " $* " in
    *" --broker "*) command shield "$@" ;;
    *) command shield "$@" --broker "$(cat "$WORK/address")" ;;
  esac
}

systemctl() {
  local line
  mkfifo "$WORK/broker.log"
  command shieldd run --home "$BROKER" --network "$AUTHORITY/next.shield" \
    > "$WORK/broker.log" 2>&1 < /dev/null &
  echo $! > "$WORK/pid"
  exec 9< "$WORK/broker.log"
  while read -r line <&9; do
    case "$line" in
      *"listening on "*) echo "${line##*listening on }" > "$WORK/address"; break ;;
    esac
  done
  cat <&9 > /dev/null 2>&1 &
}
