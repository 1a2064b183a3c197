import { expect, it } from '@jest/globals';
import { checkedWrites } from '#clients/kubernetes/checked-writes.ts';
import { json, useScript } from './script-server.ts';

const script = useScript();
const { signal } = new AbortController();
const collection = '/api/v1/namespaces/n/configmaps';

it('sends no write when the check throws, however late that is, and reads all the same', async () => {
  script.answers = [json(200, { fine: true })];
  let mayWrite = true;
  const api = checkedWrites(script.connect(), () => {
    if (!mayWrite) throw new RangeError('its time is over');
  });
  await api.create(collection, {}, { signal });
  mayWrite = false;
  const path = `${collection}/a`;
  const writes = [
    () => api.create(collection, {}, { signal }),
    () => api.update(path, {}, { signal }),
    () => api.jsonPatch(path, [], { signal }),
    () => api.mergePatch(path, {}, { signal }),
    () => api.delete(path, { signal }),
  ];
  for (const write of writes) await expect(write()).rejects.toThrow(new RangeError('its time is over'));
  expect(await api.get(path, { signal })).toEqual({ fine: true });
  expect(script.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
});
