/** The defaults that the API server writes into a pod spec or template, so that templates look as on a real cluster. */
import { leaveOutOfPodSpec } from './left-out.ts';

type Fields = Record<string, unknown>;

const list = (value: unknown): Fields[] => (Array.isArray(value) ? (value as Fields[]) : []);

function fill(target: Fields, defaults: Fields): void {
  for (const [key, value] of Object.entries(defaults)) target[key] ??= value;
}

/** `latest`, or no tag and no digest, is pulled always. */
export function defaultPullPolicy(image: unknown): 'Always' | 'IfNotPresent' {
  const reference = typeof image === 'string' ? image : '';
  if (reference.includes('@')) return 'IfNotPresent';
  const tag = /:([^/:]+)$/.exec(reference)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function setProbeDefaults(probe: unknown): void {
  if (typeof probe !== 'object' || probe === null) return;
  const fields = probe as Fields;
  fill(fields, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  setHandlerDefaults(fields);
}

function setHandlerDefaults(handler: Fields): void {
  const http = handler['httpGet'] as Fields | undefined;
  if (http) fill(http, { path: '/', scheme: 'HTTP' });
  const grpc = handler['grpc'] as Fields | undefined;
  if (grpc) fill(grpc, { service: '' });
}

const UNITS: Record<string, number> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};

/** A quantity as the server writes it back: `0.5` → `500m`, `1024Mi` → `1Gi`, 2 → `"2"`. */
export function canonicalQuantity(value: unknown): unknown {
  const found = /^([0-9]+(?:\.[0-9]+)?)(m|Ki|Mi|Gi|Ti|k|M|G|T)?$/.exec(String(value));
  if (!found) return value;
  const unit = found[2] ?? '';
  if (unit === 'm') {
    const milli = Number(found[1]);
    return milli % 1000 === 0 ? String(milli / 1000) : String(value);
  }
  const amount = Number(found[1]) * (UNITS[unit] ?? 1);
  if (!Number.isInteger(amount)) return `${Math.ceil(amount * 1000)}m`;
  const suffixes = unit.endsWith('i') ? ['Ti', 'Gi', 'Mi', 'Ki'] : ['T', 'G', 'M', 'k'];
  const best = suffixes.find((suffix) => amount !== 0 && amount % (UNITS[suffix] ?? 1) === 0);
  return best === undefined ? String(amount) : `${amount / UNITS[best]!}${best}`;
}

function canonicalResources(resources: Fields): void {
  for (const member of ['limits', 'requests']) {
    const quantities = resources[member] as Fields | undefined;
    for (const [name, value] of Object.entries(quantities ?? {})) quantities![name] = canonicalQuantity(value);
  }
}

function setContainerDefaults(container: Fields): void {
  fill(container, {
    imagePullPolicy: defaultPullPolicy(container['image']),
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  canonicalResources(container['resources'] as Fields);
  for (const port of list(container['ports'])) fill(port, { protocol: 'TCP' });
  for (const variable of list(container['env'])) {
    const from = variable['valueFrom'] as Fields | undefined;
    const field = from?.['fieldRef'] as Fields | undefined;
    if (field) fill(field, { apiVersion: 'v1' });
    const resource = from?.['resourceFieldRef'] as Fields | undefined;
    if (resource) fill(resource, { divisor: '0' });
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) setProbeDefaults(container[probe]);
  const lifecycle = container['lifecycle'] as Fields | undefined;
  for (const hook of ['postStart', 'preStop']) {
    const handler = lifecycle?.[hook] as Fields | undefined;
    if (handler) setHandlerDefaults(handler);
  }
}

function setVolumeDefaults(volume: Fields): void {
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  if (sources.length === 0) volume['emptyDir'] = {};
  for (const source of ['configMap', 'secret', 'downwardAPI', 'projected']) {
    const fields = volume[source] as Fields | undefined;
    if (fields) fill(fields, { defaultMode: 420 });
  }
  const host = volume['hostPath'] as Fields | undefined;
  if (host) fill(host, { type: '' });
  for (const source of list((volume['projected'] as Fields | undefined)?.['sources'])) {
    const token = source['serviceAccountToken'] as Fields | undefined;
    if (token) fill(token, { expirationSeconds: 3600 });
  }
}

/** Changes the spec in place. */
export function setPodSpecDefaults(spec: Fields): void {
  leaveOutOfPodSpec(spec);
  fill(spec, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
  // The old and the new name of one field are kept equal.
  const account = spec['serviceAccountName'] ?? spec['serviceAccount'];
  if (account !== undefined) Object.assign(spec, { serviceAccountName: account, serviceAccount: account });
  for (const name of ['containers', 'initContainers', 'ephemeralContainers']) {
    for (const container of list(spec[name])) setContainerDefaults(container);
  }
  for (const volume of list(spec['volumes'])) setVolumeDefaults(volume);
}
