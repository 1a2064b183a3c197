#!/usr/bin/env bash
# up.sh DIR: starts what is not running of the test control plane kept in DIR and writes DIR/kubeconfig, an administrator's. Ports are
# chosen once per DIR. Its programs are in PLANE_BIN, .cache/testplane/bin by default (build.sh). Needs openssl. About four seconds.
# With PLANE_PODS=elsewhere nothing runs the pods: that is left to whoever listens on the nodes' port, the fourth.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "${PLANE_BIN:-$here/../.cache/testplane/bin}" && pwd)
mkdir -p "$1/log" "$1/pid"
cd "$1"
d=$PWD

if [ ! -f ports ]; then
  ports=()
  while [ ${#ports[@]} -lt 5 ]; do
    p=$((20000 + RANDOM % 10000))
    [[ " ${ports[*]} " == *" $p "* ]] || (: <"/dev/tcp/127.0.0.1/$p") 2>/dev/null || ports+=("$p")
  done
  # One key and one certificate do for all: both servers', the root they are checked by, and the signing of tokens.
  openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=plane -addext subjectAltName=IP:127.0.0.1,DNS:localhost \
    -keyout tls.key -out tls.crt 2>/dev/null
  token=$(openssl rand -hex 16)
  echo "$token,admin,admin,system:masters" >tokens
  cat >kubeconfig <<END
apiVersion: v1
kind: Config
current-context: plane
clusters: [{name: plane, cluster: {server: 'https://127.0.0.1:${ports[2]}', certificate-authority-data: $(base64 -w0 tls.crt)}}]
users: [{name: admin, user: {token: $token}}]
contexts: [{name: plane, context: {cluster: plane, user: admin}}]
END
  chmod 600 kubeconfig tokens tls.key
  echo "${ports[*]}" >ports
fi
read -r etcd peer api kubelet unused <ports
export KUBECONFIG=$d/kubeconfig

start() { # start PROGRAM ARG...
  # A program that is dead and not yet reaped has no exe; a stale number may belong to somebody else by now.
  if [ -f "pid/$1" ] && [ "$(readlink "/proc/$(cat "pid/$1")/exe")" = "$bin/$1" ]; then return; fi
  setsid "$bin/$1" "${@:2}" >>"log/$1" 2>&1 </dev/null &
  echo $! >"pid/$1"
}
wait_for() { # wait_for COMMAND...: until it succeeds, 60 s at most
  for _ in $(seq 600); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  echo "testplane/up.sh: gave up on: $*. The last words of each program:" >&2
  tail -n 5 log/* >&2
  exit 1
}

start etcd --data-dir etcd --unsafe-no-fsync --log-level warn \
  --listen-client-urls "http://127.0.0.1:$etcd" --advertise-client-urls "http://127.0.0.1:$etcd" \
  --listen-peer-urls "http://127.0.0.1:$peer" --initial-advertise-peer-urls "http://127.0.0.1:$peer" \
  --initial-cluster "default=http://127.0.0.1:$peer" --quota-backend-bytes $((4 << 30))
start kube-apiserver --etcd-servers "http://127.0.0.1:$etcd" --bind-address 127.0.0.1 --secure-port "$api" \
  --tls-cert-file tls.crt --tls-private-key-file tls.key --token-auth-file tokens --authorization-mode RBAC \
  --service-account-issuer https://kubernetes.default.svc --service-account-key-file tls.crt --service-account-signing-key-file tls.key \
  --service-cluster-ip-range 10.96.0.0/16 --endpoint-reconciler-type none \
  --kubelet-certificate-authority tls.crt --kubelet-preferred-address-types InternalIP
wait_for "$bin/kubectl" get --raw /readyz
start kube-controller-manager --kubeconfig kubeconfig --leader-elect=false --secure-port 0 \
  --concurrent-deployment-syncs 20 --concurrent-replicaset-syncs 20 --kube-api-qps 500 --kube-api-burst 1000 \
  --service-account-private-key-file tls.key --root-ca-file tls.crt
start kube-scheduler --kubeconfig kubeconfig --leader-elect=false --secure-port 0 --kube-api-qps 500 --kube-api-burst 1000
if ! "$bin/kubectl" get node plane-0 >/dev/null 2>&1; then
  crds=("$bin"/kwok.src/kustomize/crd/bases/*{logs,execs}.yaml)
  "$bin/kubectl" apply --server-side "${crds[@]/#/-f}" -f "$here/nodes.yaml" >/dev/null
fi
stages=("$bin"/kwok.src/kustomize/stage/{node/fast/node,node/heartbeat-with-lease/node}-*.yaml)
kwok=$kubelet
if [ -n "${PLANE_PODS:-}" ]; then
  # Somebody else runs the pods and answers for the nodes: kwok keeps only the nodes alive, and serves where nobody asks.
  kwok=$unused
else
  stages+=("$here/stages.yaml" "$bin"/kwok.src/kustomize/stage/pod/fast/pod-*.yaml)
fi
# Without --node-name localhost it empties the nodes' addresses once they were NotReady, and exec and logs fail.
start kwok --kubeconfig kubeconfig "${stages[@]/#/--config=}" --enable-crds Logs,ClusterLogs,Exec,ClusterExec --manage-all-nodes \
  --node-ip 127.0.0.1 --node-name localhost --node-port "$kubelet" --server-address "127.0.0.1:$kwok" \
  --tls-cert-file tls.crt --tls-private-key-file tls.key --node-lease-duration-seconds 40
wait_for "$bin/kubectl" get serviceaccount default
"$bin/kubectl" wait --for=condition=Ready nodes --all --timeout=60s >/dev/null
