/**
 * The default target of a StatefulSet or DaemonSet: where kubectl, left to itself, goes back to a broken version, where the bot goes instead,
 * and that it leaves there what `kubectl rollout undo --to-revision` leaves.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Catalogue } from '#catalogue/catalogue.ts';
import { mayI } from '#clients/kubernetes/may-i.ts';
import { EMPTY_JOURNAL, type Journal, markLeft, workloadKey } from '#journal/journal.ts';
import { observe } from '#journal/observation.ts';
import { createMethods } from '#methods/index.ts';
import { createPlanner } from '#planning/planner.ts';
import type { PlannedService } from '#rollback/plan.ts';
import { Remembered } from './against-kubectl/nights.ts';
import { clock, eventually, type Plane, usePlane } from './plane.ts';
import { REFUSALS_BY_DEFAULT } from './revisions/differences.ts';
import { type ANight, aNight, type Flavour, kindOf } from './revisions/histories.ts';
import { daemonSet, statefulSet } from './revisions/manifests.ts';
import { Place } from './revisions/place.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
/** Of each flavour. */
const NIGHTS = Number(process.env['NIGHTS'] ?? 3);
const FLAVOURS: readonly Flavour[] = ['OrderedReady', 'Parallel', 'DaemonSet'];

const planes = [usePlane('revisions-default'), usePlane('revisions-default-kubectl')] as const;
const byBot = new Place(planes[0]);
const byHand = new Place(planes[1]);
beforeAll(async () => {
  for (const place of [byBot, byHand]) await place.start();
});

const MINUTE_MS = 60_000;
const WELL = 12;
const SHORT = 3;
const BROKEN: Record<string, string> = { b: '-broken', c: '-crash' };

interface One {
  flavour: Flavour;
  name: string;
  /** Absent: the API server's own, 10. */
  limit?: number;
}

/** `g1`, of an image of it. */
const wordOf = (image: string): string => /:(\w+)/.exec(image)?.[1] ?? '';

/** One night with kubectl alone, in the words of against-kubectl/nights.ts; the time is made up, the cluster is not. */
class ByHand {
  protected readonly place: Place;
  protected readonly one: One;

  constructor(place: Place, one: One) {
    this.place = place;
    this.one = one;
  }

  protected get kind(): 'StatefulSet' | 'DaemonSet' {
    return kindOf(this.one.flavour);
  }

  /** What it is to run now, such as `g1`. */
  async version(): Promise<string> {
    return wordOf((await this.place.image(this.kind, this.one.name)) ?? '');
  }

  picture() {
    return this.place.picture(this.kind, this.one.name);
  }

  /** One word of the story, in which `target` is where a rollback goes; the cluster is at rest when it resolves. Answers what kubectl said. */
  async happen(word: string, target: string): Promise<string> {
    const said = await this.change(word, target);
    await this.rest();
    return said;
  }

  protected async change(word: string, target: string): Promise<string> {
    if (word === 'undo') return this.undo('');
    if (word === 'rollback') return this.back(target);
    return this.#deploy(`${this.one.name}:${word}${BROKEN[word[0] ?? ''] ?? ''}`).then(() => '');
  }

