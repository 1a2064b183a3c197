/**
 * `npm run cluster -- up|down [DIR]`: a real Kubernetes control plane on this machine, for tests and for play. Built once into
 * .cache/testplane/bin; DIR keeps its objects, logs and kubeconfig (.cache/testplane/run by default). `test [JEST ARGUMENT...]`, which is
 * `npm run test:cluster`: the suites that need one, with KUBECONFIG, kubectl and helm of the same build; what was not up before is taken
 * down afterwards. `differential` (`npm run test:differential`) compares the simulated cluster with a plane of its own. `processes` (`npm run
 * test:processes`) kills replicas of the bot, processes of their own, on another.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Suite } from '../test/fault-matrix/row.ts';
import { rows } from '../test/fault-matrix/rows.ts';
import { type Ran, tableOf } from '../test/fault-matrix/table.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = resolve(root, '.cache/testplane/bin');
const SUITES = ['conformance', 'cluster'];
/** What mostly waits, for leases and for pods, has so many files at work at once; everything else one. */
const SIDE_BY_SIDE: Partial<Record<string, number>> = { processes: 3, journeys: 2 };

/** Runs to its end; its failure is ours. */
function must(command: string, words: string[], more: NodeJS.ProcessEnv = {}): void {
  const { status, error } = spawnSync(command, words, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...more },
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const script = (name: string, ...words: string[]): void => must('bash', [resolve(root, 'testplane', name), ...words]);

function up(folder: string, more: NodeJS.ProcessEnv = {}): string {
  script('build.sh', bin);
  must('bash', [resolve(root, 'testplane/up.sh'), folder], more);
  return resolve(folder, 'kubeconfig');
}

/** Runs jest projects; whether all passed. */
function suites(projects: string[], words: string[], settings: NodeJS.ProcessEnv): boolean {
  const jest = ['run', '--silent', 'jest', '--', '--selectProjects', ...projects, '--passWithNoTests'];
  const workers = SIDE_BY_SIDE[projects[0]!];
  jest.push(workers === undefined ? '--runInBand' : `--maxWorkers=${workers}`);
  if (settings['FAULT_MATRIX_RUNS'] !== undefined)
    jest.push('--reporters=default', '--reporters=./scripts/fault-matrix-reporter.mjs');
  const env = { ...process.env, ...settings, PATH: [bin, process.env['PATH']].join(delimiter) };
  return spawnSync('npm', [...jest, ...words], { cwd: root, stdio: 'inherit', env }).status === 0;
}

/** Each worker of the journeys has a plane to itself: they run its pods, and put its past into etcd. */
function journeys(words: string[], settings: NodeJS.ProcessEnv): boolean {
  const folders = Array.from({ length: SIDE_BY_SIDE['journeys']! }, (_, i) =>
    resolve(root, `.cache/testplane/journeys-${i + 1}`),
  );
  for (const folder of folders) up(folder, { PLANE_PODS: 'elsewhere' });
  const hasPassed = suites(['journeys'], words, { ...settings, JOURNEYS_PLANE: folders.join(delimiter) });
  for (const folder of folders) script('down.sh', folder);
  return hasPassed;
}

/** On a plane that is taken down afterwards unless it was up before; whether all passed. */
function onPlane(folder: string, projects: string[], words: string[], settings: NodeJS.ProcessEnv = {}): boolean {
  const isOurs = !existsSync(resolve(folder, 'pid/kube-apiserver'));
  const hasPassed = suites(projects, words, { ...settings, PLANE: 'real', KUBECONFIG: up(folder), PLANE_DIR: folder });
  if (isOurs) script('down.sh', folder);
  return hasPassed;
}

/** Runs tests, then prints the rows of the fault matrix that they show; whether all passed, and none that is named there was left out. */
function withMatrix(suite: Suite, run: (settings: NodeJS.ProcessEnv) => boolean): boolean {
  const notes = mkdtempSync(join(tmpdir(), 'fault-matrix-'));
  const runs = join(notes, 'runs');
  const hasPassed = run({ FAULT_MATRIX_RUNS: runs });
  const ran = existsSync(runs) ? readFileSync(runs, 'utf8').trim().split('\n') : [];
  const { lines, missing } = tableOf(
    rows,
    suite,
    ran.map((line) => JSON.parse(line) as Ran),
  );
  rmSync(notes, { recursive: true });
  console.log(lines.join('\n'));
  if (missing.length > 0) console.error(`The fault matrix names tests that did not run:\n${missing.join('\n')}`);
  return hasPassed && missing.length === 0;
}

/** All suites of the real plane; the fault matrix is only told of all. */
function test(folder: string, words: string[]): boolean {
  const run = (settings: NodeJS.ProcessEnv): boolean =>
    [onPlane(folder, SUITES, words, settings), journeys(words, settings)].every(Boolean);
  return words.length > 0 ? run({}) : withMatrix('plane', run);
}

function processes(words: string[]): boolean {
  const run = (settings: NodeJS.ProcessEnv): boolean =>
    onPlane(resolve(root, '.cache/testplane/processes'), ['processes'], words, settings);
  return words.length > 0 ? run({}) : withMatrix('processes', run);
}

const [verb, ...words] = process.argv.slice(2);
const kept = resolve(root, '.cache/testplane/run');
const folder = resolve(words[0] ?? kept);
if (verb === 'up') {
  const kubeconfig = up(folder);
  console.log(`A Kubernetes control plane is up. To use it:\nexport KUBECONFIG=${kubeconfig} PATH="${bin}:$PATH"`);
} else if (verb === 'down') {
  script('down.sh', folder);
} else if (verb === 'test') {
  process.exit(test(process.env['PLANE_DIR'] ?? kept, words) ? 0 : 1);
} else if (verb === 'differential') {
  // So many rollouts keep the controllers busy for minutes: nobody else should wait for them there.
  process.exit(onPlane(resolve(root, '.cache/testplane/differential'), ['differential'], words) ? 0 : 1);
} else if (verb === 'processes') {
  process.exit(processes(words) ? 0 : 1);
} else {
  console.error('npm run cluster -- up|down [DIR]');
  process.exit(2);
}
