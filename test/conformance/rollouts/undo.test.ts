/** `kubectl rollout undo`: what it picks, what it keeps, when it refuses. */
import { describe, expect, it } from '@jest/globals';
import { annotations } from '#playground/cluster/objects.ts';
import { usePlane } from '../harness/plane.ts';
import { deployment, tagOf, Workload } from '../harness/workload.ts';

const plane = await usePlane('undo');
const { kubectl, out } = plane;

describe('an undo', () => {
  it('brings back template and annotations of the version, keeps the size, and drops what the version did not have', async () => {
    const web = new Workload(plane, 'whole');
    await web.versions(['v1'], { annotations: { 'kubernetes.io/change-cause': 'first', old: 'yes' } });
    await web.change({
      metadata: {
        annotations: {
          'kubernetes.io/change-cause': 'second',
          old: null,
          extra: '1',
          'argocd.argoproj.io/tracking-id': 'app:x',
          'meta.helm.sh/release-name': 'web',
        },
        labels: { tier: 'front' },
      },
      spec: { replicas: 3, minReadySeconds: 1, template: { metadata: { labels: { extra: 'yes' } } } },
    });
    await web.numbered(2);
    await out('rollout undo deployment/whole');
    const { metadata, spec } = await web.complete(3);
    expect(tagOf({ spec })).toBe('v1');
    expect(spec.template.metadata?.labels).toEqual({ app: 'whole' });
    expect(metadata.annotations).toEqual({
      [annotations.revision]: '3',
      'kubernetes.io/change-cause': 'first',
      old: 'yes',
    });
    expect(metadata.labels).toEqual({ app: 'whole', tier: 'front' });
    expect([spec.replicas, spec.minReadySeconds]).toEqual([3, 1]);
  });

  it('chooses the second largest number, whether or not that version ever ran', async () => {
    const web = new Workload(plane, 'blind');
    await web.versions(['v1']);
    await web.deploy('v2-broken');
    await web.numbered(2);
    await web.deploy('v3-broken');
    await web.numbered(3);
    await out('rollout undo deployment/blind');
    expect(tagOf(await web.numbered(4))).toBe('v2-broken');
  });

  it('of a template that no controller has seen yet goes one version too far back', async () => {
    const web = new Workload(plane, 'unseen');
    await web.versions(['v1', 'v2']);
    // While it is paused no ReplicaSet is made of a new template; a dry run is not refused.
    await out('rollout pause deployment/unseen');
    await web.deploy('v3');
    await web.reason('Progressing', 'DeploymentPaused');
    expect(await out('rollout undo deployment/unseen --dry-run=client')).toMatch(/Image:\s+example\/unseen:v1\n/);
    await out('rollout resume deployment/unseen');
    await web.complete(3);
    expect(await out('rollout undo deployment/unseen --dry-run=client')).toMatch(/Image:\s+example\/unseen:v2\n/);
  });

  it('is shown by the server without being done', async () => {
    const web = new Workload(plane, 'dry');
    await web.versions(['v1', 'v2']);
    expect(await out('rollout undo deployment/dry --dry-run=server')).toBe(
      'deployment.apps/dry rolled back (server dry run)\n',
    );
    expect(tagOf(await web.read())).toBe('v2');
  });

  it('is skipped where the template is the same, and says the number it was asked for', async () => {
    const web = new Workload(plane, 'skipped');
    await web.versions(['v1', 'v2']);
    const { metadata } = await web.read();
    expect(await out('rollout undo deployment/skipped --to-revision=2')).toBe(
      'deployment.apps/skipped skipped rollback (current template already matches revision 2)\n',
    );
    expect((await web.read()).metadata.generation).toBe(metadata.generation);
  });

  it('is refused while paused', async () => {
    const web = new Workload(plane, 'paused');
    await web.versions(['v1', 'v2']);
    await out('rollout pause deployment/paused');
    const { code, err } = await kubectl('rollout undo deployment/paused');
    expect({ code, err }).toEqual({
      code: 1,
      err: "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again\n",
    });
    await out('rollout resume deployment/paused');
    expect(await out('rollout undo deployment/paused')).toBe('deployment.apps/paused rolled back\n');
  });

  it.each([
    ['--to-revision=99', 'unable to find specified revision 99 in history'],
    ['--to-revision=-1', 'unable to find specified revision -1 in history'],
  ])('is refused with %s', async (option, text) => {
    const web = new Workload(plane, `refused${option.replaceAll(/\W/g, '')}`);
    await web.create();
    await web.complete(1);
    expect((await kubectl(`rollout undo deployment/${web.name} ${option}`)).err).toContain(text);
  });

  it('is refused without a version before', async () => {
    const web = new Workload(plane, 'alone');
    await web.create();
    await web.complete(1);
    expect((await kubectl('rollout undo deployment/alone')).err).toContain(
      'no rollout history found for deployment "alone"',
    );
    expect((await kubectl('rollout undo deployment/nobody')).err).toContain('deployments.apps "nobody" not found');
  });

  it('of what was applied leaves the applied configuration as it was, and warns', async () => {
    const web = new Workload(plane, 'applied');
    const apply = (tag: string): Promise<string> =>
      out('apply -f -', JSON.stringify(deployment('applied', { tag, spec: { replicas: 1 } })));
    expect(await apply('v1')).toBe('deployment.apps/applied created\n');
    await web.complete(1);
    expect(await apply('v2')).toBe('deployment.apps/applied configured\n');
    await web.complete(2);
    const { out: text, err } = await kubectl('rollout undo deployment/applied');
    expect(text).toBe('deployment.apps/applied rolled back\n');
    expect(err).toContain("was previously managed with 'kubectl apply'");
    const { metadata } = await web.complete(3);
    expect(metadata.annotations?.[annotations.lastApplied]).toContain('example/applied:v2');
  });

  it('of an applied container or variable that the next apply does not name leaves it behind', async () => {
    const web = new Workload(plane, 'left-behind');
    const env = (...names: string[]): object => ({
      template: {
        metadata: { labels: { app: 'left-behind' } },
        spec: {
          containers: [
            { name: 'main', image: 'example/left-behind:v1', env: names.map((name) => ({ name, value: name })) },
          ],
        },
      },
    });
    const apply = (...names: string[]): Promise<string> =>
      out('apply -f -', JSON.stringify(deployment('left-behind', { spec: env(...names) })));
    await apply('A', 'B');
    await web.complete(1);
    await apply('A');
    await web.complete(2);
    await kubectl('rollout undo deployment/left-behind');
    await web.complete(3);
    await apply('A', 'C');
    const { spec } = await web.complete(4);
    expect(spec.template.spec.containers[0]?.env?.map(({ name }) => name).toSorted()).toEqual(['A', 'B', 'C']);
  });
});

