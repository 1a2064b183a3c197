/**
 * `npm test`: lint, types and the tests that need nothing but this machine, side by side. What linting and types have to say comes at the
 * end; ends with 1 when one of them fails. Arguments go to jest.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const npm = (words: string[], output: 'pipe' | 'inherit') =>
  spawn('npm', ['run', '--silent', ...words], { stdio: ['ignore', output, output] });

/** Whether it found nothing, and what it said. */
async function check(script: string): Promise<{ script: string; isClean: boolean; said: string }> {
  const child = npm([script], 'pipe');
  const [[code], ...said] = await Promise.all([once(child, 'close'), text(child.stdout!), text(child.stderr!)]);
  return { script, isClean: code === 0, said: said.join('') };
}

const PROJECTS = ['unit', 'contracts', 'playground', 'journeys', 'seeds'];

const checks = ['lint', 'types'].map(check);
const jest = npm(
  [
    'jest',
    '--',
    '--selectProjects',
    ...PROJECTS,
    '--reporters=default',
    '--reporters=./scripts/fault-matrix-reporter.mjs',
    '--maxWorkers=4',
    ...process.argv.slice(2),
  ],
  'inherit',
);
const [code] = await once(jest, 'close');
let hasPassed = code === 0;
for (const { script, isClean, said } of await Promise.all(checks)) {
  console.log(`${script}: ${isClean ? 'clean' : 'FAILED'}${said.trim() === '' ? '' : `\n${said.trim()}`}`);
  hasPassed &&= isClean;
}
process.exitCode = hasPassed ? 0 : 1;
