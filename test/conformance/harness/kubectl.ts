/** A real kubectl with a home and a kubeconfig of its own. */
import { execFile, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Above what a command is told to wait for. */
const TIMEOUT_MS = 90_000;

/** KUBECTL, else `kubectl` on PATH, else the one that testplane/ builds. Throws when there is none: nothing here is skipped. */
function kubectlPath(): string {
  const named = process.env['KUBECTL'];
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'kubectl'));
  for (const path of named === undefined ? [...onPath, '.cache/testplane/bin/kubectl'] : [named]) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next one may be there.
    }
  }
  throw new Error(`No kubectl${named === undefined ? '' : ` at ${named}`}: build one with testplane/build.sh.`);
}

export interface Result {
  /** Exit code. */
  code: number;
  out: string;
  err: string;
}

export interface Kubectl {
  /** Words are split at white space; an array keeps them as they are. `input` goes to standard input. */
  (words: string | readonly string[], input?: string): Promise<Result>;
  /** Runs until `isEnough` holds for what it wrote, errors included, then stops it. */
  follow(words: string, isEnough: (text: string) => boolean): Promise<string>;
  /** Ends what still runs. */
  stop(): void;
}

const split = (words: string | readonly string[]): readonly string[] =>
  typeof words === 'string' ? words.trim().split(/\s+/) : words;

export function kubectlWith(kubeconfig: string): Kubectl {
  const path = kubectlPath();
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
  const over = new AbortController();
  const env = { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: join(folder, 'config') };
  const options = { env, signal: over.signal };
  writeFileSync(env.KUBECONFIG, kubeconfig, { mode: 0o600 });

  function run(words: string | readonly string[], input = ''): Promise<Result> {
    const { promise, resolve } = Promise.withResolvers<Result>();
    const child = execFile(path, split(words), { ...options, timeout: TIMEOUT_MS }, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, err });
    });
    child.stdin?.end(input);
    return promise;
  }

  function follow(words: string, isEnough: (text: string) => boolean): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const child = spawn(path, split(words), options);
    const timer = setTimeout(() => child.kill(), TIMEOUT_MS);
    let heard = '';
    // kubectl writes a row of a table cell by cell: what stands behind the last newline may go on.
    const text = (): string => heard.slice(0, heard.lastIndexOf('\n') + 1);
    const hear = (chunk: Buffer): void => {
      heard += chunk.toString();
      if (isEnough(text())) child.kill();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      if (isEnough(text())) resolve(text());
      else reject(new Error(`kubectl ${words} ended with: ${heard}`));
    });
    return promise;
  }

  return Object.assign(run, {
    follow,
    stop() {
      over.abort();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

/** The words of each line: columns of a table. */
export const rows = (out: string): string[][] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/));
