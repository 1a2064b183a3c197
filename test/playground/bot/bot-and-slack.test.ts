/** The bot as it is installed, a process of its own, and a Slack that drops, revokes and ends it. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { worldClock } from '#playground/clock.ts';
import { type EmulatedSlack, startSlack } from '#playground/slack/server.ts';
import { turn } from '#playground/slack/troubles.ts';
import { readManifest } from '#playground/slack/manifest.ts';
import { startSurroundings, type Surroundings } from '#playground/world/surroundings.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollback-process-'));
let slack: EmulatedSlack;
let surroundings: Surroundings;
const bots = new Set<ChildProcess>();

beforeAll(async () => {
  const clock = worldClock();
  slack = await startSlack({ clock, manifest: readManifest('manifest.yml') });
  surroundings = await startSurroundings({ clock, seed: 1, folder });
});
afterAll(async () => {
  for (const bot of bots) bot.kill('SIGKILL');
  await slack.stop();
  await surroundings.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function until(what: string, ask: () => boolean): Promise<void> {
  const endsAt = performance.now() + 45_000;
  while (!ask()) {
    if (performance.now() > endsAt) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** `npm start`. */
function spawnBot() {
  const settings = {
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_APP_TOKEN: slack.tokens.app,
    ...surroundings.settings,
  };
  const bot = spawn(process.execPath, ['src/main.ts'], { env: settings, stdio: ['ignore', 'pipe', 'pipe'] });
  bots.add(bot);
  const said: string[] = [];
  for (const stream of [bot.stdout, bot.stderr]) stream.on('data', (words) => said.push(String(words)));
  const ended = once(bot, 'exit').then(([code]) => code as number | null);
  return { bot, ended, said: () => said.join('') };
}

const isConnected = () => until('two sockets are open', () => slack.core.sockets.size === 2);

it('lives on when it cannot connect again, and ends in order: what is being answered is answered first', async () => {
  const { bot, ended, said } = spawnBot();
  await isConnected();
  const { connections } = slack.core.sockets;
  turn(slack, 'no-new-connections');
  await until(
    'both sockets have tried in vain',
    () => slack.calls.list('apps.connections.open').length >= connections + 4,
  );
  expect(bot.exitCode).toBeNull();
  turn(slack, 'no-new-connections', false);
  await isConnected();
  const maya = slack.person('U0ONCALL');
  slack.faults.slowDown('views.update', 500);
  await maya.type('#incidents', '/rollback auth-service production');
  await until('the form loads', () => maya.modal() !== undefined);
  bot.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(maya.modal()?.reads).toMatch(/Now v1\.4\.2/);
  expect(slack.core.sockets.size).toBe(0);
  expect(said()).not.toMatch(/unhandled|\n {4}at /i);
});

it('ends in order where Slack does not answer that its connections are closed', async () => {
  const { bot, ended, said } = spawnBot();
  await until('it has started', () => said().includes('"text":"started"'));
  // Whoever answers after that has heard how to end, too.
  expect(await slack.person('U0ONCALL').type('#incidents', '/rollback help')).toEqual({ ok: true });
  turn(slack, 'deaf');
  bot.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(said()).not.toMatch(/unhandled|\n {4}at /i);
  slack.faults.dropSockets();
});

it('whose token is revoked while it serves: ends on purpose, and says what a person has to do', async () => {
  slack.faults.clear();
  const { ended, said } = spawnBot();
  await isConnected();
  turn(slack, 'token-revoked');
  expect(await ended).toBe(1);
  expect(said()).toContain("Slack rejects the app's token: token_revoked. Install a new one and start again.");
});

it.each([
  ['invalid_auth', 'Slack does not know SLACK_BOT_TOKEN. Copy it again'],
  ['account_inactive', 'The app was uninstalled or its workspace is gone. Install it again.'],
] as const)('whose token Slack rejects from the start, %s: does not start, and says what to do', async (word, cure) => {
  slack.faults.revokeToken(word);
  const { ended, said } = spawnBot();
  expect(await ended).toBe(1);
  expect(said()).toContain(`Slack: ${word}. ${cure}`);
});
