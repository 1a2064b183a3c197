/** Cells of events and leases. */
import type { StoredObject } from '../../storage-contract.ts';
import { age, humanDuration } from './duration.ts';

interface EventObject extends StoredObject {
  involvedObject?: { kind?: string; name?: string; fieldPath?: string };
  source?: { component?: string; host?: string };
  reportingComponent?: string;
  reportingInstance?: string;
  type?: string;
  reason?: string;
  message?: string;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  count?: number;
  series?: { count: number; lastObservedTime: string };
}

function source({ source: from, reportingComponent, reportingInstance }: EventObject): string {
  const parts = from?.component ? [from.component, from.host] : [reportingComponent, reportingInstance];
  return parts.filter((part) => part).join(', ');
}

export function eventCells(object: StoredObject, now: number): unknown[] {
  const event = object as EventObject;
  const { involvedObject: about = {} } = event;
  const first = event.firstTimestamp ? age(event.firstTimestamp, now) : age(event.eventTime, now);
  const last = event.series
    ? age(event.series.lastObservedTime, now)
    : event.lastTimestamp
      ? age(event.lastTimestamp, now)
      : first;
  const count = event.series?.count ?? event.count ?? 0;
  const subject = about.name ? `${(about.kind ?? '').toLowerCase()}/${about.name}` : (about.kind ?? '').toLowerCase();
  return [
    last,
    event.type,
    event.reason,
    subject,
    about.fieldPath ?? '',
    source(event),
    (event.message ?? '').trim(),
    first,
    count === 0 ? 1 : count,
    event.metadata.name,
  ];
}

export function leaseCells({ metadata, ...object }: StoredObject, now: number): unknown[] {
  const spec = object['spec'] as { holderIdentity?: string } | undefined;
  return [metadata.name, spec?.holderIdentity ?? '', humanDuration(now - Date.parse(metadata.creationTimestamp))];
}
