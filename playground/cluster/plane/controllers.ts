/**
 * The controller manager of a test control plane, stopped while objects are put behind its back: it must see owners and what they own at
 * once, or it makes the owned anew.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Controllers {
  stop(): void;
  start(): void;
}

const UP = fileURLToPath(new URL('../../../testplane/up.sh', import.meta.url));

/** `folder`: of testplane/up.sh. */
export function controllersOf(folder: string): Controllers {
  return {
    stop() {
      const pid = Number(readFileSync(join(folder, 'pid/kube-controller-manager'), 'utf8'));
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It does not run.
      }
    },
    start: () => void execFileSync('bash', ['-c', 'PLANE_PODS=elsewhere exec bash "$0" "$1"', UP, folder]),
  };
}
