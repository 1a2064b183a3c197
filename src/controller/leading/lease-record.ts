/** What is written into a Lease, and what may be concluded from one: client-go's rules (kubernetes.md §11). Pure. */

const LEASE_SECONDS = 15;

export interface LeaseSpec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}

/** A record, and when it was first seen like that, by our own monotonic clock: remote times are never compared with ours. */
export interface Seen {
  resourceVersion: string;
  spec: LeaseSpec;
  atMs: number;
}

/** "2026-11-23T03:04:05.123000Z": MicroTime has six digits. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

/** The same record keeps the time at which it was first seen. */
export function seenAt(known: Seen | undefined, resourceVersion: string, spec: LeaseSpec, nowMs: number): Seen {
  return known?.resourceVersion === resourceVersion ? known : { resourceVersion, spec, atMs: nowMs };
}

function isValid({ spec, atMs }: Seen, nowMs: number): boolean {
  return nowMs < atMs + (spec.leaseDurationSeconds ?? LEASE_SECONDS) * 1_000;
}

/** Ours, or nobody's, or not renewed for its whole duration since we saw it. */
export function mayTake(seen: Seen, identity: string, nowMs: number): boolean {
  const { holderIdentity } = seen.spec;
  return !holderIdentity || holderIdentity === identity || !isValid(seen, nowMs);
}

/** We hold it, as far as we know: it may be renewed without reading it first. */
export function holds(seen: Seen | undefined, identity: string, nowMs: number): seen is Seen {
  return seen?.spec.holderIdentity === identity && isValid(seen, nowMs);
}

/**
 * The running term goes on only with its own holder; anything else begins the next one. A lease of ours that we had lost begins a new term
 * too: what the lost one still has under way must not look like ours.
 */
export function nextSpec(
  old: LeaseSpec,
  { identity, isRunning }: { identity: string; isRunning: boolean },
  time: string,
): LeaseSpec {
  const goesOn = isRunning && old.holderIdentity === identity;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: LEASE_SECONDS,
    acquireTime: goesOn ? (old.acquireTime ?? time) : time,
    renewTime: time,
    leaseTransitions: (old.leaseTransitions ?? 0) + (goesOn ? 0 : 1),
  };
}

/** Free for the next, at once; the term's number stays, so that the next one is higher. */
export function releasedSpec(old: LeaseSpec, time: string): LeaseSpec {
  return { ...old, holderIdentity: '', leaseDurationSeconds: 1, renewTime: time };
}
