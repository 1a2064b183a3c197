/**
 * Who leads: client-go's algorithm over a Lease (kubernetes.md §11). One replica leads a term at a time; losing the lease aborts
 * `term.signal`, and nothing may be written after that. It compares no remote time with the local clock, and guards no write by itself:
 * whoever writes asks `isHeld` right before, and fences the write.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { ApiError, type Api, type KubernetesObject, type RequestOptions } from '#clients/kubernetes/api.ts';
import type { Clock, Log } from '#rollback/ports.ts';
import {
  holds,
  type LeaseSpec,
  mayTake,
  microTime,
  nextSpec,
  releasedSpec,
  type Seen,
  seenAt,
} from './lease-record.ts';

const RENEW_DEADLINE_MS = 10_000;
const RETRY_MS = 2_000;
/** Below the grace between the renew deadline and the lease's end, so that no renewal of a deposed leader is under way for long. */
const REQUEST_MS = 4_000;
const RELEASE_TRIES = 3;
/** Aborted work ends at once; what does not end by then hangs. */
const ENDS_WITHIN_MS = 2_000;
const NAME = 'rollback-bot';
/** A number for the first term under a new lease that no earlier lease can have reached: one term lasts longer than a second. */
const secondsSinceFirst = (nowMs: number): number => Math.max(0, Math.floor((nowMs - Date.UTC(2026, 0, 1)) / 1_000));

type Lease = KubernetesObject & { spec: LeaseSpec };

/** One stretch of leading. */
export interface Term {
  /** `leaseTransitions`: higher than any earlier leader's. */
  epoch: number;
  /** Aborted when the lease is lost or given up. */
  signal: AbortSignal;
  /** By our own monotonic clock: false once the renew deadline has passed since the last renewal. */
  isHeld: () => boolean;
  /**
   * There was no lease: it may have been deleted under another leader, who does not know it yet and acts for up to the renew deadline
   * more. False where this replica saw that nobody could.
   */
  overlaps: boolean;
}

export interface ElectionOptions {
  api: Api;
  namespace: string;
  /** Unique: a pod's name with a random part. */
  identity: string;
  clock: Clock;
  log: Log;
  random?: () => number;
  /** The highest term that objects were written in: a lease that was deleted or put back begins above it. Default 0. */
  epochFloor?: () => number;
  /** Works until the term's signal is aborted; the lease is released only after it settled. Ending earlier gives the lease up. */
  lead: (term: Term) => Promise<void>;
  /** The lease is lost and the term's work did not end in 2 s: the process must. */
  onOverrun: () => void;
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
  /** The whole object as last seen: an update keeps what others wrote into its metadata. */
  #lease: Lease | undefined;
  /** Of the term that is running. */
  #epoch: number | undefined;
  /** The highest term that any lease seen here was in. */
  #highest = 0;
  #overlaps = false;

  constructor(options: ElectionOptions, signal: AbortSignal) {
    this.#o = options;
    this.#signal = signal;
    this.#path = `/apis/coordination.k8s.io/v1/namespaces/${options.namespace}/leases`;
  }

  async run(): Promise<void> {
    const { clock, log, random = Math.random } = this.#o;
    /** A try was given up without an answer: the lease may be ours all the same. */
    let isUnsure = false;
    while (!this.#signal.aborted) {
      const startedAt = clock.monotonic();
      isUnsure = false;
      this.#overlaps = false;
      const lease = await this.#acquireOrRenew(REQUEST_MS).catch((error: unknown) => {
        isUnsure = true;
        if (!this.#signal.aborted) log.warn('lease could not be read or taken', { error: String(error) });
        return undefined;
      });
      if (lease) await this.#serve(lease.spec.leaseTransitions ?? 0, startedAt);
      if (!this.#signal.aborted) await pause(RETRY_MS * (1 + random() * 1.2), this.#signal);
    }
    // Nobody else could lead before it expires.
    if (isUnsure) await this.#release();
  }

  async #serve(epoch: number, startedAt: number): Promise<void> {
    const { clock, log, lead } = this.#o;
    this.#epoch = epoch;
    const renewed = { atMs: startedAt };
    const lost = new AbortController();
    const isHeld = (): boolean => !lost.signal.aborted && clock.monotonic() - renewed.atMs <= RENEW_DEADLINE_MS;
    log.info('leading', { epoch });
    const over = new AbortController();
    const work = lead({ epoch, signal: lost.signal, isHeld, overlaps: this.#overlaps })
      .catch((error: unknown) => log.error('the term failed', { epoch, error: String(error) }))
      .finally(() => over.abort());
    const isOurs = await this.#renewWhileOurs(renewed, AbortSignal.any([this.#signal, over.signal]));
    lost.abort(new Error(isOurs ? 'stopping' : 'the lease was lost'));
    if (!isOurs) await this.#expectEnd(epoch, work);
    await work;
    this.#epoch = undefined;
    log.info('no longer leading', { epoch, isOurs });
    if (isOurs) await this.#release();
  }

  /** Somebody else may lead by now: what hangs here could still change the world, so it ends with the process. */
  async #expectEnd(epoch: number, work: Promise<void>): Promise<void> {
    const ended = new AbortController();
    const end = work.then(() => ended.abort());
    await Promise.race([end, pause(ENDS_WITHIN_MS, ended.signal)]);
    if (ended.signal.aborted) return;
    this.#o.log.error('aborted work did not end after the lease was lost: the process ends', { epoch });
    this.#o.onOverrun();
  }

