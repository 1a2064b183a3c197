import { afterEach, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { type BotProcess, createBotProcess } from '#playground/bot/bot-process.ts';

const entry = fileURLToPath(new URL('./obedient-child.mjs', import.meta.url));
let bot: BotProcess | undefined;

/** The process with what it said; `said` resolves once the line was printed. */
function botUnderTest(file = entry) {
  const lines: string[] = [];
  const waiting = new Map<string, () => void>();
  bot = createBotProcess({
    entry: file,
    environment: { GIVEN: 'only this' },
    skippedMs: () => 900,
    log: (line) => {
      lines.push(line);
      waiting.get(line)?.();
    },
    onChange: () => undefined,
  });
  const said = (line: string): Promise<string> =>
    new Promise((resolve) => (lines.includes(line) ? resolve(line) : void waiting.set(line, () => resolve(line))));
  return { bot, said };
}

afterEach(() => bot?.kill());

describe('the process of the bot', () => {
  it('is running once it says so, with the given environment and the skipped time', async () => {
    const { bot: child, said } = botUnderTest();
    const started = child.start();
    expect(child.state()).toBe('starting');
    await started;
    expect(child.state()).toBe('running');
    expect(await said('started 900 only this')).toBeDefined();
  });

  it('is told of time that is skipped while it runs', async () => {
    const { bot: child, said } = botUnderTest();
    await child.start();
    child.skip(60_000);
    expect(await said('skipped 60000')).toBeDefined();
  });

  it('stays dead when killed, and is another process when started again', async () => {
    const { bot: child } = botUnderTest();
    await child.start();
    const before = child.pid();
    await child.kill();
    expect([child.state(), child.pid()]).toEqual(['stopped', undefined]);
    await child.start();
    expect(child.pid()).not.toBe(before);
  });

  it('is stopped, not starting for ever, when it cannot start', async () => {
    const { bot: child } = botUnderTest(`${entry}.missing`);
    await child.start();
    expect(child.state()).toBe('stopped');
  });
});
