/**
 * `npm run cluster -- up|down [DIR]`: a real Kubernetes control plane on this machine, for tests and for play. Built once into
 * .cache/testplane/bin; DIR keeps its objects, logs and kubeconfig (.cache/testplane/run by default). `test [JEST ARGUMENT...]`, which is
 * `npm run test:cluster`: the suites that need one, with KUBECONFIG, kubectl and helm of the same build; what was not up before is taken
 * down afterwards.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = resolve(root, '.cache/testplane/bin');
const SUITES = ['conformance', 'cluster', 'differential'];

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

function up(folder: string): string {
  script('build.sh', bin);
  script('up.sh', folder);
  return resolve(folder, 'kubeconfig');
}

function test(folder: string, words: string[]): never {
  const isOurs = !existsSync(resolve(folder, 'pid/kube-apiserver'));
  const programs = [bin, process.env['PATH']].join(delimiter);
  const settings = { PLANE: 'real', KUBECONFIG: up(folder), PATH: programs, PLANE_DIR: folder };
  const jest = ['run', '--silent', 'jest', '--', '--selectProjects', ...SUITES, '--runInBand', ...words];
  const { status } = spawnSync('npm', jest, { cwd: root, stdio: 'inherit', env: { ...process.env, ...settings } });
  if (isOurs) script('down.sh', folder);
  process.exit(status ?? 1);
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
  test(process.env['PLANE_DIR'] ?? kept, words);
} else {
  console.error('npm run cluster -- up|down [DIR]');
  process.exit(2);
}
