/**
 * The bot as it is installed: src/main.ts in a process of its own, on real time, on a night that starts none by itself. What can befall a
 * process befalls it: signals, a full disk under its log, no file descriptors, memory or names of hosts left.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Journey } from './journey.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const BLOCKED_MS = 12_000;
/** What nothing from outside can do to it. */
const FROM_WITHIN = `
  import dns from 'node:dns';
  const { lookup } = dns;
  const lost = (host, ...rest) => rest.at(-1)(Object.assign(new Error('getaddrinfo EAI_AGAIN ' + host), { code: 'EAI_AGAIN' }));
  process.on('SIGWINCH', () => void (dns.lookup = lost));
  process.on('SIGURG', () => void (dns.lookup = lookup));
  process.on('SIGXCPU', () => { for (const kept = []; ; ) kept.push(new Array(1e7).fill(0.5)); });
  process.on('SIGUSR2', () => { const until = Date.now() + ${BLOCKED_MS}; while (Date.now() < until); });
  process.on('SIGHUP', () => void Promise.reject(new Error('nobody caught this')));
`;

export interface BotProcess {
  /** 12 s without a turn of the event loop. */
  block(): void;
  /** A promise is rejected that nobody waits for. */
  reject(): void;
  /** No file or socket can be opened any more, until `release`. */
  exhaustDescriptors(): void;
  releaseDescriptors(): void;
  /** No host's name can be looked up any more, until `findNames`. */
  loseNames(): void;
  findNames(): void;
  /** It allocates until it ends. */
  exhaustMemory(): void;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
  /** Resolves with its exit code; null: a signal ended it. */
  readonly ended: Promise<number | null>;
}

function limit({ pid }: ChildProcess, descriptors: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${descriptors}:`]);
}

/** Names, where nothing would have to be looked up for an address. */
const byName = (text: string): string => text.replaceAll('127.0.0.1', 'localhost');

/** Resolves when it listens to Slack, which has forgotten the one before it. `logsTo`: a file in the place of nowhere. */
export async function startBotProcess(night: Journey, logsTo = '/dev/null'): Promise<BotProcess> {
  const bot = await spawnBotProcess(night, logsTo);
  let code: number | null | undefined;
  void bot.ended.then((ended) => (code = ended));
  await night.until('the bot listens', () => code !== undefined || night.slack.core.sockets.size >= 2);
  if (code !== undefined) throw new Error(`the bot ended with ${code}`);
  return bot;
}

/** Resolves while it starts. */
export async function spawnBotProcess(night: Journey, logsTo = '/dev/null'): Promise<BotProcess> {
  const { slack } = night;
  const folder = path.dirname(night.personKubeconfig);
  const kubeconfig = path.join(folder, 'bot-process.kubeconfig');
  writeFileSync(kubeconfig, byName(readFileSync(path.join(folder, 'bot.kubeconfig'), 'utf8')), { mode: 0o600 });
  const log = openSync(logsTo, 'w');
  await night.until('nobody listens', () => slack.core.sockets.size === 0);
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=256', '--import', `data:text/javascript,${encodeURIComponent(FROM_WITHIN)}`, main],
    {
      stdio: ['ignore', log, log],
      env: {
        SLACK_API_URL: byName(slack.apiUrl),
        SLACK_BOT_TOKEN: slack.tokens.bot,
        SLACK_APP_TOKEN: slack.tokens.app,
        KUBECONFIG: kubeconfig,
        CATALOGUE: path.join(folder, 'catalogue.yaml'),
        ROLLBACK_NAMESPACE: 'rollback-bot',
      },
    },
  );
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    block: () => void child.kill('SIGUSR2'),
    reject: () => void child.kill('SIGHUP'),
    exhaustDescriptors: () => limit(child, String(readdirSync(`/proc/${child.pid}/fd`).length)),
    releaseDescriptors: () => limit(child, '1024'),
    loseNames: () => void child.kill('SIGWINCH'),
    findNames: () => void child.kill('SIGURG'),
    exhaustMemory: () => void child.kill('SIGXCPU'),
    signal: (name) => void child.kill(name),
    ended,
  };
}
