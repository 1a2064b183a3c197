import { beforeEach, describe, expect, it } from '@jest/globals';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KubeconfigError } from '#clients/kubernetes/kubeconfig.ts';
import { tokenFileOf } from '#clients/kubernetes/kubeconfig-user.ts';
import { json, refused, useScript } from './script-server.ts';

const script = useScript();
const { signal } = new AbortController();
const path = '/api/v1/namespaces/n/pods/auth-1';
const asked = () => script.requests.map(({ authorization }) => authorization);

beforeEach(() => {
  script.requests.length = 0;
  script.answers = [json(200, {})];
});

describe('a user with tokenFile', () => {
  const write = (token: string) => writeFile(join(script.folder, 'own-token'), token);

  it('is who the file says, beside the kubeconfig, also where an old token stands in it', async () => {
    await write('from-file\n');
    const api = await script.connectAs({ tokenFile: 'own-token', token: 'old' });
    await api.get(path, { signal });
    expect(asked()).toEqual(['Bearer from-file']);
  });

  it('is read anew as it rotates, within a minute and at once after 401', async () => {
    await write('one');
    let nowMs = 1_000;
    const clock = { ...script.clock, monotonic: () => nowMs };
    const api = await script.connectAs({ tokenFile: join(script.folder, 'own-token') }, clock);
    await api.get(path, { signal });
    await write('two');
    nowMs += 60_000;
    await api.get(path, { signal });
    await write('three');
    script.answers = [refused(401, 'Unauthorized'), json(200, {})];
    await api.get(path, { signal });
    expect(asked()).toEqual(['Bearer one', 'Bearer two', 'Bearer two', 'Bearer three']);
  });

  it.each([
    ['is not there', () => rm(join(script.folder, 'own-token'), { force: true })],
    ['is empty', () => write('\n')],
  ])('whose file %s is refused at the start, by its name', async (_story, arrange) => {
    await arrange();
    const connecting = script.connectAs({ tokenFile: 'own-token' });
    await expect(connecting).rejects.toBeInstanceOf(KubeconfigError);
    await expect(connecting).rejects.toThrow(/user "u" has a tokenFile that cannot be used: .*own-token/);
  });

  it.each([
    ['another user', 'users: [{ name: v, user: { tokenFile: /t } }]'],
    ['nobody', 'users: null'],
    ['no user at all', ''],
  ])('is not mistaken for %s', (_story, text) => {
    expect(tokenFileOf(text, '/home/me/.kube/config', 'u')).toBeUndefined();
  });
});

describe('a user with an exec plugin', () => {
  const plugin = (script_: string, more = {}) => ({
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script_], ...more },
  });

  it('is who the plugin says; it is told which version to answer in, keeps its own environment, and is asked again after 401', async () => {
    const seen = join(script.folder, 'seen');
    const text = `require('fs').appendFileSync(process.env.SEEN, process.env.KUBERNETES_EXEC_INFO + '\\n');
      console.log(JSON.stringify({ status: { token: 'from-plugin' } }));`;
    const api = await script.connectAs(plugin(text, { env: [{ name: 'SEEN', value: seen }] }));
    await api.get(path, { signal });
    await api.get(path, { signal });
    script.answers = [refused(401, 'Unauthorized'), json(200, {})];
    await api.get(path, { signal });
    expect(new Set(asked())).toEqual(new Set(['Bearer from-plugin']));
    const told = (await readFile(seen, 'utf8')).trim().split('\n');
    expect(told.map((line) => JSON.parse(line) as unknown)).toEqual(
      Array.from({ length: 2 }, () => ({
        kind: 'ExecCredential',
        apiVersion: 'client.authentication.k8s.io/v1',
        spec: { interactive: false },
      })),
    );
  });

  it('that hangs holds up no request for longer than its time', async () => {
    const go = join(script.folder, 'go');
    const text = `const waiting = setInterval(() => {
      if (!require('fs').existsSync(${JSON.stringify(go)})) return;
      clearInterval(waiting);
      console.log(JSON.stringify({ status: { token: 'late' } }));
    }, 10);`;
    const api = await script.connectAs(plugin(text));
    await expect(api.get(path, { signal, timeoutMs: 50 })).rejects.toThrow('no answer in time');
    expect(asked()).toEqual([]);
    await writeFile(go, '');
    await api.get(path, { signal, timeoutMs: 60_000 });
    expect(asked()).toEqual(['Bearer late']);
  });
});
