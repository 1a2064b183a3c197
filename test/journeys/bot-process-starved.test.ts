import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type BotProcess, startBotProcess } from '#test/harness/bot-process.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { expectComeBack, waiting } from '#test/harness/waiting-pods.ts';

let night: Journey;
let bot: BotProcess;
let log: string;
beforeAll(async () => {
  night = await startJourney({ startsBot: false, sharesClock: true });
  log = path.join(path.dirname(night.personKubeconfig), 'bot.log');
  bot = await startBotProcess(night, log);
});
afterAll(async () => {
  bot.signal('SIGKILL');
  await bot.ended;
  await night.stop();
});

it('the name of the API server is not known any more: its log says so, and it goes on when it is again', async () => {
  const rollback = await waiting(night, 'auth-service');
  bot.loseNames();
  night.cluster.faults.dropConnections();
  await night.until('names are looked up in vain', () =>
    /watch of rollbacks.*host name lookup failed/.test(readFileSync(log, 'utf8')),
  );
  bot.findNames();
  await expectComeBack(night, rollback);
});

it('its memory runs out: it ends, and the next bot brings to its end what was begun', async () => {
  const rollback = await waiting(night, 'content-service');
  bot.exhaustMemory();
  expect(await bot.ended).not.toBe(0);
  bot = await startBotProcess(night, log);
  await expectComeBack(night, rollback);
});
