/**
 * Who leads: client-go's algorithm over a Lease (kubernetes.md §11). Remote timestamps are never compared with the local clock: a record
 * is valid for its duration after we saw it change. Losing the lease aborts `term.signal`; nothing is written after that.
 */
import { ApiError, type Api, type KubernetesObject, type RequestOptions } from '#clients/kubernetes/api.ts';
import type { Clock, Log } from '#rollback/ports.ts';

const LEASE_SECONDS = 15;
const RENEW_DEADLINE_MS = 10_000;
const RETRY_MS = 2000;
const NAME = 'rollback-bot';

interface LeaseSpec {
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}
type Lease = KubernetesObject & { spec: LeaseSpec };

/** One stretch of leading. */
export interface Term {
  /** `leaseTransitions`: higher than any earlier leader's. */
  epoch: number;
  /** Aborted when the lease is lost or given up. */
  signal: AbortSignal;
  /** By our own monotonic clock: false once the renew deadline has passed since the last renewal. */
  isHeld: () => boolean;
}

export interface ElectionOptions {
  api: Api;
  namespace: string;
  /** Unique: a pod's name with a random part. */
  identity: string;
  clock: Clock;
  log: Log;
  random?: () => number;
  /** Works until the term's signal is aborted; the lease is released only after it resolved. */
  lead: (term: Term) => Promise<void>;
}

/** "2026-11-23T03:04:05.123000Z": MicroTime has six digits. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

/** What we know of the record: what it said, and when we first saw it say so. */
interface Seen {
  lease: Lease;
  atMs: number;
}

/** May we take it? Pure: by what was seen and our own clock alone. */
export function mayTake(seen: Seen, identity: string, nowMs: number): boolean {
  const { holderIdentity, leaseDurationSeconds = LEASE_SECONDS } = seen.lease.spec;
  if (!holderIdentity || holderIdentity === identity) return true;
  return nowMs >= seen.atMs + leaseDurationSeconds * 1000;
}

/** The next record: the same holder keeps its term, a new one begins the next. Pure. */
export function nextSpec(old: LeaseSpec, identity: string, time: string): LeaseSpec {
  const isSame = old.holderIdentity === identity;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: LEASE_SECONDS,
    acquireTime: isSame ? (old.acquireTime ?? time) : time,
    renewTime: time,
    leaseTransitions: (old.leaseTransitions ?? 0) + (isSame ? 0 : 1),
  };
}

/** Stands for election until the signal is aborted; resolves when the last term has ended. */
export async function runElection(options: ElectionOptions, signal: AbortSignal): Promise<void> {
  await new Election(options, signal).run();
}

class Election {
  readonly #o: ElectionOptions;
  readonly #signal: AbortSignal;
  readonly #path: string;
  #seen: Seen | undefined;

  constructor(options: ElectionOptions, signal: AbortSignal) {
    this.#o = options;
    this.#signal = signal;
    this.#path = `/apis/coordination.k8s.io/v1/namespaces/${options.namespace}/leases`;
  }

  async run(): Promise<void> {
    const { clock, log, random = Math.random } = this.#o;
    while (!this.#signal.aborted) {
      const startedAt = clock.monotonic();
      const lease = await this.#acquireOrRenew().catch((error: unknown) => {
        if (!this.#signal.aborted) log.warn('lease could not be read or taken', { error: String(error) });
        return undefined;
      });
      if (lease) await this.#serve(lease, startedAt);
      else await realSleep(RETRY_MS * (1 + random() * 1.2), this.#signal);
    }
  }

  /** The lease as we hold it now, or undefined. */
  async #acquireOrRenew(): Promise<Lease | undefined> {
    const { api, identity, clock } = this.#o;
    try {
      const current = await this.#read();
      if (!current) return this.#note(await this.#create()).lease;
      if (!mayTake(this.#note(current), identity, clock.monotonic())) return undefined;
      const spec = nextSpec(current.spec, identity, microTime(clock.now()));
      return this.#note(await api.update<Lease>(`${this.#path}/${NAME}`, { ...current, spec }, this.#request())).lease;
    } catch (error) {
      // Somebody else was faster.
      if (error instanceof ApiError && error.status === 409) return undefined;
      throw error;
    }
  }

  async #read(): Promise<Lease | undefined> {
    try {
      return await this.#o.api.get<Lease>(`${this.#path}/${NAME}`, this.#request());
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  #create(): Promise<Lease> {
    const { api, namespace, identity, clock } = this.#o;
    const spec = nextSpec({}, identity, microTime(clock.now()));
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: NAME, namespace }, spec };
    return api.create<Lease>(this.#path, lease, this.#request());
  }

  async #serve(lease: Lease, startedAt: number): Promise<void> {
    const { clock, log, lead } = this.#o;
    const renewed = { atMs: startedAt };
    const term = new AbortController();
    const isHeld = (): boolean => !term.signal.aborted && clock.monotonic() - renewed.atMs <= RENEW_DEADLINE_MS;
    const epoch = lease.spec.leaseTransitions ?? 0;
    log.info('leading', { epoch });
    const work = lead({ epoch, signal: term.signal, isHeld });
    const isOurs = await this.#renewUntilLost(renewed);
    term.abort(new Error(isOurs ? 'stopping' : 'the lease was lost'));
    await work;
    log.info('no longer leading', { epoch, isOurs });
    if (isOurs) await this.#release();
  }

  /** Renews until lost or stopped; answers whether it is still ours. */
  async #renewUntilLost(renewed: { atMs: number }): Promise<boolean> {
    const { clock, log } = this.#o;
    while (!this.#signal.aborted) {
      await realSleep(RETRY_MS, this.#signal);
      if (this.#signal.aborted) return true;
      try {
        const startedAt = clock.monotonic();
        if (!(await this.#acquireOrRenew())) return false;
        renewed.atMs = startedAt;
      } catch (error) {
        if (this.#signal.aborted) return true;
        log.warn('lease was not renewed', { error: String(error) });
      }
      if (clock.monotonic() - renewed.atMs > RENEW_DEADLINE_MS) return false;
    }
    return true;
  }

  async #release(): Promise<void> {
    const { api, identity, clock, log } = this.#o;
    if (this.#seen?.lease.spec.holderIdentity !== identity) return;
    const { lease } = this.#seen;
    const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(clock.now()) };
    const request = { signal: AbortSignal.timeout(2000), timeoutMs: 2000 };
    await api
      .update(`${this.#path}/${NAME}`, { ...lease, spec }, request)
      .catch((error: unknown) => log.warn('lease was not released', { error: String(error) }));
  }

  #note(lease: Lease): Seen {
    if (this.#seen?.lease.metadata.resourceVersion === lease.metadata.resourceVersion) return this.#seen;
    this.#seen = { lease, atMs: this.#o.clock.monotonic() };
    return this.#seen;
  }

  /** Requests end before the grace between the renew deadline and the lease's end. */
  #request(): RequestOptions {
    return { signal: this.#signal, timeoutMs: 4000 };
  }
}

/** Real time, not the bot's clock: skipping fifteen minutes must not make a lease expire. Resolves early when aborted. */
async function realSleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
