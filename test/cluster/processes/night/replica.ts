/**
 * One replica of the bot: `node src/main.ts` with its environment, as a customer runs it. It can be killed, frozen and thawed, and asked to
 * end; nothing starts it again but `start`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inheritedEnvironment } from '#playground/environment.ts';
import { eventually } from '../../plane.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const START_WITHIN_MS = 60_000;
const KEPT_LINES = 400;

export interface ReplicaOptions {
  /** The pod's name in the lease. */
  name: string;
  environment: Record<string, string>;
  /** Before src/main.ts: what makes it another version. */
  words?: readonly string[];
}

export class Replica {
  readonly name: string;
  readonly #options: ReplicaOptions;
  #child: ChildProcess | undefined;
  #lines: string[] = [];

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.name = options.name;
  }

  /** Its last lines, log and audit. */
  lines(): readonly string[] {
    return this.#lines;
  }

  isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Resolves when it is connected to Slack. */
  async start(): Promise<void> {
    const { environment, words = [] } = this.#options;
    const child = spawn(process.execPath, [...words, 'src/main.ts'], {
      cwd: root,
      env: { ...inheritedEnvironment(), ...environment, POD_NAME: this.name },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let hasStarted = false;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        hasStarted ||= line.includes('"text":"started"');
        this.#lines = [...this.#lines.slice(-KEPT_LINES), line];
      });
    }
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined;
    });
    await eventually(`${this.name} has started`, () => hasStarted || this.#hasEnded(), START_WITHIN_MS);
  }

  #hasEnded(): false {
    if (this.#child === undefined) throw new Error(`${this.name} ended:\n${this.#lines.slice(-20).join('\n')}`);
    return false;
  }

  async #send(sign: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.kill(sign);
    await gone;
  }

  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void> {
    return this.#send('SIGKILL');
  }

  /** SIGTERM. Resolves when it has ended by itself. */
  end(): Promise<void> {
    return this.#send('SIGTERM');
  }

  /** SIGSTOP: it is there and does nothing. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  /** SIGCONT. */
  thaw(): void {
    this.#child?.kill('SIGCONT');
  }
}
