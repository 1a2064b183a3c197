/** What the cluster's own record says about a seed: every version of every rollback, every patch of a workload, every leader. */
import { templateHash } from '#clients/kubernetes/template-hash.ts';
import { type Deployment, deployments } from '#playground/cluster/objects.ts';
import type { StorageEvent } from '#playground/cluster/storage-contract.ts';
import { OPERATION_ANNOTATION, type Rollback } from '#rollback/rollback.ts';
import type { Scene } from '../world/scene.ts';

export interface Version {
  atMs: number;
  /** In the order of all writes. */
  index: number;
  type: StorageEvent['type'];
  rollback: Rollback;
  /** The machine that wrote it, "person", or undefined for the cluster itself. */
  by: string | undefined;
}

/** A change of a workload's template or mark that the bot made. */
export interface Patch {
  atMs: number;
  index: number;
  by: string;
  operation: string;
  before: Deployment;
  after: Deployment;
}

export interface History {
  /** By uid, oldest first. */
  rollbacks: Map<string, Version[]>;
  patches: Patch[];
  /** Every write of a bot to a workload. */
  workloadWrites: Patch[];
  /** Machine → terms it was written down as the holder of. */
  terms: Map<string, Set<number>>;
  deployments: {
    atMs: number;
    index: number;
    type: StorageEvent['type'];
    object: Deployment;
    by: string | undefined;
  }[];
}

export const hashOf = ({ spec }: Deployment): string => templateHash(spec.template);

export const operationOf = ({ metadata }: Deployment): string => metadata.annotations?.[OPERATION_ANNOTATION] ?? '';

export const isSettled = ({ status }: Rollback): boolean =>
  status?.conditions.some(({ type, status: s }) => type === 'Settled' && s === 'True') === true;

/** As it stood when nothing was left to do, before it was cut down to be kept. What is added later is shown nowhere. */
export function atItsEnd(history: History, { metadata }: Rollback): Rollback {
  const versions = history.rollbacks.get(metadata.uid) ?? [];
  const settledAt = versions.findIndex(({ rollback }) => isSettled(rollback));
  const before = versions[settledAt - 1]?.rollback;
  return before?.status ? before : (versions[settledAt] ?? versions.at(-1)!).rollback;
}

interface LeaseSpec {
  holderIdentity?: string;
  leaseTransitions?: number;
}

export function readHistory({ cluster }: Scene): History {
  const by = new Map<StorageEvent, string>();
  for (const { from, events } of cluster.writes) for (const event of events) by.set(event, from);
  const history: History = { rollbacks: new Map(), patches: [], workloadWrites: [], terms: new Map(), deployments: [] };
  for (const [index, { atMs, event }] of cluster.events.entries()) {
    const writer = by.get(event);
    const { plural } = event.resource;
    if (plural === 'rollbacks') {
      const rollback = event.object as unknown as Rollback;
      const versions = history.rollbacks.get(rollback.metadata.uid) ?? [];
      history.rollbacks.set(rollback.metadata.uid, versions);
      versions.push({ atMs, index, type: event.type, rollback, by: writer });
    } else if (plural === 'leases') {
      const { holderIdentity = '', leaseTransitions = 0 } = (event.object as { spec?: LeaseSpec }).spec ?? {};
      const terms = history.terms.get(holderIdentity) ?? new Set();
      history.terms.set(holderIdentity, terms.add(leaseTransitions));
    } else if (plural === deployments.plural) {
      const after = event.object as Deployment;
      history.deployments.push({ atMs, index, type: event.type, object: after, by: writer });
      if (writer === undefined || writer === 'person') continue;
      const before = event.previous as Deployment;
      const patch: Patch = { atMs, index, by: writer, operation: operationOf(after), before, after };
      history.workloadWrites.push(patch);
      if (operationOf(before) !== patch.operation || hashOf(before) !== hashOf(after)) history.patches.push(patch);
    }
  }
  return history;
}
