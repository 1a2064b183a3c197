import { beforeEach, describe, expect, it } from '@jest/globals';
import { text } from 'node:stream/consumers';
import { ConflictError } from '#store/fence.ts';
import { createStore } from '#store/store.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Input } from '#rollback/spec.ts';
import type { RollbackStatus } from '#rollback/status.ts';
import { aRollback, aStatus, at } from '#test/harness/builders.ts';
import { type Answer, json, refused, useScript } from '../clients/kubernetes/script-server.ts';

const script = useScript();
const { signal } = new AbortController();
const slot = { channel: 'C1', state: 'sent' as const, at: at('03:04'), ts: '1.2' };
const intent = { channel: 'C1', state: 'intent' as const, at: at('03:04') };

function versioned(version: string, status: Partial<RollbackStatus> = {}): Rollback {
  const rollback = aRollback({ status: aStatus({ epoch: 7, slack: { root: intent }, ...status }) });
  return { ...rollback, metadata: { ...rollback.metadata, resourceVersion: version } };
}

/** What each patch tested, in order, and each answer to it. */
const tested: string[][] = [];
const patched =
  (answer: Answer): Answer =>
  (request, response) => {
    void text(request).then((body) => {
      const operations = JSON.parse(body) as { op: string; path: string }[];
      tested.push(operations.flatMap(({ op, path }) => (op === 'test' ? [path] : [])));
      answer(request, response);
    });
  };

const write = (changed: Partial<RollbackStatus>): Promise<Rollback> =>
  createStore({ api: script.connect(), namespace: 'n', clock: script.clock }).patchStatus(
    versioned('100'),
    changed,
    { epoch: 7 },
    signal,
  );

beforeEach(() => {
  tested.length = 0;
});

describe('a write that finds a newer version, because somebody ticked', () => {
  it('of slots is made upon those slots, whatever is ticked next', async () => {
    script.answers = [
      patched(refused(422)),
      json(200, versioned('101')),
      patched(json(200, versioned('105', { slack: { root: slot } }))),
    ];
    const { status } = await write({ slack: { root: slot, outcome: intent } });
    expect(status?.slack['root']).toEqual(slot);
    expect(tested).toEqual([
      ['/metadata/uid', '/metadata/resourceVersion', '/status/epoch'],
      ['/metadata/uid', '/status/slack/root', '/status/slack/outcome', '/status/epoch'],
    ]);
  });

  it('of slots that somebody else wrote meanwhile is not made', async () => {
    script.answers = [patched(refused(422)), json(200, versioned('101', { slack: { root: slot } }))];
    await expect(write({ slack: { root: { ...slot, ts: '9.9' } } })).rejects.toBeInstanceOf(ConflictError);
    expect(tested).toHaveLength(1);
  });

  it('of anything else is made upon the newer version as a whole', async () => {
    script.answers = [patched(refused(422)), json(200, versioned('101')), patched(json(200, versioned('102')))];
    await write({ message: '1 of 3', slack: { root: slot } });
    expect(tested[1]).toEqual(['/metadata/uid', '/metadata/resourceVersion', '/status/epoch']);
  });
});

describe('an answer that only stands while nobody else was quicker', () => {
  const taken = (by: string): Input => ({
    kind: 'request',
    by: { id: by, name: by },
    at: at('03:05'),
    request: 'take-over',
  });
  const holding = (version: string, by?: string): Rollback => {
    const rollback = versioned(version);
    const metadata = { ...rollback.metadata, generation: Number(version) };
    const inputs = by === undefined ? {} : { inputs: { [by]: taken(by) } };
    return { ...rollback, metadata, spec: { ...rollback.spec, ...inputs } };
  };
  const upon = ['/metadata/uid', '/metadata/generation'];
  const isFree = ({ spec }: Rollback): boolean => spec.inputs === undefined;
  const add = (by: string): Promise<Rollback> =>
    createStore({ api: script.connect(), namespace: 'n', clock: script.clock }).addInput(
      'auth',
      by,
      taken(by),
      signal,
      isFree,
    );

  it('is written upon the very spec that was asked about, and again upon a newer one of which it is still true', async () => {
    script.answers = [
      json(200, holding('100')),
      patched(refused(422)),
      json(200, holding('105')),
      patched(json(200, holding('106', 'tom'))),
    ];
    expect((await add('tom')).spec.inputs).toHaveProperty('tom');
    expect(tested).toEqual([upon, upon]);
  });

  it('is not written where somebody was, and tells who', async () => {
    script.answers = [json(200, holding('100')), patched(refused(422)), json(200, holding('105', 'ines'))];
    expect(Object.keys((await add('tom')).spec.inputs ?? {})).toEqual(['ines']);
    expect(tested).toHaveLength(1);
  });

  it('is there already when the same press comes again', async () => {
    script.answers = [json(200, holding('100', 'tom'))];
    expect(Object.keys((await add('tom')).spec.inputs ?? {})).toEqual(['tom']);
    expect(tested).toEqual([]);
  });

  it('is refused with the server’s word where nothing had changed', async () => {
    script.answers = [json(200, holding('100')), patched(refused(422, 'Invalid')), json(200, holding('100'))];
    await expect(add('tom')).rejects.toMatchObject({ reason: 'Invalid' });
  });
});
