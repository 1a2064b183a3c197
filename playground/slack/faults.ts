/**
 * What can be broken in the emulated Slack, as switches. Each stays until it is used up or cleared; `clear()` mends everything.
 * The Web API and the sockets ask here; nothing here acts by itself except on sockets, through the `SocketFaults` given.
 */
import type { WorldClock } from '../clock.ts';
import { SwitchList } from './faults/switch-list.ts';

/** Of the calls of a method, those with such arguments. */
type Which = (args: Record<string, unknown>) => boolean;

type RevokedAs = 'invalid_auth' | 'account_inactive' | 'token_revoked';

/** What faults can do to open sockets. */
export interface SocketFaults {
  warn(): void;
  refresh(count?: number): void;
  expire(ageMs: number): void;
  drop(): void;
  disableLink(): void;
  tooMany(): void;
  stopReading(): void;
}

export class Faults {
  readonly #clock: WorldClock;
  readonly #limited: SwitchList<{ method: string; retryAfterSeconds: number }>;
  readonly #refused: SwitchList<{ method: string; error: string; which?: Which }>;
  readonly #statuses: SwitchList<{ method: string; status: number }>;
  readonly #lost: SwitchList<{ method: string }>;
  readonly #slow: SwitchList<{ method: string; delayMs: number }>;
  #sockets: SocketFaults | undefined;
  #isDown = false;
  #revoked: RevokedAs | undefined;
  /** Acknowledgements arrive this much later. */
  ackDelayMs = 0;
  /** Acknowledgements of the next envelopes never arrive. */
  acksToLose = 0;
  /** The next envelopes are sent twice, on two sockets if there are two. */
  duplicates: { left: number; newEnvelopeId: boolean } = { left: 0, newEnvelopeId: false };
  /** So many of the next clicks on a message are made by a second person in the same instant. */
  doubledClicks = 0;
  /** `files.info` tells of shares only after this long. */
  shareDelayMs = 0;
  /** Uploads of bytes are refused. */
  refuseUploads = false;
  /** Answers to a response_url get a status that is no 2xx. */
  refuseResponses = false;

  constructor(clock: WorldClock) {
    this.#clock = clock;
    this.#limited = new SwitchList(clock);
    this.#refused = new SwitchList(clock);
    this.#statuses = new SwitchList(clock);
    this.#lost = new SwitchList(clock);
    this.#slow = new SwitchList(clock);
  }

  /** The sockets faults act upon. */
  attach(sockets: SocketFaults): void {
    this.#sockets = sockets;
  }

  /** Answers 429 with Retry-After to one method, or to all of them; `times` or `forMs` end it, otherwise `stopRateLimit`. */
  rateLimit(method: string, retryAfterSeconds: number, until: { times?: number; forMs?: number } = {}): void {
    this.#limited.add({ method, retryAfterSeconds }, until);
  }

  stopRateLimit(): void {
    this.#limited.clear();
  }

  /** The method refuses with this error of Slack's. */
  refuse(method: string, error: string, until: { times?: number; forMs?: number } = { times: 1 }, which?: Which): void {
    this.#refused.add({ method, error, ...(which ? { which } : {}) }, until);
  }

  /** Refusals with this word are not used up yet. */
  isRefusing(error: string): boolean {
    return this.#refused.has((what) => what.error === error);
  }

  stopRefusing(error: string): void {
    this.#refused.remove((what) => what.error === error);
  }

  /** The method answers with this HTTP status and no JSON: `failHttp('apps.connections.open', 503, { forMs: 60_000 })`. */
  failHttp(method: string, status: number, until: { times?: number; forMs?: number } = { times: 1 }): void {
    this.#statuses.add({ method, status }, until);
  }

  /** Some method answers with an HTTP status for a while yet. */
  isFailing(method: string): boolean {
    return this.#statuses.has((what) => what.method === method);
  }

  stopFailing(method: string): void {
    this.#statuses.remove((what) => what.method === method);
  }

  /** The method does its work, and the connection breaks before the answer. */
  loseReply(method: string, times = 1): void {
    this.#lost.add({ method }, { times });
  }

  isLosing(method: string): boolean {
    return this.#lost.has((what) => what.method === method);
  }

  stopLosing(method: string): void {
    this.#lost.remove((what) => what.method === method);
  }

  /** The method answers this much later. */
  slowDown(method: string, delayMs: number, until: { times?: number; forMs?: number } = { times: 1 }): void {
    this.#slow.add({ method, delayMs }, until);
  }

  isSlow(method: string): boolean {
    return this.#slow.has((what) => what.method === method);
  }

  stopSlowing(method: string): void {
    this.#slow.remove((what) => what.method === method);
  }

  /** The next envelopes go out twice: the very same, or under a new envelope id. */
  duplicateEnvelopes(times = 1, newEnvelopeId = false): void {
    this.duplicates = { left: times, newEnvelopeId };
  }

  /** Every token stops working, until `restoreToken`. */
  revokeToken(as: RevokedAs = 'token_revoked'): void {
    this.#revoked = as;
    this.#sockets?.disableLink();
  }

  restoreToken(): void {
    this.#revoked = undefined;
  }

  /** Slack is not there at all: no connection is answered, sockets break. */
  setDown(down: boolean): void {
    this.#isDown = down;
    if (down) this.#sockets?.drop();
  }

  warnSockets(): void {
    this.#sockets?.warn();
  }

  /** Slack refreshes each socket at its own time: `count` of them now, all by default. */
  refreshSockets(count?: number): void {
    this.#sockets?.refresh(count);
  }

  /** Connections that have lived so long are refreshed, all in the same instant. */
  expireSockets(ageMs: number): void {
    this.#sockets?.expire(ageMs);
  }

  /** Cuts every socket without a close frame. */
  dropSockets(): void {
    this.#sockets?.drop();
  }

  /** Nothing the app says on sockets that are open now arrives, not even that it closes them. */
  stopReading(): void {
    this.#sockets?.stopReading();
  }

  disableLink(): void {
    this.#sockets?.disableLink();
  }

  tooManySockets(): void {
    this.#sockets?.tooMany();
  }

  clear(): void {
    for (const list of [this.#limited, this.#refused, this.#statuses, this.#lost, this.#slow]) list.clear();
    this.#isDown = false;
    this.#revoked = undefined;
    this.ackDelayMs = 0;
    this.acksToLose = 0;
    this.duplicates = { left: 0, newEnvelopeId: false };
    this.doubledClicks = 0;
    this.shareDelayMs = 0;
    this.refuseUploads = false;
    this.refuseResponses = false;
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  get isRateLimited(): boolean {
    return this.#limited.isOn;
  }

  get revoked(): RevokedAs | undefined {
    return this.#revoked;
  }

  /** What shall happen to this call; using it counts it. */
  takeRateLimit(method: string): number | undefined {
    return this.#limited.take(method)?.retryAfterSeconds;
  }

  takeRefusal(method: string, args: Record<string, unknown>): string | undefined {
    return this.#refused.take(method, ({ which }) => which === undefined || which(args))?.error;
  }

  takeStatus(method: string): number | undefined {
    return this.#statuses.take(method)?.status;
  }

  takeLostReply(method: string): boolean {
    return this.#lost.take(method) !== undefined;
  }

  async waitFor(method: string): Promise<void> {
    const delayMs = this.#slow.take(method)?.delayMs;
    if (delayMs !== undefined) await this.#clock.sleep(delayMs);
  }
}