  /** Renews until the lease is lost (false) or no longer wanted (true). One failed renewal is no loss: the deadline decides. */
  async #renewWhileOurs(renewed: { atMs: number }, unwanted: AbortSignal): Promise<boolean> {
    const { clock, log, identity } = this.#o;
    for (;;) {
      await pause(RETRY_MS, unwanted);
      if (unwanted.aborted) return true;
      const startedAt = clock.monotonic();
      const leftMs = renewed.atMs + RENEW_DEADLINE_MS - startedAt;
      if (leftMs <= 0) return false;
      try {
        const lease = await this.#acquireOrRenew(Math.min(REQUEST_MS, leftMs));
        // Somebody else led meanwhile: this lease is ours again, and this term is over.
        if (lease && lease.spec.leaseTransitions !== this.#epoch) return false;
        if (lease) renewed.atMs = startedAt;
        else if (this.#seen?.spec.holderIdentity !== identity) return false;
      } catch (error) {
        if (!unwanted.aborted) log.warn('lease was not renewed', { error: String(error) });
      }
    }
  }

  /** The lease as we hold it now; undefined: somebody else has it, or was faster. Rejects on an outage. */
  async #acquireOrRenew(timeoutMs: number): Promise<Lease | undefined> {
    const { identity, clock } = this.#o;
    const request = { signal: this.#signal, timeoutMs };
    if (this.#lease && holds(this.#seen, identity, clock.monotonic())) {
      const renewed = await this.#update(this.#lease, request);
      if (renewed) return renewed;
    }
    const current = await this.#read(request);
    if (!current) return this.#create(request);
    if (!mayTake(this.#note(current), identity, clock.monotonic())) return undefined;
    return this.#update(current, request);
  }

  /** undefined: it changed or is gone since it was read. */
  async #update(lease: Lease, request: RequestOptions): Promise<Lease | undefined> {
    const { identity, clock } = this.#o;
    const isRunning = this.#epoch !== undefined;
    const spec = nextSpec(lease.spec, { identity, isRunning }, microTime(clock.now()));
    // A lease that was restored from a backup may be behind: a new term begins above every number in use all the same.
    if (!isRunning || lease.spec.holderIdentity !== identity) {
      spec.leaseTransitions = Math.max(spec.leaseTransitions ?? 0, this.#floor() + 1);
    }
    return this.#write(() => this.#o.api.update<Lease>(`${this.#path}/${NAME}`, { ...lease, spec }, request));
  }

  /**
   * A lease that was deleted: the running term keeps its number, a new one begins above every number in use. Whoever led under the old one
   * may still be at work and may not have written its term into any object yet, so the time decides what is above it.
   */
  async #create(request: RequestOptions): Promise<Lease | undefined> {
    const { api, namespace, identity, clock } = this.#o;
    this.#overlaps = this.#seen === undefined || !mayTake(this.#seen, identity, clock.monotonic());
    const leaseTransitions = this.#epoch ?? Math.max(this.#floor(), secondsSinceFirst(clock.now())) + 1;
    const spec = { ...nextSpec({}, { identity, isRunning: false }, microTime(clock.now())), leaseTransitions };
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: NAME, namespace }, spec };
    return this.#write(() => api.create<Lease>(this.#path, lease, request));
  }

  /** In use already, as far as this replica can know. */
  #floor(): number {
    return Math.max(this.#highest, this.#o.epochFloor?.() ?? 0);
  }

  async #write(send: () => Promise<Lease>): Promise<Lease | undefined> {
    try {
      const lease = await send();
      this.#note(lease);
      return lease;
    } catch (error) {
      if (error instanceof ApiError && (error.status === 409 || error.status === 404)) return undefined;
      throw error;
    }
  }

  async #read(request: RequestOptions): Promise<Lease | undefined> {
    try {
      return await this.#o.api.get<Lease>(`${this.#path}/${NAME}`, request);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  async #release(): Promise<void> {
    const { api, identity, clock, log } = this.#o;
    // The bot's own signal may be aborted by now.
    const request = { signal: AbortSignal.timeout(REQUEST_MS), timeoutMs: REQUEST_MS };
    try {
      for (let tries = 1; tries <= RELEASE_TRIES; tries++) {
        const lease = await this.#read(request);
        if (lease?.spec.holderIdentity !== identity) return;
        const spec = releasedSpec(lease.spec, microTime(clock.now()));
        const path = `${this.#path}/${NAME}`;
        if (await this.#write(() => api.update<Lease>(path, { ...lease, spec }, request))) return;
      }
    } catch (error) {
      log.warn('lease was not released', { error: String(error) });
    }
  }

  #note(lease: Lease): Seen {
    const { resourceVersion } = lease.metadata;
    this.#lease = lease;
    this.#highest = Math.max(this.#highest, lease.spec.leaseTransitions ?? 0);
    this.#seen = seenAt(this.#seen, resourceVersion, lease.spec, this.#o.clock.monotonic());
    return this.#seen;
  }
}

/** Real time, not the bot's clock: skipping fifteen minutes must not make a lease expire. Resolves early when aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // The rejection is the abort.
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
