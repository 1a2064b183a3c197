#!/usr/bin/env bash
# build-kubectl.sh [BIN]: builds kubectl into BIN (.cache/testplane/bin by default) from the Go module proxy, at the version go.mod names.
# A kubectl of that version that is there already is left alone. Needs Go; from nothing about two and a half minutes on two cores.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=${1:-$here/../.cache/testplane/bin}
mkdir -p "$bin"
bin=$(cd "$bin" && pwd)
cd "$here"

if ! command -v go >/dev/null; then
  echo "testplane/build-kubectl.sh: Go is missing. Install Go $(sed -n 's/^go //p' go.mod) or newer." >&2
  exit 1
fi

version=$(sed -n 's|^[[:space:]]*k8s.io/kubernetes \(v[0-9.]*\).*|\1|p' go.mod)
if [ "$("$bin/kubectl" version --client -o json 2>/dev/null | sed -n 's/.*"gitVersion": "\([^"]*\)".*/\1/p')" = "$version" ]; then
  echo "kubectl $version: there already"
  exit 0
fi

# Without the stamp it would call itself v0.0.0-master.
IFS=. read -r major minor _ <<<"${version#v}"
stamp=k8s.io/component-base/version
go build -trimpath -ldflags "-s -w -X $stamp.gitVersion=$version -X $stamp.gitMajor=$major -X $stamp.gitMinor=$minor" \
  -o "$bin/kubectl" k8s.io/kubernetes/cmd/kubectl
echo "kubectl $version: built"
