/** What makes a rollback hard, done to one service of a running world. Each is named by what is then the case. */
import { workloadName } from '#catalogue/catalogue.ts';
import { timestamp } from '../cluster/controllers/trusted-client.ts';
import type { Deployment, ReplicaSet } from '../cluster/objects.ts';
import { annotations, byAge, configMaps, controllerOf, deployments, replicaSets } from '../cluster/objects.ts';
import type { StoredObject } from '../cluster/storage-contract.ts';
import { configName, deploymentManifest, managedBy } from './manifests.ts';
import type { WorldControl } from './world.ts';

type Place = Pick<WorldControl, 'storage' | 'clock' | 'catalogue' | 'images'>;

interface Target {
  service: string;
  environment?: string;
}

function addressOf(
  { catalogue }: Place,
  { service, environment = 'production' }: Target,
): { namespace: string; name: string } {
  const namespace = catalogue.environments[environment]?.namespace ?? environment;
  return { namespace, name: workloadName(catalogue, environment, service) };
}

function changeDeployment(place: Place, target: Target, change: (deployment: Deployment) => StoredObject): void {
  const { namespace, name } = addressOf(place, target);
  place.storage.change(deployments, namespace, name, (object) => change(object as Deployment));
}

/** Former ReplicaSets, the newest revision first. */
function formerSets(place: Place, target: Target): ReplicaSet[] {
  const { namespace, name } = addressOf(place, target);
  const deployment = place.storage.get(deployments, namespace, name);
  const current = deployment?.metadata.annotations?.[annotations.revision];
  const number = (set: ReplicaSet): number => Number(set.metadata.annotations?.[annotations.revision] ?? 0);
  return (place.storage.peek(replicaSets, namespace) as readonly ReplicaSet[])
    .filter((set) => controllerOf(set)?.uid === deployment?.metadata.uid)
    .filter((set) => set.metadata.annotations?.[annotations.revision] !== current)
    .toSorted((a, b) => number(b) - number(a) || byAge(b, a));
}

/** Nothing to go back to. */
export function forgetHistory(place: Place, target: Target): void {
  for (const { metadata } of formerSets(place, target))
    place.storage.remove(replicaSets, metadata.namespace, metadata.name);
}

/** The image of the version before the current one cannot be pulled any more; returns it. */
export function expirePreviousImage(place: Place, target: Target): string {
  const image = formerSets(place, target)[0]?.spec.template.spec.containers[0]?.image ?? '';
  place.images.expire(image);
  return image;
}

export function pauseDeployment(place: Place, target: Target): void {
  changeDeployment(place, target, (deployment) => ({ ...deployment, spec: { ...deployment.spec, paused: true } }));
}

/** The shared ConfigMap gets another value now: after every target there is. */
export function changeConfigMap(place: Place, environment = 'production'): void {
  const namespace = place.catalogue.environments[environment]?.namespace ?? environment;
  place.storage.change(configMaps, namespace, configName, (object) => ({
    ...object,
    metadata: { ...object.metadata, managedFields: managedBy('kubectl-edit', place.clock.now(), 'data') },
    ['data']: { ...(object['data'] as object), LOG_LEVEL: 'debug', CHANGED_AT: timestamp(place.clock.now()) },
  }));
}

export function deleteConfigMap(place: Place, environment = 'production'): void {
  const namespace = place.catalogue.environments[environment]?.namespace ?? environment;
  place.storage.remove(configMaps, namespace, configName);
}

export type MarkedOwner = 'argo-cd' | 'flux-kustomization' | 'flux-helm-release' | 'helm' | 'kubectl-apply';

interface Marks {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

function marksOf(owner: MarkedOwner, name: string, namespace: string): Marks {
  const released = { 'meta.helm.sh/release-name': name, 'meta.helm.sh/release-namespace': namespace };
  const byHelm = { 'app.kubernetes.io/managed-by': 'Helm' };
  switch (owner) {
    case 'argo-cd':
      return { annotations: { 'argocd.argoproj.io/tracking-id': `lomash-wood:apps/Deployment:${namespace}/${name}` } };
    case 'flux-kustomization':
      return {
        labels: {
          'kustomize.toolkit.fluxcd.io/name': 'lomash-wood',
          'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
        },
      };
    case 'flux-helm-release':
      return {
        labels: { ...byHelm, 'helm.toolkit.fluxcd.io/name': name, 'helm.toolkit.fluxcd.io/namespace': namespace },
        annotations: released,
      };
    case 'helm':
      return { labels: byHelm, annotations: released };
    case 'kubectl-apply':
      return { annotations: { [annotations.lastApplied]: '{"apiVersion":"apps/v1","kind":"Deployment"}\n' } };
  }
}

/** The Deployment carries the marks that this owner leaves. */
export function markOwner(place: Place, target: Target, owner: MarkedOwner): void {
  changeDeployment(place, target, (deployment) => {
    const { metadata } = deployment;
    const marks = marksOf(owner, metadata.name, metadata.namespace ?? '');
    return {
      ...deployment,
      metadata: {
        ...metadata,
        labels: { ...metadata.labels, ...marks.labels },
        annotations: { ...metadata.annotations, ...marks.annotations },
      },
    };
  });
}

function scaleToNothing(place: Place, target: Target): Deployment {
  let former: Deployment | undefined;
  changeDeployment(place, target, (deployment) => {
    former = deployment;
    return { ...deployment, spec: { ...deployment.spec, replicas: 0 } };
  });
  if (!former) throw new Error(`${target.service} is not deployed`);
  return former;
}

/** Flagger: the Deployment is a template with no pods, traffic goes to `<name>-primary`. */
export function handToFlagger(place: Place, target: Target): void {
  const { metadata, spec } = scaleToNothing(place, target);
  const { name, namespace = '' } = metadata;
  const primary = `${name}-primary`;
  const image = spec.template.spec.containers[0]?.image ?? '';
  const manifest = deploymentManifest({ name: primary, namespace, service: primary, image, replicas: spec.replicas });
  const canary = { apiVersion: 'flagger.app/v1beta1', kind: 'Canary', name, uid: `${metadata.uid}-canary` };
  place.storage.create(deployments, {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      ownerReferences: [{ ...canary, controller: true, blockOwnerDeletion: true }],
    },
  });
}

/** Argo Rollouts by workloadRef: the Deployment has no pods, the Rollout's own ReplicaSet has. */
export function handToArgoRollouts(place: Place, target: Target): void {
  const { metadata, spec } = scaleToNothing(place, target);
  const { name, namespace = '' } = metadata;
  const hash = { 'rollouts-pod-template-hash': '5c9d8b7f64' };
  const labels = { ...spec.template.metadata?.labels, ...hash };
  const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name, uid: `${metadata.uid}-rollout` };
  place.storage.create(replicaSets, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-5c9d8b7f64`,
      namespace,
      labels,
      ownerReferences: [{ ...rollout, controller: true, blockOwnerDeletion: true }],
    },
    spec: {
      replicas: spec.replicas,
      selector: { matchLabels: labels },
      template: { ...spec.template, metadata: { labels } },
    },
    status: { replicas: 0 },
  });
}
