/**
 * I7: what no fence of the API server stops is sent by the leader alone. Whoever has the lease took it when its last holder had to know that
 * its time was over; only where the lease was deleted may two have believed that they lead.
 */
import type { Scene } from '../world/scene.ts';

/** A lease's duration: nobody who led under a deleted one believes it for longer. */
const BELIEVED_MS = 15_000;
/** Of the leader: workloads, evidence and journals. */
const UNFENCED = /\/(deployments|configmaps)(\/|$)/;

interface Holding {
  atMs: number;
  /** undefined: the lease was deleted. */
  holder: string | undefined;
}

function holdings({ cluster }: Scene): Holding[] {
  return cluster.events
    .filter(({ event }) => event.resource.plural === 'leases')
    .map(({ atMs, event }) => {
      const { spec } = event.object as { spec?: { holderIdentity?: string } };
      return { atMs, holder: event.type === 'DELETED' ? undefined : (spec?.holderIdentity ?? '') };
    });
}

export function checkLeaders(scene: Scene): string[] {
  const held = holdings(scene);
  return scene.cluster.writes
    .filter(({ from, path }) => from !== 'person' && UNFENCED.test(path))
    .flatMap(({ from, sentAtMs, method, path }) => {
      const before = held.filter(({ atMs }) => atMs < sentAtMs);
      const isDeleted = before.some(({ atMs, holder }) => holder === undefined && atMs > sentAtMs - BELIEVED_MS);
      const holder = before.at(-1)?.holder;
      if (isDeleted || holder === undefined || holder === '' || holder === from) return [];
      return [`I7 ${from} sent ${method} ${path} when ${holder} led`];
    });
}
