/**
 * Events as client-go's recorder writes them: the same text about the same object raises `count` and `lastTimestamp` instead of making a
 * new Event, and from the tenth text with one reason on they are combined into one. The scheduler's come in the newer form (`eventTime`, no count). Events live for an hour, as on a real API server.
 */
import type { WorldClock } from '../../clock.ts';
import type { ClusterStorage } from '../storage.ts';
import type { StoredObject } from '../storage-contract.ts';
import { events } from '../objects.ts';
import { microTimestamp, timestamp } from './trusted-client.ts';

export interface EventText {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  /** `spec.containers{app}` */
  fieldPath?: string;
}

export interface EventRecorder {
  record(component: string, about: StoredObject, text: EventText, host?: string): void;
  stop(): void;
}

export interface EventRecorderOptions {
  /** Off while history is made: such events would be long gone. */
  isOn?: () => boolean;
}

const lifetimeMs = 60 * 60_000;
const sweepMs = 10 * 60_000;
const combinedFrom = 10;
const combinedWithinMs = 10 * 60_000;

const scheduler = 'default-scheduler';

function reference(about: StoredObject, fieldPath?: string): object {
  const { name, namespace, uid, resourceVersion } = about.metadata;
  const { kind, apiVersion } = about;
  return { kind, namespace, name, uid, apiVersion, resourceVersion, ...(fieldPath && { fieldPath }) };
}

interface Occurrence {
  component: string;
  about: StoredObject;
  text: EventText;
  host: string | undefined;
  atMs: number;
}

function eventFields({ component, about, text, host, atMs }: Occurrence): object {
  const { fieldPath, ...plain } = text;
  const common = { involvedObject: reference(about, fieldPath), ...plain, reportingComponent: component };
  if (component === scheduler) {
    return {
      ...common,
      source: {},
      action: 'Binding',
      eventTime: microTimestamp(atMs),
      firstTimestamp: null,
      lastTimestamp: null,
      reportingInstance: `${scheduler}-control-plane`,
    };
  }
  const at = timestamp(atMs);
  return {
    ...common,
    source: { component, ...(host && { host }) },
    count: 1,
    eventTime: null,
    firstTimestamp: at,
    lastTimestamp: at,
    reportingInstance: host ?? '',
  };
}

/** Texts of one reason about one object, as long as they keep coming. */
class SimilarTexts {
  readonly #groups = new Map<string, { texts: Set<string>; lastMs: number }>();

  /** Whether this text is to be combined with the others of its group. */
  isOneTooMany(group: string, text: string, nowMs: number): boolean {
    const known = this.#groups.get(group);
    const isFresh = known !== undefined && nowMs - known.lastMs <= combinedWithinMs;
    const texts = isFresh ? known.texts : new Set<string>();
    this.#groups.set(group, { texts: texts.add(text), lastMs: nowMs });
    if (texts.size < combinedFrom) return false;
    texts.delete(text);
    return true;
  }

  forget(beforeMs: number): void {
    for (const [group, { lastMs }] of this.#groups) if (lastMs < beforeMs) this.#groups.delete(group);
  }
}

export function eventRecorder(
  storage: ClusterStorage,
  clock: WorldClock,
  { isOn = () => true }: EventRecorderOptions = {},
): EventRecorder {
  const known = new Map<string, { namespace: string; name: string }>();
  const similar = new SimilarTexts();
  let sequence = 0;

  function repeat(at: { namespace: string; name: string }, message: string): boolean {
    if (!storage.peekOne(events, at.namespace, at.name)) return false;
    storage.change(events, at.namespace, at.name, (e) => ({
      ...e,
      message,
      count: Number(e['count'] ?? 1) + 1,
      lastTimestamp: timestamp(clock.now()),
    }));
    return true;
  }

  function create(component: string, about: StoredObject, given: EventText, host?: string): void {
    const group = [component, host, about.metadata.uid, given.type, given.reason].join('\n');
    const plainKey = [group, given.message, given.fieldPath].join('\n');
    const isCombined = component !== scheduler && similar.isOneTooMany(group, plainKey, clock.now());
    const key = isCombined ? group : plainKey;
    const text = isCombined ? { ...given, message: `(combined from similar events): ${given.message}` } : given;
    const repeated = known.get(key);
    if (component !== scheduler && repeated && repeat(repeated, text.message)) return;
    sequence += 1;
    const namespace = about.metadata.namespace ?? 'default';
    const nanoseconds = BigInt(Math.floor(clock.now())) * 1_000_000n + BigInt(sequence % 1_000_000);
    const name = `${about.metadata.name}.${nanoseconds.toString(16)}`;
    storage.create(events, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      ...eventFields({ component, about, text, host, atMs: clock.now() }),
    });
    known.set(key, { namespace, name });
  }

  function sweep(): void {
    for (const event of storage.peek(events)) {
      const stamps = [event['lastTimestamp'], event['eventTime'], event.metadata.creationTimestamp];
      const last = stamps.find((stamp) => typeof stamp === 'string') ?? '';
      if (Date.parse(last) < clock.now() - lifetimeMs) {
        storage.remove(events, event.metadata.namespace, event.metadata.name);
      }
    }
    similar.forget(clock.now() - combinedWithinMs);
    for (const [key, at] of known) if (!storage.peekOne(events, at.namespace, at.name)) known.delete(key);
    cancelSweep = clock.after(sweepMs, sweep);
  }

  let cancelSweep = clock.after(sweepMs, sweep);
  return {
    record(component, about, text, host) {
      if (isOn()) create(component, about, text, host);
    },
    stop: () => cancelSweep(),
  };
}
