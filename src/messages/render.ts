/**
 * `render(rollback)`: which messages should exist in Slack and what they say. A pure function of the object: no catalogue, no clock, no
 * world. A dry run, and what was never planned, renders nothing; a settled object renders the same for ever.
 *
 * | message        | exists                                   | reads of status, besides the plan                                          |
 * | -------------- | ---------------------------------------- | -------------------------------------------------------------------------- |
 * | root INITIATED | startedAt is set                         | phase, targets, observedAt, resumedAt, outcomeAt; inputs take-over, cancel |
 * | root NOT BEGUN | phase Pending, condition Stalled True;     | condition Stalled; metadata.creationTimestamp                              |
 * | YET            | NOT BEGUN: refused after that              |                                                                            |
 * | root REFUSED   | phase Refused, never started             | message, targets[].detail (started: the outcome slot says it)              |
 * | root CANCELLED | phase Cancelled, never started           | message (started: INITIATED says it)                                       |
 * | outcome        | outcomeAt is set                         | targets (state, returnedAt, settledAt), verification, monitoringUntil,     |
 * |                |                                          | endedAt, supersededBy; inputs leave, resolve, check                        |
 * | needs-person/… | condition NeedsPerson True with a reason | its reason, message and lastTransitionTime (a new time is a new post)      |
 * |                | of reasons-of-conditions.ts              |                                                                            |
 * | ask/…          | askedAt, phase Monitoring                | condition NeedsPerson, verification; inputs check, watch-longer, resolve   |
 * | checklist      | outcomeAt, and something returned        | verification; inputs check                                                 |
 * | timeline/…     | its entries; note/…: inputs note         | timeline, outcomeAt                                                        |
 * | evidence       | evidence is set                          | evidence, targets[].patchedAt                                              |
 * | reason         | the reason is too long for its line      |                                                                            |
 * | service-notes  | outcomeAt, and the runbook has notes     | targets[].patchedAt                                                        |
 *
 * `status.slack` is read only to keep messages up to date that were rendered before.
 */
import type { Rollback } from '#rollback/rollback.ts';
import { ask } from './thread/ask.ts';
import { checklist } from './thread/checklist.ts';
import { evidence } from './thread/evidence.ts';
import { initiated } from './channel/initiated.ts';
import { needsPerson } from './thread/needs-person.ts';
import { outcome } from './channel/outcome.ts';
import { reason } from './thread/reason.ts';
import { cancelled, refused } from './channel/refused.ts';
import { neverBegun, notBegun } from './channel/not-begun.ts';
import { isTold, type Told, wasDelayed } from './said.ts';
import { serviceNotes } from './thread/service-notes.ts';
import type { Slot } from './slot.ts';
import { isPosted, OUTCOME } from './slots.ts';
import { timeline } from './thread/timeline.ts';

const thread = (rollback: Told): Slot[] => [...reason(rollback), ...timeline(rollback), ...evidence(rollback)];

const whole = (rollback: Told): Slot[] => [
  initiated(rollback),
  ...outcome(rollback),
  ...needsPerson(rollback),
  ...ask(rollback),
  ...thread(rollback),
  ...serviceNotes(rollback),
  ...checklist(rollback),
];

/** In the order in which they should be posted: the checklist last, where whoever opens the thread finds it. */
export function render(rollback: Rollback): Slot[] {
  if (!isTold(rollback)) return [];
  const { phase, startedAt } = rollback.status;
  switch (phase) {
    case 'Pending':
      return notBegun(rollback);
    case 'Refused':
      if (startedAt === undefined)
        return [...(wasDelayed(rollback.status) ? [neverBegun(rollback)] : []), refused(rollback)];
      return [initiated(rollback), refused(rollback), ...needsPerson(rollback), ...thread(rollback)];
    case 'Cancelled':
      if (startedAt === undefined) return [cancelled(rollback)];
      // Deleted by hand after its outcome was told.
      if (isPosted(rollback, OUTCOME)) return whole(rollback);
      return [initiated(rollback), ...needsPerson(rollback), ...thread(rollback)];
    default:
      return whole(rollback);
  }
}
