/**
 * `render(rollback)`: which messages should exist in Slack and what they say. A pure function of the object: no catalogue, no clock, no
 * world. What it reads: phase and targets (initiated, outcome); condition NeedsPerson with the reasons of reasons-of-conditions.ts
 * (needs-person); askedAt (ask); timeline and notes (timeline); evidence; the checklist and its answers; `slack` only to know which
 * messages exist already. A dry run, and what was never planned, renders nothing.
 */
import type { Rollback } from '#rollback/rollback.ts';
import { ask } from './ask.ts';
import { checklist } from './checklist.ts';
import { evidence } from './evidence.ts';
import { initiated } from './initiated.ts';
import { needsPerson } from './needs-person.ts';
import { outcome } from './outcome.ts';
import { cancelled, refused } from './refused.ts';
import { isTold } from './said.ts';
import type { Slot } from './slot.ts';
import { timeline } from './timeline.ts';

/** In the order in which they should be posted. */
export function render(rollback: Rollback): Slot[] {
  if (!isTold(rollback)) return [];
  switch (rollback.status.phase) {
    case 'Pending':
      return [];
    case 'Refused':
      return [refused(rollback)];
    case 'Cancelled':
      return [cancelled(rollback)];
    default:
      return [
        initiated(rollback),
        ...outcome(rollback),
        ...needsPerson(rollback),
        ...ask(rollback),
        ...checklist(rollback),
        ...timeline(rollback),
        ...evidence(rollback),
      ];
  }
}
