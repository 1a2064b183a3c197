/**
 * The bot against kubectl on a real control plane: two Deployments with the same random history, one rolled back by `kubectl rollout undo
 * --to-revision=N`, the other by the product's own code. What they leave is the same but for the list in against-kubectl/pictures.ts.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { templateHash } from '#clients/kubernetes/template-hash.ts';
import { isRefusal } from '#rollback/failure.ts';
import type { PlannedService } from '#rollback/plan.ts';
import { type Bot, bot } from './against-kubectl/bot.ts';
import { aHistory, begin, happen, type History, revisionsOf } from './against-kubectl/histories.ts';
import { asTheBotLeavesIt, type Picture, picture } from './against-kubectl/pictures.ts';
import { type Side, side } from './against-kubectl/side.ts';
import { usePlane } from './plane.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const HISTORIES = Number(process.env['HISTORIES'] ?? 60);
const AT_ONCE = 12;

const byHand = side(usePlane('kubectl'));
const byBot = side(usePlane('bot'));
const names = Array.from({ length: HISTORIES }, (_, at) => `h${at}`);
const theBot = bot(byBot, names);

beforeAll(async () => {
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } };
  for (const { plane, view } of [byHand, byBot]) {
    await view.start(plane.signal);
    await plane.api.create(`/api/v1/namespaces/${plane.namespace}/configmaps`, settings, { signal: plane.signal });
  }
});

/** Numbers that kubectl takes, that a version had before it was rolled back to, and one that nothing ever had. */
async function numbers(on: Side, name: string): Promise<number[]> {
  const { replicaSets } = await picture(on, name);
  const former = Object.values(replicaSets).flatMap(({ revisions }) => revisions.slice(1));
  return [...(await revisionsOf(on, name)), ...new Set(former), 99];
}

/** The bot asks before it starts the same image again; whoever says yes gets what kubectl does without asking. */
async function planFor(name: string, to: string): Promise<Awaited<ReturnType<Bot['plan']>>> {
  const first = await theBot.plan({ service: name, to });
  if (first.planned.refused?.reason !== 'SameImage') return first;
  return theBot.plan({ service: name, to, override: ['same-image'] });
}

/** Why nothing can be done, kubectl's words for it and ours: which workload, what is wrong, what to do. Of several the bot may name any. */
const REFUSALS: { isSo: (before: Picture, to: number) => boolean; kubectl: RegExp; bot: RegExp; command: string }[] = [
  {
    isSo: ({ paused }) => paused,
    // The second: of a former number; kubectl looks for the revision first.
    kubectl:
      /^error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again$|^error: unable to find specified revision \d+ in history$/m,
    bot: /^The Deployment NAME is paused, so a rollback would not start any pod\. Resume it, then ask again\./,
    command: 'kubectl rollout resume deployment/NAME -n NAMESPACE',
  },
  {
    isSo: ({ replicaSets }, to) => !Object.values(replicaSets).some(({ revisions }) => revisions.includes(to)),
    kubectl: /^error: unable to find specified revision 99 in history$/m,
    bot: /^NAME has no version "99" in the cluster\. There are: .+\. Choose one of them\.$/,
    command: 'kubectl rollout history deployment/NAME -n NAMESPACE',
  },
  {
    isSo: ({ replicaSets, template }, to) =>
      Object.values(replicaSets).some((r) => r.revisions.includes(to) && r.templateHash === templateHash(template)),
    // The second: a number that the running version had before it was rolled back to.
    kubectl:
      /^deployment.apps\/NAME skipped rollback \(current template already matches revision \d+\)$|^error: unable to find specified revision \d+ in history$/m,
    bot: /^NAME runs .+ \(revision \d+\) already; there is nothing to change\. Choose another version\.$/,
    command: 'kubectl rollout history deployment/NAME -n NAMESPACE',
  },
  {
    isSo: ({ replicaSets, template }) =>
      Object.values(replicaSets).every((r) => r.templateHash === templateHash(template)),
    kubectl: /skipped rollback|unable to find specified revision|cannot rollback a paused/,
    bot: /^There is nothing to go back to: .+ earlier version.+\. Deploy the earlier image by hand\.$/,
    command: 'kubectl set image deployment/NAME main=<earlier image> -n NAMESPACE',
  },
];