  protected async back(target: string): Promise<string> {
    const { revisions } = await this.picture();
    const number = revisions.find(
      ({ data }) => wordOf(/"image":"([^"]+)"/.exec(JSON.stringify(data))?.[1] ?? '') === target,
    );
    return number === undefined ? '' : this.undo(` --to-revision=${number.revision}`);
  }

  protected async undo(words: string): Promise<string> {
    const { text } = await this.place.kubectl(`rollout undo ${this.kind.toLowerCase()}/${this.one.name}${words}`);
    return text;
  }

  /** Where kubectl would go if nobody told it; what it says when it would not go. */
  async kubectlsOwn(): Promise<string> {
    const said = await this.undo(' --dry-run=client');
    const image = /Image:\s+(\S+)/.exec(said)?.[1];
    return image === undefined ? said : wordOf(image);
  }

  async #deploy(image: string): Promise<void> {
    const { name, flavour, limit } = this.one;
    const history = this.place.history(this.kind, name);
    // The order of versions within one second is not known to anybody.
    const last = Math.max(...(history?.versions ?? []).map((row) => Date.parse(row.firstDeployedAt ?? '')));
    await eventually('the second is over', () => Date.now() >= last + 1000);
    if (history !== undefined) return this.place.setImage(this.kind, name, image);
    const sketch = { image, ...(limit === undefined ? {} : { revisionHistoryLimit: limit }) };
    const object =
      flavour === 'DaemonSet'
        ? daemonSet(name, sketch)
        : statefulSet(name, { ...sketch, replicas: 1, podManagementPolicy: flavour });
    return this.place.create(this.kind, object);
  }

  /** Every pod is of the version asked for, or is stuck on it; what has to go from the history is gone. */
  protected async rest(): Promise<void> {
    const { name, flavour, limit = 10 } = this.one;
    const image = (await this.place.image(this.kind, name)) ?? '';
    await this.place.taken(this.kind, name, image);
    if (flavour === 'OrderedReady') await this.#freed(image);
    if (/-(broken|crash)$/.test(image)) await this.place.stuck(this.kind, name, image);
    else await this.place.settled(this.kind, name, image);
    await eventually(`the history of ${name} is cleaned up`, () => {
      const { versions } = this.place.history(this.kind, name)!;
      const old = versions.filter(({ replicas, images }) => replicas === 0 && images['main'] !== image);
      return old.length <= limit;
    });
  }

  /** Somebody deletes the pod of another version that stands in the way: Kubernetes never does (issue 67250). */
  async #freed(image: string): Promise<void> {
    const { name } = this.one;
    await eventually(`a pod of ${image}`, async () => {
      const pods = this.place.history(this.kind, name)?.pods ?? [];
      const [pod] = pods;
      if (pod?.containers.some((container) => container.image === image)) return pod;
      const isInTheWay =
        pod !== undefined && !pod.ready && !pod.deleting && pod.containers.some(({ waiting }) => waiting);
      if (isInTheWay) await this.place.removePod(pod);
      return undefined;
    });
  }
}

/** The same, where the bot's own planner, method and journal go back. */
class Night extends ByHand {
  readonly #plane: Plane;
  #journal: Journal = EMPTY_JOURNAL;
  #nowMs = Date.parse('2026-11-23T00:00:00Z');

  constructor(plane: Plane, place: Place, one: One) {
    super(place, one);
    this.#plane = plane;
  }

  override async happen(word: string, target: string): Promise<string> {
    const said = await super.happen(word, target);
    for (let minute = 0; minute <= (word.startsWith('s') ? SHORT : WELL); minute++) {
      this.#nowMs += MINUTE_MS;
      const { workload, versions } = this.place.history(this.kind, this.one.name)!;
      this.#journal = observe(this.#journal, [workload], versions, this.#nowMs);
    }
    return said;
  }

