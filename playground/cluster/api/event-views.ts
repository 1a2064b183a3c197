/** Events are stored once, as core/v1, and served as events.k8s.io/v1 too; every other kind is served as it is stored. */
import type { Resource, StoredObject } from '../storage-contract.ts';
import type { ResourceDefinition } from './registry.ts';
import type { Draft } from './kinds/strategy.ts';

const CORE_EVENTS: Resource = { group: '', version: 'v1', plural: 'events' };

/** core/v1 name → events.k8s.io/v1 name. */
const RENAMED: Record<string, string> = {
  involvedObject: 'regarding',
  message: 'note',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
  reportingComponent: 'reportingController',
};
const FORMER = Object.fromEntries(Object.entries(RENAMED).map(([core, name]) => [name, core]));

const isEventsGroup = (definition: Resource): boolean => definition.group === 'events.k8s.io';

export function storedView(definition: ResourceDefinition): Resource {
  return isEventsGroup(definition) ? CORE_EVENTS : definition;
}

function renamed(object: object, names: Record<string, string>): object {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [names[key] ?? key, value as unknown]));
}

/** What a client of this resource sees of a stored object. */
export function viewOf(object: StoredObject, definition: ResourceDefinition): StoredObject {
  if (!isEventsGroup(definition)) return object;
  return { ...renamed(object, RENAMED), apiVersion: 'events.k8s.io/v1' } as StoredObject;
}

/** What is stored of a client's object. */
export function fromView(draft: Draft, definition: ResourceDefinition): Draft {
  if (!isEventsGroup(definition)) return draft;
  return { ...renamed(draft, FORMER), apiVersion: 'v1' } as Draft;
}