describe('kubectl rollout status', () => {
  it('waits to the end, and says so', async () => {
    const web = new Workload(plane, 'waited');
    await web.create({ spec: { replicas: 2 } });
    expect(await out('rollout status deployment/waited --timeout=60s')).toContain(
      'deployment "waited" successfully rolled out\n',
    );
    await web.complete(1);
    expect((await kubectl('rollout status deployment/waited --revision=7')).err).toContain(
      'desired revision (7) is different from the running revision (1)',
    );
  });

  it('is content with no replicas at all', async () => {
    const web = new Workload(plane, 'empty');
    await web.create({ spec: { replicas: 0 } });
    await web.numbered(1);
    expect(await out('rollout status deployment/empty --timeout=60s')).toContain('successfully rolled out');
  });

  it('tells what it waits for', async () => {
    const web = new Workload(plane, 'hanging');
    await web.versions(['v1'], { spec: { replicas: 2 } });
    await web.deploy('v2-broken');
    const text = await plane.kubectl.follow('rollout status deployment/hanging', (shown) =>
      shown.includes('1 out of 2 new replicas have been updated'),
    );
    expect(text).toContain('Waiting for deployment "hanging" rollout to finish');
  });

  it('does not see that a rollout is paused, and ends when its object does', async () => {
    const web = new Workload(plane, 'ignored');
    await web.versions(['v1'], { spec: { replicas: 2 } });
    await out('rollout pause deployment/ignored');
    await web.deploy('v2');
    await web.reason('Progressing', 'DeploymentPaused');
    let deleting: Promise<void> | undefined;
    await plane.kubectl.follow('rollout status deployment/ignored', (text) => {
      if (text.includes('0 out of 2 new replicas')) deleting ??= web.delete();
      return text.includes('error: object has been deleted');
    });
    await expect(deleting).resolves.toBeUndefined();
  });
});
