#!/usr/bin/env bash
# build.sh [BIN]: builds the programs of the test control plane, kubectl and helm among them, into BIN (.cache/testplane/bin by default)
# from the Go module proxy, at the versions go.mod names. Programs built from the same go.mod, go.sum and build.sh are left alone. Needs Go;
# from nothing 7 to 10 minutes on two cores, a relink 20 to 25 seconds.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=${1:-$here/../.cache/testplane/bin}
mkdir -p "$bin"
bin=$(cd "$bin" && pwd)
cd "$here"
programs=(etcd helm kube-apiserver kube-controller-manager kube-scheduler kubectl kwok)

built_from=$(cat go.mod go.sum build.sh | sha256sum | cut -c 1-64)
if [ "$(cat "$bin/built-from" 2>/dev/null)" = "$built_from" ]; then
  for program in "${programs[@]}"; do [ -x "$bin/$program" ] || built_from=incomplete; done
  if [ "$built_from" != incomplete ]; then
    echo "the test control plane: built already"
    exit 0
  fi
  built_from=$(cat go.mod go.sum build.sh | sha256sum | cut -c 1-64)
fi
if ! command -v go >/dev/null; then
  echo "testplane/build.sh: Go is missing. Install Go $(sed -n 's/^go //p' go.mod) or newer." >&2
  exit 1
fi
rm -f "$bin/built-from"

# kwok's exec loses the command's exit status and never ends its standard input: both are put right in a copy, and looked for afterwards,
# because sed says nothing when a later kwok has moved the lines. test/cluster/exec.test.ts holds what they are for.
go mod download sigs.k8s.io/kwok
source=$bin/kwok.src
rm -rf "$source"
cp -r "$(go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)" "$source"
chmod -R u+w "$source"
exec_go=$source/pkg/utils/exec/exec.go
sed -i -e 's|^import (|&\n\tutilexec "k8s.io/utils/exec"|' \
  -e 's|_, _ = io.Copy(inPipe, opt.In)|&\n_ = inPipe.Close()|' \
  -e 's|err = cmd.Wait()|&\nif e, ok := err.(*exec.ExitError); ok \&\& e.Exited() {\nreturn nil, utilexec.CodeExitError{Err: err, Code: e.ExitCode()}\n}|' \
  "$exec_go"
for patched in 'utilexec "k8s.io' 'inPipe.Close()' 'utilexec.CodeExitError{'; do
  if ! grep -qF "$patched" "$exec_go"; then
    echo "testplane/build.sh: this kwok cannot be patched as before: no $patched in $exec_go" >&2
    exit 1
  fi
done
cp go.mod "$bin/plane.mod"
cp go.sum "$bin/plane.sum"
go mod edit -replace "sigs.k8s.io/kwok=$source" "$bin/plane.mod"

# Without the stamp the server calls itself v0.0.0-master, and the kubeVersion of charts does not match it.
version=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
IFS=. read -r major minor _ <<<"${version#v}"
stamp=k8s.io/component-base/version
# "tool" is Go's word for everything that go.mod names as one; etcd comes out under its folder's name.
go build -modfile "$bin/plane.mod" -trimpath \
  -ldflags "-s -w -X $stamp.gitVersion=$version -X $stamp.gitMajor=$major -X $stamp.gitMinor=$minor" -o "$bin/" tool
mv "$bin/server" "$bin/etcd"
echo "$built_from" >"$bin/built-from"
echo "the test control plane, Kubernetes $version: built"
