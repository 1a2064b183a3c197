/** Where kubectl refuses, or does something that nobody wants, the bot says why, names the workload, and what to do instead. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Bot, bot } from './against-kubectl/bot.ts';
import { side } from './against-kubectl/side.ts';
import { deployment, type DeploymentSketch } from './deployment.ts';
import { usePlane } from './plane.ts';

const plane = usePlane('refusals');
const here = side(plane);
const theBot = bot(here, ['paused', 'fresh', 'bare', 'former', 'absent', 'same', 'skipped']);

beforeAll(() => here.view.start(plane.signal));

async function deployed(name: string, tags: readonly string[], sketch: Partial<DeploymentSketch> = {}): Promise<void> {
  for (const [at, tag] of tags.entries()) {
    const image = `${name}:${tag}`;
    if (at === 0) await here.create(deployment(name, { image, ...sketch }));
    else await here.patch(name, [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }]);
    await here.rest(name);
  }
}

const undo = async (name: string, more = ''): Promise<string> =>
  (await here.kubectl(`rollout undo deployment/${name}${more}`)).text;

type Refused = { message?: string | undefined; command?: string | undefined };
async function refusal(target: Parameters<Bot['plan']>[0]): Promise<Refused> {
  const { planned, steps } = await theBot.plan(target);
  expect(steps).toEqual([]);
  const { message, command } = planned.refused ?? {};
  return { message, command };
}

describe('where kubectl refuses, the bot', () => {
  it('says that a paused Deployment starts no pod, and how to resume it', async () => {
    await deployed('paused', ['v1', 'v2']);
    await here.merge('paused', { spec: { paused: true } });
    await here.rest('paused');
    expect(await undo('paused')).toBe(
      "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
    );
    expect(await refusal({ service: 'paused' })).toEqual({
      message:
        'The Deployment paused is paused, so a rollback would not start any pod. Resume it, then ask again. Resuming also starts whatever was changed while it was paused.',
      command: `kubectl rollout resume deployment/paused -n ${plane.namespace}`,
    });
  });

  it('says that there was never another version', async () => {
    await deployed('fresh', ['v1']);
    expect(await undo('fresh')).toBe('error: no rollout history found for deployment "fresh"');
    expect(await refusal({ service: 'fresh' })).toEqual({
      message:
        'There is nothing to go back to: the cluster keeps no earlier version of fresh. Deploy the earlier image by hand.',
      command: `kubectl set image deployment/fresh main=<earlier image> -n ${plane.namespace}`,
    });
  });

  it('says that the Deployment itself keeps no history', async () => {
    await deployed('bare', ['v1', 'v2'], { revisionHistoryLimit: 0 });
    expect(await undo('bare', ' --to-revision=1')).toBe('error: unable to find specified revision 1 in history');
    expect(await refusal({ service: 'bare', to: '1' })).toMatchObject({
      message:
        'There is nothing to go back to: bare keeps no earlier versions (revisionHistoryLimit is 0). Deploy the earlier image by hand.',
    });
  });

  it('knows the number that a version had before an undo gave it a new one', async () => {
    await deployed('former', ['v1', 'v2', 'v3']);
    await undo('former', ' --to-revision=1');
    await here.rest('former');
    expect(await undo('former', ' --to-revision=1')).toBe('error: unable to find specified revision 1 in history');
    expect(await refusal({ service: 'former', to: '1' })).toEqual({
      message: 'former runs v1 (revision 4) already; there is nothing to change. Choose another version.',
      command: `kubectl rollout history deployment/former -n ${plane.namespace}`,
    });
    const { planned } = await theBot.plan({ service: 'former', to: '2' });
    expect(planned.to).toMatchObject({ version: 'v2', revision: 2 });
    expect(await refusal({ service: 'former', to: '17' })).toMatchObject({
      message:
        'former has no version "17" in the cluster. There are: v1 (revision 4), v3 (revision 3), v2 (revision 2). Choose one of them.',
    });
  });

  it('says where it looked for a Deployment that is not there', async () => {
    expect(await undo('absent')).toMatch(/deployments\.apps "absent" not found$/);
    expect(await refusal({ service: 'absent' })).toEqual({
      message: `There is no Deployment absent in namespace ${plane.namespace}. Check the workload of absent and the namespace of production in the catalogue.`,
      command: `kubectl get deployments -n ${plane.namespace}`,
    });
  });
});

describe('where kubectl does as it is told, the bot', () => {
  it('asks before it starts the same image again', async () => {
    await deployed('same', ['v1']);
    const env = [{ name: 'LEVEL', value: 'debug' }];
    await here.patch('same', [{ op: 'add', path: '/spec/template/spec/containers/0/env', value: env }]);
    await here.rest('same');
    expect(await refusal({ service: 'same' })).toMatchObject({
      message:
        'This would start the same image again (v1). What differs: same image v1; env variable LEVEL changed. Choose an older version, or go anyway if the settings are what broke it.',
    });
    expect((await theBot.plan({ service: 'same', override: ['same-image'] })).steps).toHaveLength(1);
    expect(await undo('same')).toMatch(/rolled back$/);
  });

  it('does not take what kubectl skips in silence for a rollback', async () => {
    await deployed('skipped', ['v1', 'v2']);
    const told = await here.kubectl('rollout undo deployment/skipped --to-revision=2');
    expect(told).toEqual({
      code: 0,
      text: 'deployment.apps/skipped skipped rollback (current template already matches revision 2)',
    });
    expect(await refusal({ service: 'skipped', to: '2' })).toMatchObject({
      message: 'skipped runs v2 (revision 2) already; there is nothing to change. Choose another version.',
    });
  });
});
