import { execFileSync } from 'node:child_process';
import { mkdtempSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rooms } from '../../scripts/boundaries.ts';

const everyone = [...Object.keys(rooms), 'config', 'main', 'playground', 'test'];
let folder = '';
let diagnostics: { filename: string; code: string; help: string }[] = [];

/** One file per broken rule: a foreign room, a foreign package, and leaving the room by a relative path. */
function violations(): { file: string; code: string }[] {
  return Object.entries(rooms).flatMap(([room, { knows, packages }]) => {
    const foreign = everyone.filter((other) => other !== room && !knows.includes(other));
    const rooms_ = foreign.map((other) => ({
      file: `src/${room}/knows-${other}.ts`,
      code: `import '#${other}/x.ts';\n`,
    }));
    const sdk = packages?.includes('@slack/bolt') ? '@kubernetes/client-node' : '@slack/bolt';
    return [
      ...rooms_,
      { file: `src/${room}/loads-a-package.ts`, code: `import '${sdk}';\n` },
      { file: `src/${room}/climbs.ts`, code: `import '../elsewhere/x.ts';\n` },
      { file: `src/${room}/deeper/climbs-far.ts`, code: `import '../../elsewhere/x.ts';\n` },
    ];
  });
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'boundaries-'));
  for (const name of ['oxlint.config.ts', 'package.json', 'scripts', 'tsconfig.json'])
    cpSync(name, path.join(folder, name), { recursive: true });
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  for (const { file, code } of violations()) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), code);
  }
  try {
    execFileSync('oxlint', ['--format=json', 'src'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    ({ diagnostics } = JSON.parse((error as { stdout: string }).stdout) as { diagnostics: typeof diagnostics });
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('import rules', () => {
  it.each(violations())('$file is caught', ({ file }) => {
    const caught = diagnostics.filter((d) => d.filename === file && d.code.includes('no-restricted-imports'));
    expect(caught).toHaveLength(1);
  });

  it('name the room and its reason', () => {
    const { help } = diagnostics.find(
      (d) => d.filename === 'src/rollback/knows-slack.ts' && d.code.includes('restricted'),
    )!;
    expect(help).toBe('Room "rollback": the vocabulary is pure: it imports zod and nothing else.');
  });
});
