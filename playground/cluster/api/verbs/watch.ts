/** watch: what happened since a version, then what happens; initial events and bookmarks when asked for; 410 when the history is gone. */
import type { StorageEvent, StoredObject } from '../../storage-contract.ts';
import type { Call } from '../call.ts';
import { storedView, viewOf } from '../event-views.ts';
import { listOptions, type ListOptions } from './list-options.ts';
import type { ApiStream, Sink } from '../message.ts';
import { rendering } from './read.ts';
import { renderObject } from '../representation.ts';
import { matcher, type Matches } from '../selectors.ts';
import { expired, type Status } from '../status.ts';

const BOOKMARK_SECONDS = 60;
/** The last one comes this long before the watch ends, so that its reader goes on from a fresh version. */
const LAST_BOOKMARK_SECONDS = 2;
/** Watches without a timeout end by themselves after half an hour to an hour. */
const SHORTEST_SECONDS = 1800;

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** Stored objects never change, and each of them goes to every watcher. */
const texts = new WeakMap<object, string>();

function line(type: EventType, object: object): string {
  let text = texts.get(object);
  if (text === undefined) texts.set(object, (text = JSON.stringify(object)));
  return `{"type":"${type}","object":${text}}\n`;
}

function tell(sink: Sink, type: EventType, object: object): void {
  if (sink.event) sink.event(type, object);
  else sink.write(line(type, object));
}

interface Watcher {
  call: Call;
  options: ListOptions;
  isMine(object: StoredObject): boolean;
  sink: Sink;
  /** Tables carry their columns once. */
  hasColumns: boolean;
  /** The version it was asked to begin after; 0: with all that is there. */
  beganAt: number;
}

function send(watcher: Watcher, type: EventType, object: StoredObject): void {
  const rendered = renderObject(viewOf(object, watcher.call.definition), rendering(watcher.call)) as {
    columnDefinitions?: unknown;
  };
  if (watcher.call.form === 'table') {
    if (watcher.hasColumns) rendered.columnDefinitions = null;
    watcher.hasColumns = true;
  }
  tell(watcher.sink, type, rendered);
}

/** An object that begins or ceases to match a selector is added or deleted for this watcher. */
function pass(watcher: Watcher, { type, object, previous }: StorageEvent): void {
  const isIn = watcher.isMine(object);
  const wasIn = previous !== undefined && watcher.isMine(previous);
  if (type === 'DELETED') {
    if (wasIn) send(watcher, 'DELETED', object);
  } else if (isIn) send(watcher, wasIn ? 'MODIFIED' : 'ADDED', object);
  else if (wasIn) {
    const { resourceVersion } = object.metadata;
    send(watcher, 'DELETED', { ...previous, metadata: { ...previous.metadata, resourceVersion } });
  }
}

/** None is sent while there is nothing newer than what the watch began with. */
function bookmark(watcher: Watcher, isInitialEnd: boolean): void {
  const { call, sink, hasColumns } = watcher;
  const { definition, world, form } = call;
  const version = world.storage.resourceVersion();
  if (!isInitialEnd && version <= watcher.beganAt) return;
  const apiVersion = definition.group === '' ? definition.version : `${definition.group}/${definition.version}`;
  const metadata = {
    resourceVersion: String(version),
    creationTimestamp: null,
    ...(isInitialEnd && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
  };
  const object = { kind: definition.kind, apiVersion, metadata };
  if (form !== 'table') tell(sink, 'BOOKMARK', object);
  else {
    const rendered = renderObject(object as unknown as StoredObject, rendering(call)) as { columnDefinitions: unknown };
    tell(sink, 'BOOKMARK', hasColumns ? { ...rendered, columnDefinitions: null } : rendered);
  }
}

function expiry(resourceVersion: string, current: number): Status {
  return expired(`too old resource version: ${resourceVersion} (${current})`).status;
}

/** What comes before the live events; false when the watch is over at once. */
function replay(watcher: Watcher): boolean {
  const { call, options, sink } = watcher;
  const { storage } = call.world;
  const { resourceVersion, sendInitialEvents } = options;
  const resource = storedView(call.definition);
  if (resourceVersion === '' || resourceVersion === '0' || sendInitialEvents) {
    for (const object of storage.peek(resource)) if (watcher.isMine(object)) send(watcher, 'ADDED', object);
    // Asked for or not: a watch without a version begins as a streamed list does.
    if (options.allowWatchBookmarks) bookmark(watcher, true);
    return true;
  }
  const missed = storage.eventsSince(Number(resourceVersion));
  if (!missed) {
    tell(sink, 'ERROR', expiry(resourceVersion, storage.resourceVersion()));
    return false;
  }
  for (const event of missed) if (isOf(event, resource)) pass(watcher, event);
  return true;
}

function isOf(event: StorageEvent, resource: { group: string; plural: string }): boolean {
  return event.resource.plural === resource.plural && event.resource.group === resource.group;
}

function isMine(call: Call, matches: Matches): (object: StoredObject) => boolean {
  const { namespace, target } = call;
  // A path with a name watches one object; a name taken from the field selector is in `matches` already.
  const path = call.request.path.split('/');
  const only = path.at(-1) === target.name && path.at(-2) === target.plural ? target.name : undefined;
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (only === undefined || object.metadata.name === only) &&
    matches(object);
}

function begin(watcher: Watcher): () => void {
  const { call, options, sink } = watcher;
  const { storage, clock, random } = call.world;
  const stops: (() => void)[] = [];
  const stop = (): void => stops.splice(0).forEach((each) => each());
  const finish = (): void => {
    stop();
    sink.end();
  };
  if (!replay(watcher)) {
    sink.end();
    return stop;
  }
  const resource = storedView(call.definition);
  stops.push(storage.subscribe((event) => isOf(event, resource) && pass(watcher, event)));
  const seconds = options.timeoutSeconds ?? SHORTEST_SECONDS * (1 + random());
  const endsAt = clock.now() + seconds * 1000;
  stops.push(clock.after(seconds * 1000, finish));
  if (options.allowWatchBookmarks) {
    let cancelBookmark = (): void => {};
    const next = (): void => {
      const delayMs = Math.min(BOOKMARK_SECONDS * 1000, endsAt - LAST_BOOKMARK_SECONDS * 1000 - clock.now());
      if (delayMs <= 0) return;
      cancelBookmark = clock.after(delayMs, () => {
        bookmark(watcher, false);
        next();
      });
    };
    next();
    stops.push(() => cancelBookmark());
  }
  return stop;
}

/** Throws what listOptions throws. */
export function watch(call: Call): ApiStream {
  const options = listOptions(call.request.query, true);
  const matches = matcher(call.request.query, call.definition);
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    start: (sink) =>
      begin({
        call,
        options,
        isMine: isMine(call, matches),
        sink,
        hasColumns: false,
        beganAt: Number(options.resourceVersion),
      }),
  };
}
