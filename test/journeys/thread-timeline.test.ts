import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { SeenMessage } from '#playground/slack/people/person.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, inChannel, openForm, reply, rollbackOf, told, thread, untilReads } from '#test/harness/story.ts';

let night: Journey;
let root: SeenMessage;
beforeAll(async () => {
  night = await startJourney();
  night.cluster.setPodLogs(
    (namespace, pod, wanted) =>
      `${night.world.logs(namespace, pod, wanted)}cannot reach postgres://auth:hunter2@db.internal/auth\nAuthorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtYXlhIn0.c2lnbmF0dXJl\n`,
  );
});
afterAll(() => night.stop());

it('INITIATED tells how far it is while pods are on their way, and where to read on when they are back', async () => {
  const { maya } = night;
  await deploy(night, 'deploy-crash-loop', 'auth-service');
  await openForm(night, 'auth-service production health check failing');
  await maya.submit();
  root = await night.post(/ROLLBACK INITIATED/);
  expect(root.reads).toMatch(/Service\(s\): auth-service \(v1\.4\.3 → v1\.4\.2\)/);
  expect(root.reads).toContain('Started by: Maya Chen');
  expect(root.reads).toContain('ETA: ~10 minutes');
  expect(root.reads).toMatch(/^Now: /m);
  await night.post(/\*ROLLBACK COMPLETE\*/);
  const done = await untilReads(night, root, /Now: done in \d+ s, see ROLLBACK COMPLETE\./);
  expect(done).toContain('Service(s): auth-service (v1.4.3 → v1.4.2)');
  await maya.close();
});

it('the thread is the dated timeline of what happened, in order', async () => {
  await reply(night, root, /Outcome: 1 of 1 returned/);
  await reply(night, root, /Captured before the patch/);
  const lines = thread(night, root).flatMap(({ reads }) => reads.split('\n').filter((line) => line.includes(' · ')));
  for (const line of lines) expect(line).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})? UTC · /);
  const order = [/· Started: auth-service/, /· Rolled back, waiting for pods/, /· Back: auth-service v1\.4\.2, 3 of 3/];
  const places = order.map((words) => lines.findIndex((line) => words.test(line)));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

it('the channel holds two posts of the bot for it, and nothing else', async () => {
  await night.until('the checklist', () => thread(night, root).some(({ reads }) => reads.includes('of 9 answered')));
  expect(inChannel(night).map(({ reads }) => reads.split('\n')[0])).toEqual([
    '*ROLLBACK INITIATED* — production',
    '*ROLLBACK COMPLETE* — production',
  ]);
  expect(thread(night, root).filter(({ broadcast }) => broadcast)).toEqual([]);
});

it('a colleague’s message in the thread becomes part of the timeline, and only by asking', async () => {
  const { maya, tom } = night;
  await tom.type('#incidents', 'Redis was slow from 02:40', root);
  const said = await reply(night, root, /Redis was slow/);
  expect(rollbackOf(night, 'auth-service')?.spec.inputs ?? {}).toEqual({});
  await maya.messageShortcut('Add to the timeline', said);
  await told(night, maya, /in the timeline/);
  const note = await reply(night, root, /· Tom Okafor: Redis was slow from 02:40.* — Maya Chen/);
  expect(note.user).toBe('U0BOT');
});

it('what would have been lost with the broken pods is kept in the cluster, without a secret', async () => {
  const { configMaps } = await night.until(
    'it is kept',
    () => rollbackOf(night, 'auth-service')?.status?.evidence ?? undefined,
  );
  expect(configMaps).toHaveLength(1);
  const stored = night.cluster.storage.get(
    { group: '', version: 'v1', plural: 'configmaps' },
    'rollback-bot',
    configMaps[0]!.name,
  ) as unknown as { data: Record<string, string>; metadata: { ownerReferences: { kind: string }[] } };
  expect(stored.metadata.ownerReferences).toEqual([expect.objectContaining({ kind: 'Rollback' })]);
  const whole = JSON.stringify(stored);
  expect(whole).toContain("Cannot find module './session-store'");
  expect(whole).toContain('cannot reach postgres://');
  expect(whole).not.toMatch(/hunter2|eyJhbGci/);
  expect(Object.keys(stored.data)).toEqual(expect.arrayContaining([expect.stringMatching(/previous/)]));
  expect(JSON.stringify(night.maya.sees())).not.toMatch(/hunter2|eyJhbGci/);
});

it('nothing went wrong behind the scenes', () => {
  expect(night.troubles).toEqual([]);
});
