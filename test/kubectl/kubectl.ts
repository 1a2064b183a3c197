/** A real kubectl against the simulated cluster with its controllers and kubelet, as a person would use it. */
import { execFile, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { worldClock } from '#playground/clock.ts';
import { startControllers } from '#playground/cluster/controllers/controllers.ts';
import { imageRegistry } from '#playground/cluster/kubelet/images.ts';
import { startKubelet } from '#playground/cluster/kubelet/kubelet.ts';
import { manifests, startCluster, type Cluster } from '#playground/cluster/server.ts';

const BUILT = '.cache/testplane/bin/kubectl';

/** KUBECTL, else the one that testplane/build-kubectl.sh makes. Throws when neither is there: nothing here is skipped. */
function kubectlPath(): string {
  const path = process.env['KUBECTL'] ?? BUILT;
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new Error(`No kubectl at ${path}. Run testplane/build-kubectl.sh, or name one in KUBECTL.`);
  }
  return path;
}

export interface Result {
  /** Exit code. */
  code: number;
  out: string;
  err: string;
}

export interface Person {
  cluster: Cluster;
  /** Runs `kubectl <words>` in namespace shop, with text for its standard input. */
  kubectl(words: string | string[], input?: string): Promise<Result>;
  /** The same as somebody without rights of an administrator. */
  kubectlAs(token: string, words: string): Promise<Result>;
  /** Runs until `isEnough` holds for what it wrote, then stops it. */
  follow(words: string, isEnough: (out: string) => boolean): Promise<string>;
  stop(): Promise<void>;
}

const OBJECTS = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
`;

const STARTED_WITH = {
  'admin-token': { username: 'admin', groups: ['system:masters'] },
  'maya-token': { username: 'maya', groups: ['oncall'] },
};

export const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: web, image: 'example/web:v1', ports: [{containerPort: 8080}]}]
`;

export async function startPerson(): Promise<Person> {
  const path = kubectlPath();
  const clock = worldClock({ unref: true });
  const cluster = await startCluster({
    clock,
    tokens: STARTED_WITH,
    objects: [...manifests(OBJECTS), ...manifests(readFileSync('k8s/crd.yaml', 'utf8'))],
  });
  const { storage } = cluster;
  const controllers = startControllers({ storage, clock, random: Math.random });
  const kubelet = startKubelet({ storage, clock, random: Math.random, images: imageRegistry() });
  cluster.setPodLogs((namespace, pod, options) => kubelet.logs(namespace, pod, options));
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
  for (const token of Object.keys(STARTED_WITH)) writeFileSync(join(folder, token), cluster.kubeconfig(token, 'shop'));

  const environment = (token: string): NodeJS.ProcessEnv => ({ HOME: folder, KUBECONFIG: join(folder, token) });
  const split = (words: string | string[]): string[] => (typeof words === 'string' ? words.split(/\s+/) : words);

  function run(token: string, words: string | string[], input = ''): Promise<Result> {
    const { promise, resolve } = Promise.withResolvers<Result>();
    const child = execFile(path, split(words), { env: environment(token), timeout: 20_000 }, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, err });
    });
    child.stdin?.end(input);
    return promise;
  }

  function follow(words: string, isEnough: (out: string) => boolean): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const child = spawn(path, split(words), { env: environment('admin-token') });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (isEnough(out)) child.kill();
    });
    child.on('error', reject);
    child.on('close', () => (isEnough(out) ? resolve(out) : reject(new Error(`kubectl ${words} ended with: ${out}`))));
    return promise;
  }

  return {
    cluster,
    kubectl: (words, input) => run('admin-token', words, input),
    kubectlAs: run,
    follow,
    async stop() {
      controllers.stop();
      kubelet.stop();
      await cluster.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The words of each line: columns of a table. */
export const rows = (out: string): string[][] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/));
