/**
 * Starts the bot as a process of its own, kills it as hard as a crashed machine would, and starts it again. It never restarts it by
 * itself: a killed bot stays dead until somebody asks. The bot's log lines go to `log`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FromBot, type ToBot } from './messages.ts';

export interface BotProcess {
  state(): 'running' | 'starting' | 'stopped';
  pid(): number | undefined;
  /** Resolves when the bot is ready, or has ended before. Does nothing while one runs. */
  start(): Promise<void>;
  /** SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Moves the bot's time along with the playground's. */
  skip(ms: number): void;
}

export interface BotProcessOptions {
  /** The bot's whole environment. */
  environment: Record<string, string>;
  /** How far the playground's time is ahead, for a bot that starts late. */
  skippedMs: () => number;
  log: (line: string) => void;
  /** The state or the process id changed. */
  onChange: () => void;
  /** The file to run, for tests of this file alone. */
  entry?: string;
}

const botEntry = fileURLToPath(new URL('./main.ts', import.meta.url));

export function createBotProcess(options: BotProcessOptions): BotProcess {
  let child: ChildProcess | undefined;
  let isReady = false;

  function watch(started: ChildProcess, settled: () => void): void {
    for (const stream of [started.stdout, started.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', options.log);
    }
    started.on('message', (message) => {
      if (!FromBot.safeParse(message).success) return;
      isReady = true;
      options.onChange();
      settled();
    });
    started.once('exit', () => {
      if (child === started) child = undefined;
      options.onChange();
      settled();
    });
  }

  async function start(): Promise<void> {
    if (child) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    isReady = false;
    child = fork(options.entry ?? botEntry, [String(options.skippedMs())], {
      env: options.environment,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    watch(child, resolve);
    options.onChange();
    await promise;
  }

  async function kill(): Promise<void> {
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  return {
    state: () => (child ? (isReady ? 'running' : 'starting') : 'stopped'),
    pid: () => child?.pid,
    start,
    kill,
    skip(ms) {
      const message: ToBot = { skip: ms };
      if (child?.connected) child.send(message);
    },
  };
}
