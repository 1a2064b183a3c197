#!/usr/bin/env bash
# down.sh DIR [PROGRAM...]: stops the test control plane kept in DIR, or the programs named, and waits for their end. What is stored stays.
set -uo pipefail
cd "$1" || exit 1
shift
[ $# -gt 0 ] || set -- kwok kube-scheduler kube-controller-manager kube-apiserver etcd
for program in "$@"; do
  pid=$(cat "pid/$program" 2>/dev/null) || continue
  # Never another process that has got the number since.
  if [[ "$(readlink "/proc/$pid/exe")" == */"$program"* ]]; then
    kill "$pid" 2>/dev/null
    kill -CONT "$pid" 2>/dev/null # a test may have stopped it
    for _ in $(seq 100); do
      [ -e "/proc/$pid/exe" ] || break
      sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null
  fi
  rm "pid/$program"
done
exit 0
