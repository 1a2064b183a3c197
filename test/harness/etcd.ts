/**
 * What can befall etcd: killed and started again, frozen, slow to write, out of space. On a real control plane it really does; the
 * simulated cluster answers as an API server does then.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiResponse } from '#playground/cluster/api/message.ts';
import { failure } from '#playground/cluster/front.ts';
import type { Journey } from './journey.ts';
import { PLANE_FOLDER } from './plane-folder.ts';

type Trouble = 'killed' | 'frozen' | 'slow' | 'out of space';

const LASTS_SECONDS = 3;
/** As long as a disk takes for an fsync that is too slow for etcd. On a plane etcd as a whole stands still so long, again and again. */
const SLOW_WRITE_SECONDS = 0.5;
const SLOW_WRITES = 5;

/** A shell does it, says when it has begun, and ends it whatever this process is waiting for. $1: the process id, $2: its folder, $3: the alarm's address. */
const SCRIPTS: Record<Trouble, string> = {
  killed: `
    pid=$1 folder=$2; shift 3; kill -9 "$pid"; echo begun; sleep ${LASTS_SECONDS}; cd "$folder"
    setsid "$@" >>log/etcd 2>&1 </dev/null & echo $! >pid/etcd`,
  frozen: `kill -STOP "$1"; echo begun; sleep ${LASTS_SECONDS}; kill -CONT "$1"`,
  slow: `
    for _ in $(seq ${SLOW_WRITES}); do kill -STOP "$1"; echo begun; sleep ${SLOW_WRITE_SECONDS}; kill -CONT "$1"; sleep 0.1; done`,
  'out of space': `
    alarm() { curl -sf "$1" -d "{\\"action\\":\\"$2\\",\\"memberID\\":\\"0\\",\\"alarm\\":\\"NOSPACE\\"}" >/dev/null; }
    alarm "$3" ACTIVATE && echo begun; sleep ${LASTS_SECONDS}; alarm "$3" DEACTIVATE`,
};

async function real(folder: string, trouble: Trouble, hasBegun: () => void): Promise<void> {
  const pid = readFileSync(join(folder, 'pid/etcd'), 'utf8').trim();
  const [port] = readFileSync(join(folder, 'ports'), 'utf8').split(' ');
  const program = readlinkSync(`/proc/${pid}/exe`);
  const [, ...words] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  const alarm = `http://127.0.0.1:${port}/v3/maintenance/alarm`;
  const shell = spawn('bash', ['-c', SCRIPTS[trouble], 'etcd', pid, folder, alarm, program, ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  shell.stdout.once('data', hasBegun);
  const [code] = (await once(shell, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`etcd could not be ${trouble}: the shell ended with ${code}`);
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** As an API server answers whose etcd is in this trouble. */
async function answered(trouble: Trouble, method: string, over: Promise<void>): Promise<ApiResponse | undefined> {
  if (trouble === 'killed' || (trouble === 'out of space' && method !== 'GET')) return failure(500);
  if (trouble === 'frozen') await over;
  if (trouble === 'slow' && method !== 'GET') await wait(SLOW_WRITE_SECONDS * 1000);
  return undefined;
}

/** The first request for which `isIt` holds finds etcd in trouble. Resolves when it is over. */
export function etcdTroubleAt(
  { cluster: { faults } }: Pick<Journey, 'cluster'>,
  trouble: Trouble,
  isIt: (method: string, path: string) => boolean,
): Promise<void> {
  const over = Promise.withResolvers<void>();
  let hasBegun = false;
  const ends = (): void => {
    faults.between(undefined);
    over.resolve();
  };
  faults.between(async ({ method, path }, pass) => {
    if (!hasBegun && isIt(method, path)) {
      hasBegun = true;
      const begun = Promise.withResolvers<void>();
      const lasting =
        PLANE_FOLDER === undefined ? wait(LASTS_SECONDS * 1000) : real(PLANE_FOLDER, trouble, begun.resolve);
      lasting.then(ends, over.reject);
      if (PLANE_FOLDER !== undefined) await Promise.race([begun.promise, lasting]);
    }
    const instead = hasBegun && PLANE_FOLDER === undefined ? await answered(trouble, method, over.promise) : undefined;
    return instead ?? pass();
  });
  return over.promise;
}
