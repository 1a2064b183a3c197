import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEPLOYMENT, rows, startPerson, type Person } from './kubectl.ts';

let person: Person;

beforeEach(async () => {
  person = await startPerson();
  await person.kubectl('create -f -', DEPLOYMENT);
  await deploy('v2');
});
afterEach(() => person.stop());

async function deploy(version: string): Promise<void> {
  await person.kubectl(`set image deployment/web web=example/web:${version}`);
  await person.kubectl(['annotate', 'deployment/web', `kubernetes.io/change-cause=${version} out`, '--overwrite']);
  await person.kubectl('rollout status deployment/web --timeout=20s');
}

const image = async (): Promise<string> =>
  (await person.kubectl('get deployment web -o jsonpath={.spec.template.spec.containers[0].image}')).out;

/** The controller copies the cause in a later sync. */
async function history(): Promise<string[][]> {
  return rows((await person.kubectl('rollout history deployment/web')).out).slice(2);
}

describe('kubectl rollout', () => {
  it('lists revisions with their causes', async () => {
    expect((await history()).map(([revision]) => revision)).toEqual(['1', '2']);
    expect((await person.kubectl('rollout history deployment/web --revision=1')).out).toContain('example/web:v1');
    expect((await person.kubectl('rollout history deployment/web --revision=7')).err).toContain(
      'unable to find the specified revision',
    );
  });

  it('undoes to the one before, which gets a new number', async () => {
    expect((await person.kubectl('rollout undo deployment/web')).out).toBe('deployment.apps/web rolled back\n');
    expect((await person.kubectl('rollout status deployment/web --timeout=20s')).out).toContain(
      'deployment "web" successfully rolled out',
    );
    expect(await image()).toBe('example/web:v1');
    expect((await history()).map(([revision]) => revision)).toEqual(['2', '3']);
  });

  it('undoes to a given revision, and skips one that runs already', async () => {
    await deploy('v3');
    await person.kubectl('rollout undo deployment/web --to-revision=1');
    expect(await image()).toBe('example/web:v1');
    await person.kubectl('rollout status deployment/web --timeout=20s');
    expect((await person.kubectl('rollout undo deployment/web --to-revision=4')).out).toContain(
      'skipped rollback (current template already matches revision 4)',
    );
    expect((await person.kubectl('rollout undo deployment/web --to-revision=99')).err).toContain(
      'unable to find specified revision 99 in history',
    );
  });

  it('shows an undo on the server without doing it', async () => {
    expect((await person.kubectl('rollout undo deployment/web --dry-run=server')).out).toBe(
      'deployment.apps/web rolled back (server dry run)\n',
    );
    expect(await image()).toBe('example/web:v2');
  });

  it('pauses, refuses to undo then, and resumes', async () => {
    await person.kubectl('rollout pause deployment/web');
    expect((await person.kubectl('rollout undo deployment/web')).err).toContain(
      "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
    );
    await person.kubectl('rollout resume deployment/web');
    expect((await person.kubectl('rollout undo deployment/web')).code).toBe(0);
  });

  it('restarts', async () => {
    expect((await person.kubectl('rollout restart deployment/web')).out).toBe('deployment.apps/web restarted\n');
    expect((await person.kubectl('rollout status deployment/web --timeout=20s')).code).toBe(0);
  });

  it('leaves a version that cannot be pulled', async () => {
    await person.kubectl('set image deployment/web web=example/web:v3-broken');
    const stuck = (text: string): boolean => /ErrImagePull|ImagePullBackOff/.test(text);
    expect(await person.follow('get pods --watch', stuck)).toMatch(/web-\S+\s+0\/1\s+(ErrImagePull|ImagePullBackOff)/);
    await person.kubectl('rollout undo deployment/web');
    expect((await person.kubectl('rollout status deployment/web --timeout=20s')).code).toBe(0);
    expect(await image()).toBe('example/web:v2');
  });
});