function expectRefusal(told: string, name: string, planned: PlannedService, before: Picture, to: number): void {
  const filled = (text: string): string =>
    text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), 'NAME').replaceAll(byBot.plane.namespace, 'NAMESPACE');
  const possible = REFUSALS.filter(({ isSo }) => isSo(before, to));
  const said = filled(planned.refused?.message ?? 'nothing');
  expect({ told, true: possible.some(({ kubectl }) => kubectl.test(filled(told))) }).toEqual({ told, true: true });
  const meant = possible.find((refusal) => refusal.bot.test(said));
  expect({ said, command: filled(planned.refused?.command ?? '') }).toEqual({ said, command: meant?.command });
}

/** Goes back on both sides; answers what was done, for the count. */
async function goBack(name: string, pick: number): Promise<'same' | 'refused' | 'by a former number'> {
  const choices = await numbers(byHand, name);
  const to = choices[pick % choices.length]!;
  const before = await picture(byBot, name);
  const plan = await planFor(name, String(to));
  let told = await byHand.kubectl(`rollout undo deployment/${name} --to-revision=${to}`);
  const isFormer = /unable to find specified revision/.test(told.text) && to !== 99;
  if (isFormer && plan.planned.to !== undefined) {
    // The bot takes the number that a person wrote down before another undo changed it.
    told = await byHand.kubectl(`rollout undo deployment/${name} --to-revision=${plan.planned.to.revision}`);
  }
  await byHand.rest(name);
  if (!told.text.endsWith('rolled back')) {
    expectRefusal(told.text, name, plan.planned, before, to);
    expect(plan.steps).toEqual([]);
    expect(await picture(byBot, name)).toEqual(before);
    return 'refused';
  }
  expect(plan.planned.refused).toBeUndefined();
  const made = await theBot.patch(plan.steps);
  if (isRefusal(made)) throw new Error(made.message);
  await byBot.rest(name);
  const left = await picture(byBot, name);
  expect(left).toEqual(asTheBotLeavesIt(await picture(byHand, name), before, made.operation));
  const { state, revision } = await made.progress();
  const isRunning = left.replicas === 0 || !/-(broken|crash)$/.test(left.template.spec?.containers?.[0]?.image ?? '');
  expect({ state, revision: String(revision) }).toEqual({
    state: isRunning ? 'done' : expect.stringMatching(/progressing|failed/),
    revision: left.annotations['deployment.kubernetes.io/revision'],
  });
  return isFormer ? 'by a former number' : 'same';
}

async function live(name: string, history: History): Promise<string[]> {
  await Promise.all([begin(byHand, name, history), begin(byBot, name, history)]);
  for (const event of history.events) {
    const [here, there] = await Promise.all([happen(byHand, name, event), happen(byBot, name, event)]);
    expect(there).toBe(here);
  }
  expect(await picture(byBot, name)).toEqual(await picture(byHand, name));
  const done: string[] = [];
  for (const pick of history.targets) done.push(await goBack(name, pick));
  return done;
}

describe('a rollback to a given revision', () => {
  it(`leaves what kubectl leaves, and refuses what kubectl refuses (SEED=${SEED})`, async () => {
    const histories = fc.sample(aHistory, { seed: SEED, numRuns: HISTORIES });
    const failures: string[] = [];
    const done: string[] = [];
    const waiting = histories.entries();
    const worker = async (): Promise<void> => {
      for (const [at, history] of waiting) {
        const told = await live(names[at]!, history).catch((error: unknown) => {
          failures.push(`${names[at]} of SEED=${SEED}: ${JSON.stringify(history)}\n${String(error)}`);
          return [];
        });
        done.push(...told);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(failures).toEqual([]);
    expect(done).toContain('same');
  }, 600_000);
});
