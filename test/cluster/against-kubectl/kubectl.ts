/** The real kubectl, as a person runs it. */
import { execFile } from 'node:child_process';
import { kubeconfigPath } from '../plane.ts';

/** `npm run test:cluster` puts the one of the plane's own build first on the PATH. */
const PROGRAM = 'kubectl';
const TIMEOUT_MS = 90_000;

export interface Told {
  /** Exit code. */
  code: number;
  /** What it printed, warnings included, without the last line break. */
  text: string;
}

/** Runs `kubectl -n NAMESPACE WORDS…`, with `input` to read. Rejects only when there is no kubectl, or it hangs. */
export function kubectl(namespace: string, words: string, input = ''): Promise<Told> {
  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  const env = { ...process.env, KUBECONFIG: kubeconfigPath() };
  const child = execFile(
    PROGRAM,
    ['-n', namespace, ...words.split(' ')],
    { env, timeout: TIMEOUT_MS },
    (error, out, err) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, text: `${err}${out}`.trim() });
      else reject(error ?? new Error('kubectl ended without a code'));
    },
  );
  child.stdin?.end(input);
  return promise;
}
