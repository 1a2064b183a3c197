/** Logs of a container: how much of them, and why there are none. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { podLogs, type PodLogQuery } from '#clients/kubernetes/pod-logs.ts';
import { usePlane } from '../harness/plane.ts';
import { Workload } from '../harness/workload.ts';

const plane = await usePlane('logs');
const { api, namespace, signal, kubectl, out } = plane;
const web = new Workload(plane, 'web');
let pod = '';

const read = (more: Partial<PodLogQuery> = {}): Promise<string | undefined> =>
  podLogs(api, { namespace, pod, container: 'main', tailLines: 1000, ...more }, signal);
const lines = (text: string | undefined): string[] => text?.split('\n').slice(0, -1) ?? [];

beforeAll(async () => {
  await web.create();
  await web.complete();
  pod = (await web.pods())[0]?.metadata.name ?? '';
  await plane.giveLog(pod);
});

describe('a log', () => {
  it('is read whole, line by line', async () => {
    const all = lines(await read());
    expect(all.length).toBeGreaterThanOrEqual(5);
    expect(lines(await out(['logs', pod])).slice(0, 5)).toEqual(all.slice(0, 5));
  });

  it('is read from its end', async () => {
    // The newest line may be newer than the first reading.
    const tail = lines(await read({ tailLines: 3 }));
    expect(tail).toHaveLength(3);
    const all = lines(await read());
    expect(all).toEqual(expect.arrayContaining(tail));
    expect(lines(await out(['logs', pod, '--tail=2']))).toHaveLength(2);
    expect(await read({ tailLines: 0 })).toBe('');
  });

  it('is cut to bytes', async () => {
    const start = await read({ limitBytes: 10 });
    expect(start).toHaveLength(10);
    expect((await read())?.startsWith(start ?? '-')).toBe(true);
  });

  it('has times when asked for', async () => {
    const [first = ''] = lines(await read({ timestamps: true }));
    const [time = '', ...words] = first.split(' ');
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
    expect(words.join(' ')).toBe(lines(await read())[0]);
  });

  it('is that of a pod of the Deployment', async () => {
    const all = lines(await out('logs deployment/web --tail=2'));
    expect(all).toHaveLength(2);
  });
});

describe('no log', () => {
  it('is there of a pod or a container that is not', async () => {
    expect(await read({ pod: 'nobody' })).toBeUndefined();
    expect((await kubectl('logs nobody')).err).toContain('pods "nobody" not found');
    expect(await read({ container: 'nobody' })).toBeUndefined();
    expect((await kubectl(['logs', pod, '-c', 'nobody'])).err).toContain(
      `container nobody is not valid for pod ${pod}`,
    );
  });

  it('is chosen among several containers', async () => {
    const two = new Workload(plane, 'two');
    const { spec } = await new Workload(plane, 'web').read();
    const [main] = spec.template.spec.containers;
    const containers = [main!, { ...main!, name: 'side' }];
    const metadata = { labels: { app: 'two' } };
    await two.create({ spec: { template: { metadata, spec: { ...spec.template.spec, containers } } } });
    await two.complete();
    const name = (await two.pods())[0]?.metadata.name ?? '';
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
    await expect(api.text(path, { signal })).rejects.toMatchObject({ status: 400, reason: 'BadRequest' });
    const { err } = await kubectl(['get', '--raw', path]);
    expect(err).toContain(`a container name must be specified for pod ${name}, choose one of: [main side]`);
  });

  it.each([
    ['tailLines', '-1'],
    ['limitBytes', '0'],
    ['sinceSeconds', '0'],
  ])('is given for %s=%s', async (option, value) => {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log?${option}=${value}`;
    await expect(api.text(path, { signal })).rejects.toMatchObject({ status: 422, reason: 'Invalid' });
  });
});