  /** As the controller does it, to its own target: the patch, and then the mark on what was left. */
  protected override async back(): Promise<string> {
    const { planned, steps } = await this.planned();
    if (planned.refused !== undefined) return '';
    const made = await this.place.patched(JSON.parse(JSON.stringify(steps[0])));
    const { templateHash } = planned.from!;
    const leftAt = new Date(this.#nowMs).toISOString();
    const workload = workloadKey({ kind: this.kind, name: this.one.name });
    this.#journal = markLeft(this.#journal, [{ workload, templateHash, leftAt, by: made.operation }]);
    return 'rolled back';
  }

  async planned(): Promise<{ planned: PlannedService; steps: unknown[] }> {
    const { api, namespace, signal } = this.#plane;
    const { name } = this.one;
    const mayRollBack = { groups: ['S0ONCALL'] };
    const planner = createPlanner({
      catalogue: Catalogue.parse({
        environments: { production: { namespace, channel: 'C0INCIDENT', mayRollBack } },
        services: { [name]: { kind: this.kind } },
        checklist: [],
      }),
      workloads: () => this.place.view,
      journal: () => ({ read: () => Promise.resolve(this.#journal) }),
      methods: createMethods({ workloads: () => this.place.view, clock }),
      rollbacks: { list: () => [] },
      mayI: () => mayI(api, clock),
      clock,
    });
    const request = { environment: 'production', method: 'undo' as const, targets: [{ service: name }] };
    const { plan, steps } = await planner.planSteps(request, signal);
    return { planned: plan.services[0]!, steps: steps.get(name) ?? [] };
  }

  /** The version, or the reason of the refusal. */
  async byDefault(): Promise<string> {
    const { refused, to } = (await this.planned()).planned;
    return refused?.reason ?? to?.version.split('-')[0] ?? '';
  }
}

describe.each<Flavour>(['Parallel', 'DaemonSet'])('the default target of a workload (%s)', (flavour) => {
  it.each([
    ['not the broken version before it', 'g1 b2 g3', 'b2', 'g1'],
    ['not the one that crashes, nor the one before that', 'g1 b2 c3 g4', 'c3', 'g1'],
    ['not the one that an undo by hand just left', 'g1 b2 undo', 'b2', 'OnlyLeftVersions'],
    ['not the one that the bot just left', 'g1 g2 b3 rollback', 'b3', 'g1'],
    ['not one that an undo left earlier in the night', 'g1 g2 g3 undo g4 undo', 'g4', 'g1'],
  ])('is %s: %s', async (_what, story, kubectl, expected) => {
    const one = new Night(planes[0], byBot, { flavour, name: `n-${story.replaceAll(' ', '-')}` });
    for (const word of story.split(' ')) await one.happen(word, '');
    expect(await one.byDefault()).toBe(expected);
    await one.happen('undo', '');
    expect(await one.version()).toBe(kubectl);
  });
});

/** Beside a person who watched both. */
class Pair {
  readonly #one: One;
  readonly #here: ByHand;
  readonly #there: Night;
  readonly #remembered = new Remembered();
  #now = '';

  constructor(one: One) {
    this.#one = one;
    this.#here = new ByHand(byHand, one);
    this.#there = new Night(planes[0], byBot, one);
  }

  #expected(): string {
    return this.#one.limit === 0 ? 'NothingToGoBackTo' : this.#remembered.expected();
  }

  async happen(word: string): Promise<void> {
    const target = this.#expected();
    const [here, there] = await Promise.all([this.#here, this.#there].map((side) => side.happen(word, target)));
    if (word === 'undo') expect(there).toBe(here);
    this.#now = await this.#there.version();
    this.#remembered.see(word, this.#now);
    expect(await this.#there.picture()).toEqual(await this.#here.picture());
    expect(await this.#there.byDefault()).toBe(this.#expected());
  }

  /** Answers how it ended, for the count. */
  async goBack(): Promise<string> {
    const [from, to, own] = [this.#now, this.#expected(), await this.#here.kubectlsOwn()];
    const { refused } = (await this.#there.planned()).planned;
    const earlier = this.#remembered.earlier();
    await this.happen('rollback');
    if (refused === undefined) {
      expect({ to: this.#now, isEarlier: earlier.includes(to) && to !== from }).toEqual({ to, isEarlier: true });
      return /^[bc]/.test(own) && own !== to ? 'back, past the broken version that kubectl takes' : 'back';
    }
    expect(this.#now).toBe(from);
    expect(refused).toMatchObject({
      reason: to,
      message: expect.stringMatching(REFUSALS_BY_DEFAULT[to]?.bot ?? /never/),
    });
    expect(own).toMatch(REFUSALS_BY_DEFAULT[to]?.kubectl(earlier) ?? /never/);
    return to;
  }
}

async function lived(one: One, { words }: ANight): Promise<string> {
  const pair = new Pair(one);
  for (const word of ['g0', ...words]) await pair.happen(word);
  return pair.goBack();
}

describe('the default target after any night', () => {
  it(`is the last known good, and what is left there is what kubectl leaves (SEED=${SEED})`, async () => {
    const nights = fc.sample(aNight, { seed: SEED, numRuns: NIGHTS * FLAVOURS.length });
    const failures: string[] = [];
    const ends = await Promise.all(
      nights.map((one, at) => {
        const flavour = FLAVOURS[at % FLAVOURS.length]!;
        const limited = one.limit === undefined ? {} : { limit: one.limit };
        return lived({ flavour, name: `any-${at}`, ...limited }, one).catch((error: unknown) => {
          failures.push(`any-${at}, ${flavour}, of SEED=${SEED}: ${JSON.stringify(one)}\n${String(error)}`);
          return '';
        });
      }),
    );
    expect(failures).toEqual([]);
    expect(ends.some((end) => end.startsWith('back'))).toBe(true);
  }, 180_000);
});
