/**
 * The bot against kubectl with StatefulSets and DaemonSets: two of the same random history, one rolled back by `kubectl rollout undo
 * --to-revision=N`, the other by the product's own code. What they leave is the same but for the list in revisions/differences.ts.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isRefusal, type Refusal } from '#rollback/failure.ts';
import { eventually, usePlane } from './plane.ts';
import { KEPT_BY_PARTITION, STUCK_POD } from './revisions/differences.ts';
import {
  aHistory,
  begin,
  type Flavour,
  happen,
  type History,
  kindOf,
  numbersOf,
  rest,
  undo,
} from './revisions/histories.ts';
import { type Made, Place } from './revisions/place.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
/** Of each flavour. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 6);
const AT_ONCE = 6;
const FLAVOURS: readonly Flavour[] = ['OrderedReady', 'Parallel', 'DaemonSet'];

const planes = [usePlane('revisions-kubectl'), usePlane('revisions-bot')] as const;
const byHand = new Place(planes[0]);
const byBot = new Place(planes[1]);

beforeAll(async () => {
  for (const place of [byHand, byBot]) await place.start();
});

interface One {
  flavour: Flavour;
  name: string;
}

const pictureOf = (place: Place, { flavour, name }: One) => place.picture(kindOf(flavour), name);

/** kubectl's words for why nothing can be done, and which of ours mean that. */
const REFUSALS: { kubectl: RegExp; bot: Record<string, RegExp> }[] = [
  {
    kubectl: /^error: unable to find specified revision 99 in history$/m,
    bot: {
      UnknownVersion: /^NAME has no version "99" in the cluster\. There are: .+\. Choose one of them\.$/,
      NothingToGoBackTo: /^There is nothing to go back to: .+ earlier version/,
    },
  },
  {
    kubectl: /skipped rollback \(current template already matches revision \d+\)$/,
    bot: {
      AlreadyRuns: /^NAME runs .+ \(revision \d+\) already; there is nothing to change\. Choose another version\.$/,
      NothingToGoBackTo: /^There is nothing to go back to: .+ earlier version/,
    },
  },
];

function expectRefusal(told: string, { name }: One, refusal: Refusal): void {
  const meant = REFUSALS.find(({ kubectl }) => kubectl.test(told));
  expect({ told, isKnown: meant !== undefined }).toEqual({ told, isKnown: true });
  const message = refusal.message.replaceAll(name, 'NAME');
  expect({ told, message, reason: refusal.reason }).toEqual({
    told,
    message: expect.stringMatching(meant?.bot[refusal.reason] ?? /never/),
    reason: expect.stringMatching(Object.keys(meant?.bot ?? {}).join('|')),
  });
}

/** Until all its pods are back, out of the trap too; answers the names of pods that had to be deleted for it. */
async function follow(one: One, made: Made): Promise<string[]> {
  const deleted: string[] = [];
  await eventually(
    `${one.name} is back`,
    async () => {
      const progress = await made.progress(30_000);
      if (progress.state === 'done') return progress;
      if (progress.state !== 'progressing') throw new Error(`${progress.state}: ${progress.detail ?? ''}`);
      for (const further of await made.next(30_000)) {
        const pod = /pod (\S+) -n/.exec(further.byHand)?.[1] ?? '';
        if (further.bot) await byBot.method.apply(further.bot.step, `free/${pod}`, planes[1].signal);
        // Of another version than the one left: the bot calls a person, with this command.
        else await byBot.kubectl(`delete pod ${pod}`);
        if (!deleted.includes(pod)) deleted.push(pod);
      }
      return undefined;
    },
    60_000,
  );
  return deleted;
}

/** Goes back on both sides; answers what was done, for the count. */
async function goBack(one: One, pick: number): Promise<string> {
  const { flavour, name } = one;
  const numbers = await numbersOf(byHand, flavour, name);
  // The last is what runs, and nothing ever was 99.
  const choices = [...numbers.slice(0, -1), ...numbers, 99];
  const to = choices[pick % choices.length]!;
  const [before, seen] = [await pictureOf(byBot, one), byBot.history(kindOf(flavour), name)!];
  const plan = await byBot.plan(kindOf(flavour), name, String(to));
  const told = await undo(byHand, flavour, name, to);
  if (!told.endsWith('rolled back')) {
    if (!isRefusal(plan)) throw new Error(`kubectl refuses, the bot does not: ${told}`);
    expectRefusal(told, one, plan);
    expect(await pictureOf(byBot, one)).toEqual(before);
    return 'refused';
  }
  if (KEPT_BY_PARTITION.isSo(seen)) {
    expect(plan).toMatchObject({ reason: 'PartitionKeepsAll', message: expect.stringMatching(KEPT_BY_PARTITION.says) });
    return 'kept by the partition';
  }
  if (isRefusal(plan)) throw new Error(`kubectl: ${told}, the bot: ${plan.message}`);
  const made = await byBot.patched(JSON.parse(JSON.stringify(plan.steps[0])));
  await Promise.all([byHand, byBot].map((place) => rest(place, flavour, name)));
  expect(await pictureOf(byBot, one)).toEqual(await pictureOf(byHand, one));
  if (/-(broken|crash)$/.test((await byBot.image(kindOf(flavour), name)) ?? '')) return 'to a broken version';
  const deleted = await follow(one, made);
  if (deleted.length === 0) return 'back';
  expect(STUCK_POD.isSo(byHand.history(kindOf(flavour), name)!, deleted[0]!)).toBe(true);
  return 'out of the trap';
}

async function live(one: One, history: History): Promise<string[]> {
  const { flavour, name } = one;
  await Promise.all([byHand, byBot].map((place) => begin(place, flavour, name, history)));
  for (const event of history.events) {
    const [here, there] = await Promise.all([byHand, byBot].map((place) => happen(place, flavour, name, event)));
    expect(there).toBe(here);
  }
  expect(await pictureOf(byBot, one)).toEqual(await pictureOf(byHand, one));
  const done: string[] = [];
  for (const pick of history.targets) {
    done.push(await goBack(one, pick));
    // From there on kubectl's is another one.
    if (done.at(-1) === 'kept by the partition') break;
  }
  return done;
}

describe('a rollback to a given revision', () => {
  it(`leaves what kubectl leaves, refuses what kubectl refuses, and gets out of the trap (SEED=${SEED})`, async () => {
    const histories = fc.sample(aHistory, { seed: SEED, numRuns: HISTORIES * FLAVOURS.length });
    const failures: string[] = [];
    const done: string[] = [];
    const waiting = histories.entries();
    const worker = async (): Promise<void> => {
      for (const [at, history] of waiting) {
        const one = { flavour: FLAVOURS[at % FLAVOURS.length]!, name: `h${at}` };
        const told = await live(one, history).catch((error: unknown) => {
          failures.push(`${one.name}, ${one.flavour}, of SEED=${SEED}: ${JSON.stringify(history)}\n${String(error)}`);
          return [];
        });
        done.push(...told);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(failures).toEqual([]);
    expect(done).toContain('back');
  }, 300_000);
});
