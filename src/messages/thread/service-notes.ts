/** The runbook's own notes for the services that went back: what to look after by hand. Told once, with the outcome. */
import { sections } from '#blocks/blocks.ts';
import { inlineWithLinks } from '#blocks/escape.ts';
import { environment, serviceName, type Told } from '../said.ts';
import type { Slot } from '../slot.ts';
import { reply } from '../slots.ts';

export function serviceNotes(rollback: Told): Slot[] {
  const { status } = rollback;
  if (status.outcomeAt === undefined) return [];
  const patched = new Set(status.targets.flatMap((t) => (t.patchedAt === undefined ? [] : [t.service])));
  const lines = status.plan.services
    .filter(({ service }) => patched.has(service))
    .flatMap(({ service, notes }) => notes.map((note) => `• ${serviceName(service)}: ${inlineWithLinks(note, 1000)}`));
  if (lines.length === 0) return [];
  return [
    reply(rollback, {
      key: 'service-notes',
      text: `The runbook has notes for the services rolled back in ${environment(rollback)}.`,
      blocks: sections(['*From the runbook, for these services:*', ...lines]),
      urgency: 'progress',
    }),
  ];
}
