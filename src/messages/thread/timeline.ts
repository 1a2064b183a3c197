/**
 * The thread is the dated timeline. Entries become replies whose keys never change: the first few each their own, the rest gathered in one
 * that is edited, so that nine services make no more replies than one. People's notes are replies of their own.
 */
import { sections } from '#blocks/blocks.ts';
import { inline, inlineWithLinks, link } from '#blocks/escape.ts';
import { dateForReader } from '#blocks/time.ts';
import { inputsOf, type InputOf } from '#rollback/inputs.ts';
import type { TimelineEntry } from '#rollback/status.ts';
import { environment, name, type Told } from '../said.ts';
import type { Slot } from '../slot.ts';
import { isPosted, reply } from '../slots.ts';

/** With evidence, a long reason and what needs a person: at most twelve before the outcome (design §7). */
const REPLIES_BEFORE_OUTCOME = 6;
const REPLIES_AFTER_OUTCOME = 10;
/** Notes beyond these share one reply. */
const OWN_NOTES = 20;
/** Of one reply; more than Slack takes stays in the object. */
const ENTRY_MAX = 1000;
const LINES_MAX = 60;

type Note = InputOf<'note'>;

/** The name once: some sentences say themselves who did it. */
function line({ at, text, by }: TimelineEntry): string {
  const who = by && !text.includes(by.name) ? ` — ${name(by)}` : '';
  return `${dateForReader(at)} · ${inlineWithLinks(text, ENTRY_MAX)}${who}`;
}

function noteLine(note: Note): string {
  const where = note.permalink === undefined ? '' : ` (${link(note.permalink, 'message')})`;
  return `${dateForReader(note.at)} · ${inlineWithLinks(note.text, ENTRY_MAX)}${where} — ${name(note.by)}`;
}

/** Entry i goes to reply min(i, most − 1). */
function batches(entries: readonly TimelineEntry[], most: number): TimelineEntry[][] {
  const replies: TimelineEntry[][] = [];
  entries.forEach((entry, i) => (replies[Math.min(i, most - 1)] ??= []).push(entry));
  return replies;
}

function tell(rollback: Told, key: string, text: string, lines: readonly string[]): Slot {
  const older = lines.length - LINES_MAX;
  const left =
    older > 0 ? [`${older} more entries are in the object: \`kubectl get rollback ${rollback.metadata.name}\``] : [];
  return reply(rollback, {
    key,
    text: `${environment(rollback)}: ${text}`,
    blocks: sections([...left, ...lines.slice(-LINES_MAX)]),
    urgency: 'progress',
  });
}

function entriesAsReplies(rollback: Told, prefix: string, entries: readonly TimelineEntry[], most: number): Slot[] {
  return batches(entries, most).map((batch, i) =>
    tell(rollback, `${prefix}${i}`, inline(batch.at(-1)?.text ?? '', ENTRY_MAX), batch.map(line)),
  );
}

function notes(rollback: Told): Slot[] {
  const keys = new Map(Object.entries(rollback.spec.inputs ?? {}).map(([key, input]) => [input, `note/${key}`]));
  const all = inputsOf(rollback.spec, 'note').map((note) => ({ note, key: keys.get(note) ?? `note/${note.at}` }));
  const isOwn = ({ key }: { key: string }, i: number): boolean => i < OWN_NOTES || isPosted(rollback, key);
  const own = all.filter(isOwn);
  const others = all.filter((one, i) => !isOwn(one, i)).map(({ note }) => note);
  return [
    ...own.map(({ note, key }) => tell(rollback, key, inline(note.text, ENTRY_MAX), [noteLine(note)])),
    ...(others.length === 0 ? [] : [tell(rollback, 'notes/more', 'more notes', others.map(noteLine))]),
  ];
}

export function timeline(rollback: Told): Slot[] {
  const { timeline: entries, outcomeAt } = rollback.status;
  const outcomeMs = Date.parse(outcomeAt ?? '');
  const isAfter = ({ at }: TimelineEntry): boolean => Date.parse(at) > outcomeMs;
  const before = entries.filter((entry) => !isAfter(entry));
  return [
    ...entriesAsReplies(rollback, 'timeline/', before, REPLIES_BEFORE_OUTCOME),
    ...entriesAsReplies(rollback, 'timeline/after/', entries.filter(isAfter), REPLIES_AFTER_OUTCOME),
    ...notes(rollback),
  ];
}
