/**
 * Socket Mode: hello, envelopes to one of several sockets, acknowledgements, disconnects. A socket is a line that takes text; the
 * WebSocket is a skin. Sockets are taken in turn, so that no app can rely on getting the next step of a flow on the same one.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { WorldClock } from '../clock.ts';
import type { Faults, SocketFaults } from './faults.ts';
import { interactionLimits, socketLimits } from './limits.ts';

/** One connection, as the core sees it. */
export interface SocketLine {
  send(text: string): void;
  /** With a close frame. */
  close(): void;
  /** Without one. */
  terminate(): void;
  /** What comes is not read any more, a close frame neither. */
  stopReading(): void;
}

interface Envelope {
  type: 'events_api' | 'slash_commands' | 'interactive';
  payload: object;
  acceptsPayload: boolean;
  retry?: { attempt: number; reason: string };
}

/** How an envelope ended. */
export type Delivery =
  { kind: 'acked'; payload: unknown; socketId: number } | { kind: 'no_socket' } | { kind: 'timeout' };

interface OpenSocket {
  id: number;
  line: SocketLine;
  openedAt: number;
  /** Slack has told it to go: it gets no further envelope. */
  leaving: boolean;
}

const Ack = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });
const host = 'applink-playground';

export class Sockets implements SocketFaults {
  readonly #clock: WorldClock;
  readonly #faults: Faults;
  readonly #onConnected: (connected: boolean) => void;
  readonly #ackMs: number;
  readonly #tickets = new Map<string, number>();
  readonly #waiting = new Map<string, (ack: { payload: unknown; socketId: number }) => void>();
  readonly #retries = new Set<() => void>();
  readonly #pending = new Set<(delivery: Delivery) => void>();
  #open: OpenSocket[] = [];
  #count = 0;
  #turn = 0;

  constructor(
    clock: WorldClock,
    faults: Faults,
    onConnected: (connected: boolean) => void,
    ackMs: number = interactionLimits.ackMs,
  ) {
    this.#clock = clock;
    this.#faults = faults;
    this.#onConnected = onConnected;
    this.#ackMs = ackMs;
  }

  /** Open sockets that get envelopes. */
  get size(): number {
    return this.#listening().length;
  }

  /** Connections since the start, gone ones included. */
  get connections(): number {
    return this.#count;
  }

  /** A one-time address' secret part. */
  issueTicket(): string {
    const ticket = randomUUID();
    this.#tickets.set(ticket, this.#clock.now() + socketLimits.ticketMs);
    return ticket;
  }

