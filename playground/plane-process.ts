/** The real control plane under the playground: built once, started and taken down by the scripts of testplane/. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Rejects with what to do when a script fails; what it says stands on the terminal. */
function script(line: string, ...words: string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn('bash', ['-euc', line, 'testplane', ...words], { stdio: 'inherit' });
  child.once('error', reject);
  child.once('exit', (code) => {
    if (code === 0) resolve();
    else reject(new Error('The control plane did not start. It needs Go to be built once, openssl, and some minutes.'));
  });
  return promise;
}

/** Resolves with its folder. The first time takes 7 to 10 minutes on two cores, later ones some seconds. */
export async function startPlaneProcess(): Promise<string> {
  const folder = here('.cache/testplane/play');
  await script(
    'bash "$1"; PLANE_PODS=elsewhere bash "$2" "$3"',
    here('testplane/build.sh'),
    here('testplane/up.sh'),
    folder,
  );
  return folder;
}

export function stopPlaneProcess(folder: string): Promise<void> {
  return script('bash "$1" "$2"', here('testplane/down.sh'), folder);
}
