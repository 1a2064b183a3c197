/** What people do in a seed: deploy, press, change their minds, and change the cluster under the bot. Their own requests always arrive. */
import { deploy } from '#playground/scenarios/deploy.ts';
import { imageOf } from '#playground/scenarios/company.ts';
import type { ImageBehaviour } from '#playground/cluster/kubelet/images.ts';
import { type Deployment, deployments } from '#playground/cluster/objects.ts';
import { isStream } from '#playground/cluster/api/message.ts';
import type { Input, RollbackSpec } from '#rollback/spec.ts';
import { inputKey } from '#slack/keys.ts';
import { HOME } from './setting.ts';
import type { Scene } from './scene.ts';

export const MAYA = { id: 'U0ONCALL', name: 'Maya Chen' };
export const TOM = { id: 'U0BACKEND', name: 'Tom Okafor' };
/** In the template of every deploy of a seed: it may never leave the cluster. */
export const ENV_CANARY = 'canary0env0secret';

const COLLECTION = `/apis/ops.lomashwood.com/v1alpha1/namespaces/${HOME}/rollbacks`;

export function iso(scene: Scene): string {
  return new Date(scene.timeline.now()).toISOString();
}

function kubectl({ cluster }: Scene, method: string, path: string, body?: unknown, contentType?: string): number {
  const answer = cluster.handle('person', {
    method,
    path,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(contentType === undefined ? {} : { contentType }),
  });
  return isStream(answer) ? 0 : answer.status;
}

/** A pipeline brings a version out; the version's name. */
export function deployVersion(scene: Scene, service: string, behaviour: ImageBehaviour): string {
  const { cluster, timeline, setting } = scene;
  const taken = cluster.images.tagsOf(imageOf(service, 'x').split(':')[0]!).length;
  const version = `v9.${taken}.0`;
  const image = imageOf(service, version);
  cluster.images.push(image, behaviour);
  const order = {
    namespace: setting.namespace,
    workload: service,
    image,
    change: `Change ${version}`,
    by: 'Tom Okafor',
  };
  if (cluster.storage.peekOne(deployments, setting.namespace, service))
    deploy(cluster.storage, timeline, { ...order, env: { API_TOKEN: ENV_CANARY } });
  return version;
}

export type SpecParts = Partial<RollbackSpec> & { services: readonly string[] };

export function specFor({ setting }: Scene, { services, ...more }: SpecParts): RollbackSpec {
  return {
    environment: setting.environment,
    method: 'undo',
    targets: services.map((service) => ({ service })),
    reason: { kind: 'health-check', text: 'Health check failing since 02:51 UTC' },
    requestedBy: { ...MAYA, via: 'slack' },
    ...more,
  };
}

/** `kubectl create -f`. */
export function createRollback(scene: Scene, name: string, spec: RollbackSpec): number {
  const object = { apiVersion: 'ops.lomashwood.com/v1alpha1', kind: 'Rollback', metadata: { name }, spec };
  return kubectl(scene, 'POST', COLLECTION, object);
}

export type Press =
  | { kind: 'request'; request: Extract<Input, { kind: 'request' }>['request'] }
  | { kind: 'check'; item: string; answer: Extract<Input, { kind: 'check' }>['answer'] }
  | { kind: 'note'; text: string };

/** As a click becomes an input; 404 when the object is gone. */
export function press(scene: Scene, rollback: string, what: Press, by = MAYA): number {
  const at = iso(scene);
  const key = inputKey(rollback, JSON.stringify(what), at, by.id);
  const body = { spec: { inputs: { [key]: { ...what, by, at } } } };
  return kubectl(scene, 'PATCH', `${COLLECTION}/${rollback}`, body, 'application/merge-patch+json');
}

export function deleteRollback(scene: Scene, name: string): number {
  return kubectl(scene, 'DELETE', `${COLLECTION}/${name}`);
}

function patchDeployment(scene: Scene, service: string, body: object): number {
  const path = `/apis/apps/v1/namespaces/${scene.setting.namespace}/deployments/${service}`;
  return kubectl(scene, 'PATCH', path, body, 'application/strategic-merge-patch+json');
}

export const scale = (scene: Scene, service: string, replicas: number): number =>
  patchDeployment(scene, service, { spec: { replicas } });

export const annotate = (scene: Scene, service: string, text: string): number =>
  patchDeployment(scene, service, { metadata: { annotations: { 'company.test/note': text } } });

export const pause = (scene: Scene, service: string, paused: boolean): number =>
  patchDeployment(scene, service, { spec: { paused: paused || null } });

export function setVariable(scene: Scene, service: string, value: string): number {
  const containers = [{ name: containerOf(scene, service), env: [{ name: 'FLAG', value }] }];
  return patchDeployment(scene, service, { spec: { template: { spec: { containers } } } });
}

function containerOf({ cluster, setting }: Scene, service: string): string {
  const found = cluster.storage.peekOne(deployments, setting.namespace, service) as Deployment | undefined;
  return found?.spec.template.spec.containers[0]?.name ?? service;
}

/** Deletes it; `again`: and creates it anew, with another uid. */
export function deleteDeployment(scene: Scene, service: string, again: boolean): void {
  const { cluster, setting } = scene;
  const path = `/apis/apps/v1/namespaces/${setting.namespace}/deployments`;
  const before = cluster.storage.get(deployments, setting.namespace, service);
  kubectl(scene, 'DELETE', `${path}/${service}`);
  if (!before || !again) return;
  const { name, namespace, labels, annotations } = before.metadata;
  const { status: _status, ...rest } = before;
  kubectl(scene, 'POST', path, { ...rest, metadata: { name, namespace, labels, annotations } });
}

export function deleteLease(scene: Scene): number {
  return kubectl(scene, 'DELETE', `/apis/coordination.k8s.io/v1/namespaces/${HOME}/leases/rollback-bot`);
}
