/** Where kubectl, left to itself, takes a StatefulSet or DaemonSet back to a broken version, and where the bot takes it instead. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Catalogue } from '#catalogue/catalogue.ts';
import { mayI } from '#clients/kubernetes/may-i.ts';
import { EMPTY_JOURNAL, type Journal, markLeft, workloadKey } from '#journal/journal.ts';
import { observe } from '#journal/observation.ts';
import { createMethods } from '#methods/index.ts';
import { createPlanner } from '#planning/planner.ts';
import { clock, eventually, usePlane } from './plane.ts';
import { daemonSet, statefulSet } from './revisions/manifests.ts';
import { Place } from './revisions/place.ts';

type Kind = 'StatefulSet' | 'DaemonSet';

const MINUTE_MS = 60_000;
const WELL = 12;
const BROKEN: Record<string, string> = { b: '-broken', c: '-crash' };

const plane = usePlane('revisions-default');
const place = new Place(plane);
beforeAll(() => place.start());

/** Nights of one workload in the words of against-kubectl/nights.ts; the time is made up, the cluster is not. */
class Night {
  readonly #kind: Kind;
  readonly #name: string;
  #journal: Journal = EMPTY_JOURNAL;
  #nowMs = Date.parse('2026-11-23T00:00:00Z');

  constructor(kind: Kind, name: string) {
    this.#kind = kind;
    this.#name = name;
  }

  async happen(word: string): Promise<void> {
    const [kind, name] = [this.#kind, this.#name];
    if (word === 'undo') await place.kubectl(`rollout undo ${kind.toLowerCase()}/${name}`);
    else if (word === 'rollback') await this.#rollBack();
    else await this.#deploy(`${name}:${word}${BROKEN[word[0] ?? ''] ?? ''}`);
    const image = (await place.image(kind, name)) ?? '';
    await place.taken(kind, name, image);
    await (/-(broken|crash)$/.test(image) ? place.stuck(kind, name, image) : place.settled(kind, name, image));
    for (let minute = 0; minute <= WELL; minute++) {
      this.#nowMs += MINUTE_MS;
      const { workload, versions } = place.history(kind, name)!;
      this.#journal = observe(this.#journal, [workload], versions, this.#nowMs);
    }
  }

  async #deploy(image: string): Promise<void> {
    const [kind, name] = [this.#kind, this.#name];
    const history = place.history(kind, name);
    // The order of versions within one second is not known to anybody.
    const last = Math.max(...(history?.versions ?? []).map((row) => Date.parse(row.firstDeployedAt ?? '')));
    await eventually('the second is over', () => Date.now() >= last + 1000);
    if (history !== undefined) return place.setImage(kind, name, image);
    const parallel = { replicas: 1, podManagementPolicy: 'Parallel' } as const;
    await place.create(
      kind,
      kind === 'DaemonSet' ? daemonSet(name, { image }) : statefulSet(name, { image, ...parallel }),
    );
  }

  /** As the controller does it: the patch, and then the mark on what was left. */
  async #rollBack(): Promise<void> {
    const { planned, steps } = await this.#planned();
    const { operation } = await place.patched(JSON.parse(JSON.stringify(steps[0])));
    const { templateHash } = planned.from!;
    const leftAt = new Date(this.#nowMs).toISOString();
    const workload = workloadKey({ kind: this.#kind, name: this.#name });
    this.#journal = markLeft(this.#journal, [{ workload, templateHash, leftAt, by: operation }]);
  }

  async #planned() {
    const { api, namespace, signal } = plane;
    const mayRollBack = { groups: ['S0ONCALL'] };
    const planner = createPlanner({
      catalogue: Catalogue.parse({
        environments: { production: { namespace, channel: 'C0INCIDENT', mayRollBack } },
        services: { [this.#name]: { kind: this.#kind } },
        checklist: [],
      }),
      workloads: () => place.view,
      journal: () => ({ read: () => Promise.resolve(this.#journal) }),
      methods: createMethods({ workloads: () => place.view, clock }),
      rollbacks: { list: () => [] },
      mayI: () => mayI(api, clock),
      clock,
    });
    const request = { environment: 'production', method: 'undo' as const, targets: [{ service: this.#name }] };
    const { plan, steps } = await planner.planSteps(request, signal);
    return { planned: plan.services[0]!, steps: steps.get(this.#name) ?? [] };
  }

  /** The version, or the reason of the refusal. */
  async byDefault(): Promise<string> {
    const { refused, to } = (await this.#planned()).planned;
    return refused?.reason ?? to?.version.split('-')[0] ?? '';
  }
}

describe.each<Kind>(['StatefulSet', 'DaemonSet'])('the default target of a %s', (kind) => {
  it.each([
    ['not the broken version before it', 'g1 b2 g3', 'b2-broken', 'g1'],
    ['not the one that crashes, nor the one before that', 'g1 b2 c3 g4', 'c3-crash', 'g1'],
    ['not the one that an undo by hand just left', 'g1 b2 undo', 'b2-broken', 'OnlyLeftVersions'],
    ['not the one that the bot just left', 'g1 g2 b3 rollback', 'b3-broken', 'g1'],
  ])('is %s: %s', async (_what, story, byHand, expected) => {
    const name = `n-${story.replaceAll(' ', '-')}`;
    const one = new Night(kind, name);
    for (const word of story.split(' ')) await one.happen(word);
    expect(await one.byDefault()).toBe(expected);
    await one.happen('undo');
    expect(await place.image(kind, name)).toBe(`${name}:${byHand}`);
  });
});
