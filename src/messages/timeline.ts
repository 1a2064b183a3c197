/**
 * The thread is the dated timeline. Entries become replies whose keys never change: the first few each their own, the rest gathered in one
 * that is edited, so that nine services make no more than twelve replies before the outcome.
 */
import { section } from '#blocks/blocks.ts';
import { escape } from '#blocks/escape.ts';
import { utcDate } from '#blocks/time.ts';
import { inputsOf } from '#rollback/inputs.ts';
import type { TimelineEntry } from '#rollback/status.ts';
import { drill, name, type Told } from './said.ts';
import type { Slot } from './slot.ts';

const REPLIES_BEFORE_OUTCOME = 7;
const REPLIES_AFTER_OUTCOME = 10;

function line({ at, text, by }: TimelineEntry): string {
  return `\`${utcDate(at)}\` ${escape(text)}${by ? ` — ${name(by)}` : ''}`;
}

/** Entry i goes to reply min(i, most − 1). */
function batches(entries: readonly TimelineEntry[], most: number): TimelineEntry[][] {
  const replies: TimelineEntry[][] = [];
  entries.forEach((entry, i) => {
    const place = Math.min(i, most - 1);
    (replies[place] ??= []).push(entry);
  });
  return replies;
}

function reply(rollback: Told, key: string, entries: readonly TimelineEntry[]): Slot {
  const text = drill(rollback) + entries.map(line).join('\n');
  return {
    key,
    channel: rollback.status.plan.environment.channel,
    thread: 'root',
    text,
    blocks: [section(text)],
    urgency: 'progress',
  };
}

function notes(rollback: Told): Slot[] {
  const entries = Object.entries(rollback.spec.inputs ?? {});
  return inputsOf(rollback.spec, 'note').map((note) => {
    const key = entries.find(([, input]) => input === note)?.[0] ?? note.at;
    const link = note.permalink ? ` (<${note.permalink}|message>)` : '';
    const text = `${drill(rollback)}\`${utcDate(note.at)}\` ${escape(note.text)}${link} — ${name(note.by)}`;
    return { ...reply(rollback, `note/${key}`, []), text, blocks: [section(text)] };
  });
}

export function timeline(rollback: Told): Slot[] {
  const { timeline: entries, outcomeAt } = rollback.status;
  const isAfter = ({ at }: TimelineEntry): boolean => outcomeAt !== undefined && at > outcomeAt;
  const before = batches(
    entries.filter((e) => !isAfter(e)),
    REPLIES_BEFORE_OUTCOME,
  );
  const after = batches(entries.filter(isAfter), REPLIES_AFTER_OUTCOME);
  return [
    ...before.map((batch, i) => reply(rollback, `timeline/${i}`, batch)),
    ...after.map((batch, i) => reply(rollback, `timeline/after/${i}`, batch)),
    ...notes(rollback),
  ];
}
