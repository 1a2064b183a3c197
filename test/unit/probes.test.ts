import { afterEach, expect, it } from '@jest/globals';
import { TerminalError } from '#rollback/failure.ts';
import { type Probes, serveProbes } from '../../src/probes.ts';

let probes: Probes | undefined;
afterEach(() => probes?.close());

it('is ready when nothing is wrong, else says what; and is alive either way', async () => {
  const wrong: string[] = [];
  probes = await serveProbes(0, () => wrong);
  const ask = async (path: string, method = 'GET') => {
    const answer = await fetch(`http://127.0.0.1:${probes!.port}${path}`, { method });
    return [answer.status, await answer.text()];
  };
  expect(await ask('/readyz')).toEqual([200, 'ok\n']);
  wrong.push('The API server does not answer.', 'No socket to Slack is open.');
  expect(await ask('/readyz?verbose')).toEqual([503, 'The API server does not answer.\nNo socket to Slack is open.\n']);
  expect(await ask('/livez')).toEqual([200, 'ok\n']);
  expect(await ask('/')).toEqual([404, 'not found\n']);
  expect(await ask('/livez', 'POST')).toEqual([404, 'not found\n']);
});

it('names a port that is taken', async () => {
  probes = await serveProbes(0, () => []);
  await expect(serveProbes(probes.port, () => [])).rejects.toThrow(/PROBE_PORT \d+ cannot be used \(EADDRINUSE\)/);
  await expect(serveProbes(probes.port, () => [])).rejects.toBeInstanceOf(TerminalError);
});