  /** Greets a new connection; `undefined`: the ticket was used, expired or never issued. */
  connect(ticket: string, line: SocketLine): OpenSocket | undefined {
    const expiresAt = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (expiresAt === undefined || expiresAt < this.#clock.now() || this.#faults.isDown) return undefined;
    const socket: OpenSocket = { id: ++this.#count, line, openedAt: this.#clock.now(), leaving: false };
    if (this.#open.length >= socketLimits.perApp) {
      this.#disconnect(socket, 'too_many_websockets');
      return socket;
    }
    this.#open.push(socket);
    const hello = {
      type: 'hello',
      num_connections: this.#open.length,
      debug_info: { host, build_number: 1, approximate_connection_time: 18_060 },
      connection_info: { app_id: 'A0ROLLBACK' },
    };
    line.send(JSON.stringify(hello));
    if (this.size === 1) this.#onConnected(true);
    return socket;
  }

  closed(socket: OpenSocket): void {
    const before = this.size;
    this.#open = this.#open.filter((s) => s !== socket);
    if (before > 0 && this.size === 0) this.#onConnected(false);
  }

  /** Takes what the app sent: acknowledgements. Anything else is ignored, as Slack does. */
  receive(socket: OpenSocket, text: string): void {
    const ack = parseAck(text);
    const resolve = ack && this.#waiting.get(ack.envelope_id);
    if (!resolve) return;
    if (this.#faults.acksToLose > 0) {
      this.#faults.acksToLose -= 1;
      this.#waiting.delete(ack.envelope_id);
      return;
    }
    const settle = () => resolve({ payload: ack.payload, socketId: socket.id });
    if (this.#faults.ackDelayMs > 0) this.#clock.after(this.#faults.ackDelayMs, settle);
    else settle();
  }

  /** Sends an envelope to one socket and waits, three seconds at most unless told otherwise, for its acknowledgement. */
  async deliver(envelope: Envelope, envelopeId: string = randomUUID()): Promise<Delivery> {
    const socket = this.#next();
    if (!socket) return { kind: 'no_socket' };
    const ids = [envelopeId];
    this.#send(socket, envelope, envelopeId);
    const copy = this.#copyOf(envelopeId);
    if (copy !== undefined) {
      ids.push(copy);
      this.#send(this.#next() ?? socket, envelope, copy);
    }
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    const cancel = this.#clock.after(this.#ackMs, () => resolve({ kind: 'timeout' }));
    for (const id of ids) {
      this.#waiting.set(id, ({ payload, socketId }) =>
        resolve({ kind: 'acked', payload: envelope.acceptsPayload ? payload : undefined, socketId }),
      );
    }
    this.#pending.add(resolve);
    const delivery = await promise;
    this.#pending.delete(resolve);
    cancel();
    for (const id of ids) this.#waiting.delete(id);
    return delivery;
  }

  /** An event of the Events API. Answers how the first delivery ended; three more follow until one is acknowledged. */
  async deliverEvent(payload: object): Promise<Delivery> {
    const envelope: Envelope = { type: 'events_api', payload, acceptsPayload: false };
    const envelopeId = randomUUID();
    const startedAt = this.#clock.now();
    const delivery = await this.deliver(envelope, envelopeId);
    if (delivery.kind !== 'acked') this.#retryLater(envelope, { envelopeId, startedAt, attempt: 1, delivery });
    return delivery;
  }

  /** The first retry keeps the envelope id, later ones do not: both were seen. */
  #retryLater(
    envelope: Envelope,
    {
      envelopeId,
      startedAt,
      attempt,
      delivery,
    }: { envelopeId: string; startedAt: number; attempt: number; delivery: Delivery },
  ): void {
    const delayMs = interactionLimits.eventRetriesMs[attempt - 1];
    if (delayMs === undefined) return;
    const retry = { attempt, reason: delivery.kind === 'timeout' ? 'timeout' : 'connection_failed' };
    const run = async (): Promise<void> => {
      const next = await this.deliver({ ...envelope, retry }, attempt === 1 ? envelopeId : randomUUID());
      if (next.kind !== 'acked') {
        this.#retryLater(envelope, { envelopeId, startedAt, attempt: attempt + 1, delivery: next });
      }
    };
    const cancel = this.#clock.after(Math.max(0, startedAt + delayMs - this.#clock.now()), () => {
      this.#retries.delete(cancel);
      void run();
    });
    this.#retries.add(cancel);
  }

  /** Cuts every socket and forgets what was to be sent; whoever waits for an acknowledgement is told. */
  stop(): void {
    for (const cancel of this.#retries) cancel();
    this.#retries.clear();
    for (const settle of this.#pending) settle({ kind: 'no_socket' });
    this.drop();
  }

  /** Those that are open now go ten seconds later; what is opened meanwhile stays. */
  warn(): void {
    const warned = this.#listening();
    for (const { line } of warned) line.send(disconnectMessage('warning'));
    this.#clock.after(socketLimits.warningMs, () => this.#refresh(warned));
  }

  refresh(count = Infinity): void {
    this.#refresh(this.#listening().slice(0, count));
  }

  expire(ageMs: number): void {
    const now = this.#clock.now();
    this.#refresh(this.#listening().filter(({ openedAt }) => now - openedAt >= ageMs));
  }

  #refresh(sockets: readonly OpenSocket[]): void {
    for (const socket of sockets.filter((s) => this.#open.includes(s))) this.#disconnect(socket, 'refresh_requested');
  }

  disableLink(): void {
    for (const socket of this.#listening()) this.#disconnect(socket, 'link_disabled');
  }

  tooMany(): void {
    for (const socket of this.#listening()) this.#disconnect(socket, 'too_many_websockets');
  }

  stopReading(): void {
    for (const { line } of this.#open) line.stopReading();
  }

  drop(): void {
    for (const socket of this.#open) {
      socket.line.terminate();
      this.closed(socket);
    }
  }

  #listening(): OpenSocket[] {
    return this.#open.filter((s) => !s.leaving);
  }

  #next(): OpenSocket | undefined {
    const listening = this.#listening();
    return listening[this.#turn++ % Math.max(1, listening.length)];
  }

  #send(socket: OpenSocket, { type, payload, acceptsPayload, retry }: Envelope, envelopeId: string): void {
    const repeated = retry ? { retry_attempt: retry.attempt, retry_reason: retry.reason } : {};
    const first = type === 'events_api' ? { retry_attempt: 0, retry_reason: '' } : {};
    socket.line.send(
      JSON.stringify({
        envelope_id: envelopeId,
        type,
        payload,
        accepts_response_payload: acceptsPayload,
        ...first,
        ...repeated,
      }),
    );
  }

  #copyOf(envelopeId: string): string | undefined {
    const { left, newEnvelopeId } = this.#faults.duplicates;
    if (left <= 0) return undefined;
    this.#faults.duplicates = { left: left - 1, newEnvelopeId };
    return newEnvelopeId ? randomUUID() : envelopeId;
  }

  #disconnect(socket: OpenSocket, reason: string): void {
    const before = this.size;
    socket.leaving = true;
    socket.line.send(disconnectMessage(reason));
    if (before > 0 && this.size === 0) this.#onConnected(false);
  }
}

function disconnectMessage(reason: string): string {
  return JSON.stringify({ type: 'disconnect', reason, debug_info: { host } });
}

function parseAck(text: string): z.infer<typeof Ack> | undefined {
  try {
    return Ack.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
