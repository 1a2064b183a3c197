/** What every button has in common: which rollback, may this person, written as one input, said at once. */
import { escape } from '#blocks/escape.ts';
import { decodeButtonValue } from '#messages/action-ids.ts';
import { later } from '#rollback/moment.ts';
import { NotFoundError } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { MAX_INPUTS, type Input } from '#rollback/spec.ts';
import { hasEnded } from '#rollback/status.ts';
import type { Click } from '../click.ts';
import { abortable } from '../deadline.ts';
import { inputKey } from '../keys.ts';
import type { Room } from '../room.ts';

const PERMISSION_MS = 2500;
const WRITE_MS = 4000;

/** The rollback whose messages stand in this thread. */
export function rollbackOfThread(room: Room, channel: string, rootTs: string): Rollback | undefined {
  return room.rollbacks
    .list()
    .find(({ status }) =>
      Object.values(status?.slack ?? {}).some((slot) => slot.channel === channel && slot.ts === rootTs),
    );
}

/** By the name on the button, else by the thread the message stands in. Says so when there is none. */
export async function rollbackOf(room: Room, click: Click): Promise<Rollback | undefined> {
  const { channel, messageTs, threadTs } = click;
  const name = decodeButtonValue(click.value)?.rollback;
  const byName = name === undefined ? undefined : room.rollbacks.get(name);
  const inThread = (ts: string | undefined): Rollback | undefined =>
    name !== undefined || channel === undefined || ts === undefined ? undefined : rollbackOfThread(room, channel, ts);
  const found = byName ?? inThread(threadTs) ?? inThread(messageTs);
  if (found !== undefined) return found;
  const aside = room.rollbacks.setAside().find((one) => one.name === name);
  if (aside !== undefined) {
    const cure =
      'Nothing was recorded. Look at it with kubectl, or press again when the newer version of the bot runs.';
    await click.say(
      `:warning: ${escape(aside.name)} is left alone by this version of the bot. ${escape(aside.message)} ${cure}`,
    );
    return undefined;
  }
  await click.say(
    room.rollbacks.isFresh()
      ? 'That rollback is not kept any more, so nothing was recorded. Rollbacks are kept for 180 days.'
      : ':warning: The API server does not answer, so I cannot see that rollback now. Nothing was recorded: press again in a moment.',
  );
  return undefined;
}

/** False: refused, and said so. */
export async function mayAct(
  room: Room,
  click: Pick<Click, 'person' | 'say'>,
  environment: string,
  withinMs = PERMISSION_MS,
): Promise<boolean> {
  const refusal = await abortable(withinMs, 'permission', (signal) =>
    room.permission.mayRollBack({ ...click.person, via: 'slack' }, environment, signal),
  ).catch(() => ({ message: 'Slack did not say in time whether you may. Nothing was recorded: press again.' }));
  if (refusal === undefined) return true;
  await click.say(
    `:no_entry: ${escape(refusal.message.replace('Not started, nothing was touched.', 'Not recorded, nothing was changed.'))}`,
  );
  return false;
}

/** "Recorded: …", or that a controller has still to read it. */
export function recordedText(room: Room, what: string): string {
  return room.rollbacks.isFresh() ? `Recorded: ${what}` : `Recorded, waiting for a controller: ${what}`;
}

/**
 * Rejects with UnavailableError when nobody answered. False: refused by a limit, gone, or too late for what `tooLate` says of the very
 * version that it would be added to; and said so.
 */
export async function write(
  room: Room,
  click: Pick<Click, 'say'>,
  name: string,
  key: string,
  input: Input,
  tooLate?: (rollback: Rollback) => string | undefined,
): Promise<boolean> {
  const inputs = room.rollbacks.get(name)?.spec.inputs ?? {};
  if (Object.keys(inputs).length >= MAX_INPUTS && !(key in inputs)) {
    await click.say(
      `Not recorded: this rollback holds ${MAX_INPUTS} answers and notes already. Write it into the thread.`,
    );
    return false;
  }
  try {
    const stands = tooLate && ((rollback: Rollback): boolean => tooLate(rollback) === undefined);
    const stored = await abortable(WRITE_MS, 'record', (signal) =>
      room.rollbacks.addInput(name, key, input, signal, stands),
    );
    const why = stored.spec.inputs?.[key] === undefined ? tooLate?.(stored) : undefined;
    if (why !== undefined) {
      await click.say(why);
      return false;
    }
    room.log.info('input recorded', { rollback: name, kind: input.kind, by: input.by.id });
    return true;
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    await click.say('Not recorded: that rollback was deleted.');
    return false;
  }
}

type RequestName = Extract<Input, { kind: 'request' }>['request'];

export interface Request {
  request: RequestName;
  /** Why it makes no sense now, as a sentence; undefined: it does. */
  tooLate?: (rollback: Rollback, click: Click) => string | undefined;
  /** `tooLate` is asked of the very version that it is written to: of two at once only one may be told that it was recorded. */
  oneAtOnce?: boolean;
  /** It counts only after the outcome, which is known where it is pressed: the clock of the host that wrote it may be ahead of Slack's. */
  followsOutcome?: boolean;
  /** What was recorded, as the rest of "Recorded: …". */
  recorded: string;
}

/** A button that writes one request. */
export function requestAction({
  request,
  tooLate,
  oneAtOnce,
  followsOutcome,
  recorded,
}: Request): (room: Room, click: Click) => Promise<void> {
  return async (room, click) => {
    const rollback = await rollbackOf(room, click);
    if (rollback === undefined) return;
    const { name } = rollback.metadata;
    if (!(await mayAct(room, click, rollback.spec.environment))) return;
    const why = tooLate?.(rollback, click);
    if (why !== undefined) return await click.say(why);
    const at = followsOutcome ? later(click.at, rollback.status?.outcomeAt) : click.at;
    const input: Input = { kind: 'request', by: click.person, at, request };
    const atOnce = oneAtOnce && tooLate ? (newest: Rollback) => tooLate(newest, click) : undefined;
    const written = await write(room, click, name, inputKey(...click.key), input, atOnce);
    if (written) await click.say(recordedText(room, recorded));
  };
}

/** For requests that only mean something while it runs. */
export function alreadyEnded({ status }: Rollback): string | undefined {
  if (status === undefined || !hasEnded(status.phase)) return undefined;
  const when = status.endedAt === undefined ? '' : ` at ${status.endedAt.slice(11, 16)} UTC`;
  return `Nothing was recorded: this rollback has ended already (${status.phase}${when}).`;
}
