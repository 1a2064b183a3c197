/**
 * Nights of one Deployment, told in words: `g1` deploys version g1, which runs well for 12 minutes; `s2` one that runs for 3; `b3` one that
 * cannot be pulled, `c4` one that crashes; `undo` is kubectl's, by hand; `rollback` the bot's, to its default target. The time is made up,
 * the cluster is not.
 */
import { EMPTY_JOURNAL, type Journal, markLeft } from '#journal/journal.ts';
import { observe } from '#journal/observation.ts';
import { isRefusal } from '#rollback/failure.ts';
import type { PlannedService } from '#rollback/plan.ts';
import { deployment } from '../deployment.ts';
import { bot } from './bot.ts';
import type { Side } from './side.ts';

const MINUTE_MS = 60_000;
const WELL = 12;
const SHORT = 3;
const BROKEN: Record<string, string> = { b: '-broken', c: '-crash' };

export interface Night {
  /** What runs, such as `g1`. */
  version(): Promise<string>;
  /** What the bot would do by itself. */
  plan(): Promise<PlannedService>;
  /** One word of the story; the cluster is at rest when it resolves. */
  happen(word: string): Promise<void>;
}

/** The journal is this night's own; nobody wrote a rollback of it down anywhere else. */
export function night(side: Side, name: string): Night {
  let journal: Journal = EMPTY_JOURNAL;
  let nowMs = Date.parse('2026-11-23T00:00:00Z');
  const theBot = bot(side, [name], () => journal);
  const tagOf = (word: string): string => word + (BROKEN[word[0] ?? ''] ?? '');

  function pass(minutes: number): void {
    for (let minute = 0; minute <= minutes; minute++) {
      nowMs += MINUTE_MS;
      const rows = side.view.deployments.all().filter((row) => row.name === name);
      journal = observe(journal, rows, side.view.replicaSets.all(), nowMs);
    }
  }

  async function deploy(word: string): Promise<void> {
    const image = `${name}:${tagOf(word)}`;
    if (side.view.deployments.get(name) === undefined) await side.create(deployment(name, { image }));
    else await side.patch(name, [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }]);
  }

  /** As the controller does it: the patch, and then the mark on what was left. */
  async function rollBack(): Promise<void> {
    const { planned, steps } = await theBot.plan({ service: name });
    if (planned.refused !== undefined) return;
    const made = await theBot.patch(steps);
    if (isRefusal(made)) throw new Error(made.message);
    const { templateHash } = planned.from!;
    const leftAt = new Date(nowMs).toISOString();
    journal = markLeft(journal, [{ workload: name, templateHash, leftAt, by: made.operation }]);
  }

  return {
    version: async () => {
      const { spec } = await side.read(name);
      return /:(\w+)/.exec(spec.template.spec?.containers?.[0]?.image ?? '')?.[1] ?? '';
    },
    plan: async () => (await theBot.plan({ service: name })).planned,
    async happen(word) {
      if (word === 'undo') await side.kubectl(`rollout undo deployment/${name}`);
      else if (word === 'rollback') await rollBack();
      else await deploy(word);
      await side.rest(name);
      pass(word.startsWith('s') ? SHORT : WELL);
    },
  };
}

const KNOWN_GOOD_MINUTES = 10;

/** What a person who watched all night would say: the rule of the default target once more, without any code of the product. */
export class Remembered {
  readonly #runs: string[] = [];
  readonly #minutes = new Map<string, number>();
  /** Left for an earlier version, and not taken again since. */
  readonly #left = new Set<string>();
  readonly #leftByBot = new Set<string>();

  /** `word`: of a story, see above; `now`: what runs after it. */
  see(word: string, now: string): void {
    const before = this.#runs.at(-1);
    const isChange = before !== now;
    if (isChange && before !== undefined) {
      const isForward = !this.#runs.includes(now) || this.#left.delete(now);
      if (!isForward) this.#left.add(before);
      if (word === 'rollback') this.#leftByBot.add(before);
    }
    if (isChange) this.#runs.push(now);
    if (/^[bc]/.test(now)) return;
    const stint = (word.startsWith('s') ? 3 : 12) + (isChange ? 0 : 1);
    this.#minutes.set(now, (this.#minutes.get(now) ?? 0) + stint);
  }

  /** Earlier versions, the one that ran last first. */
  earlier(): string[] {
    return [...new Set(this.#runs.toReversed())].slice(1);
  }

  /** The version, or the reason of the refusal. */
  expected(): string {
    const newestFirst = this.earlier();
    const standing = newestFirst.filter((version) => !this.#left.has(version) && !this.#leftByBot.has(version));
    const ran = (version: string): number => this.#minutes.get(version) ?? 0;
    const chosen =
      standing.find((version) => ran(version) >= KNOWN_GOOD_MINUTES) ??
      standing.find((version) => ran(version) > 0) ??
      standing[0];
    return chosen ?? (newestFirst.length === 0 ? 'NothingToGoBackTo' : 'OnlyLeftVersions');
  }
}
