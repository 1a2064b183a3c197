/**
 * `node test/seeds/kill/run.ts NIGHT...`: each calm night, then one for each of its side effects and each side of it; with `CUT="after
 * slack.post 3"` that one alone. Prints what went wrong, at the end one line of JSON: a KillReport each.
 */
import { enterSeed } from '../time/process-time.ts';
import { createTimeline } from '../time/timeline.ts';
import type { CutAt } from './cut-short.ts';

export interface KillReport {
  night: string;
  /** Kind → how often it happens in the calm night. */
  effects: Record<string, number>;
  cuts: number;
  /** Cuts after which something was wrong. */
  failing: string[];
}

enterSeed(createTimeline(), () => 0.5);
const { nights } = await import('./nights.ts');
const { runNight } = await import('./cut-short.ts');

/** `only`: one cut, as it is told. */
async function cutShort(name: string, only: string | undefined): Promise<KillReport> {
  const night = nights[name];
  if (!night) throw new Error(`no such night: ${name}`);
  const failing: string[] = [];
  const tell = (what: string, faults: readonly string[]): void => {
    if (faults.length === 0) return;
    failing.push(what);
    process.stdout.write(`${name}, ${what}:\n  ${faults.join('\n  ')}\n`);
  };
  const calm = await runNight(night, undefined);
  tell('nothing cut', calm.faults);
  const cuts = calm.effects.flatMap(({ kind, nth }) =>
    (['before', 'after'] as const).map((point): CutAt => ({ point, kind, nth })),
  );
  for (const cut of cuts) {
    const what = `${cut.point} ${cut.kind} ${cut.nth}`;
    if (only !== undefined && only !== what) continue;
    const { faults, hasCut } = await runNight(night, cut);
    tell(what, hasCut ? faults : ['the effect was not met again', ...faults]);
  }
  const effects = Object.fromEntries(calm.effects.map(({ kind, nth }) => [kind, nth]));
  return { night: name, effects, cuts: cuts.length, failing };
}

const reports: KillReport[] = [];
for (const name of process.argv.slice(2)) reports.push(await cutShort(name, process.env['CUT']));
process.stdout.write(`${JSON.stringify(reports)}\n`);
