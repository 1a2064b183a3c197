/**
 * What the server does not write back because it says nothing: Go's encoder leaves out a member that is false, 0, empty or "" where the
 * type has no other way to be unset. Members that may be unset (`replicas`, `optional`, `privileged`) keep their value.
 */

type Fields = Record<string, unknown>;

const isNothing = (value: unknown): boolean =>
  value === false ||
  value === 0 ||
  value === '' ||
  value === null ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** Removes those of the named members that hold nothing. */
export function leaveOut(fields: Fields | undefined, ...names: string[]): void {
  if (!fields) return;
  for (const name of names) if (name in fields && isNothing(fields[name])) delete fields[name];
}

const list = (value: unknown): Fields[] => (Array.isArray(value) ? (value as Fields[]) : []);

function leaveOutOfContainer(container: Fields): void {
  leaveOut(container, 'command', 'args', 'workingDir', 'ports', 'envFrom', 'env', 'volumeMounts', 'volumeDevices');
  leaveOut(container, 'stdin', 'stdinOnce', 'tty');
  for (const variable of list(container['env'])) leaveOut(variable, 'value');
  for (const port of list(container['ports'])) leaveOut(port, 'name', 'hostPort', 'hostIP');
  for (const mount of list(container['volumeMounts'])) leaveOut(mount, 'readOnly', 'subPath', 'subPathExpr');
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    leaveOut(container[probe] as Fields | undefined, 'initialDelaySeconds');
  }
  leaveOut(container['resources'] as Fields | undefined, 'limits', 'requests', 'claims');
}

/** Changes the spec in place. */
export function leaveOutOfPodSpec(spec: Fields): void {
  leaveOut(spec, 'volumes', 'initContainers', 'imagePullSecrets', 'tolerations', 'hostAliases', 'nodeSelector');
  leaveOut(spec, 'nodeName', 'serviceAccountName', 'serviceAccount', 'hostname', 'subdomain', 'priorityClassName');
  leaveOut(spec, 'hostNetwork', 'hostPID', 'hostIPC');
  for (const name of ['containers', 'initContainers', 'ephemeralContainers']) {
    for (const container of list(spec[name])) leaveOutOfContainer(container);
  }
}
