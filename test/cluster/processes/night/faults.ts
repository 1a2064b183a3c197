/** What must hold when a story is over, whatever happened in it. Each fault is one sentence; none is how it should be. */
import type { Message } from '#playground/slack/workspace/messages.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { administrator } from './install.ts';
import type { Member, Night } from './night.ts';
import { faultsOfDeployments, isSettled, type Story } from './story.ts';
import type { Write } from './gateway.ts';

interface Payload {
  rollback: string;
  slot: string;
}

const payloadOf = ({ metadata }: Message): Payload | undefined => metadata?.event_payload as Payload | undefined;

function count(what: string, found: number, wanted: number): string[] {
  return found === wanted ? [] : [`${what}: ${found} in place of ${wanted}`];
}

function doubled(what: string, words: readonly string[]): string[] {
  return [...new Set(words.filter((word, i) => words.indexOf(word) !== i))].map((word) => `${what} twice: ${word}`);
}

function faultsInSlack(night: Night, { metadata }: Rollback): string[] {
  const all = night.slack.core.workspace.messages.of('C0INCIDENT').filter(({ user }) => user === 'U0BOT');
  const own = all.filter((message) => payloadOf(message)?.rollback === metadata.uid);
  const read = night.maya.sees('#incidents').filter(({ ts }) => own.some((message) => message.ts === ts));
  const roots = read.filter(({ threadTs, ts }) => threadTs === undefined || threadTs === ts);
  const replies = read.filter((message) => !roots.includes(message));
  const reading = (words: RegExp): number => roots.filter(({ reads }) => words.test(reads)).length;
  return [
    ...count('messages of the channel', roots.length, 2),
    ...count('ROLLBACK INITIATED', reading(/^\W*ROLLBACK INITIATED/), 1),
    ...count('INITIATED that says it is done', reading(/^\W*ROLLBACK INITIATED[^]*Now: done/), 1),
    ...count('ROLLBACK COMPLETE', reading(/^\W*ROLLBACK COMPLETE/), 1),
    ...count('resolved', reading(/^\W*ROLLBACK COMPLETE[^]*Status: Resolved/), 1),
    ...doubled(
      'slot',
      own.map((message) => payloadOf(message)?.slot ?? 'none'),
    ),
    ...doubled(
      'reply',
      replies.map(({ reads }) => reads),
    ),
  ];
}

function faultsInStatus({ status, spec }: Rollback): string[] {
  const told = (status?.timeline ?? []).map(({ text }) => text);
  return [
    ...(status?.phase === 'Resolved' ? [] : [`it ended as ${status?.phase}: ${status?.message}`]),
    ...count(
      'targets that are back',
      status?.targets.filter(({ state }) => state === 'Back').length ?? 0,
      spec.targets.length,
    ),
    // Of a large one the timeline is cut when it is closed: what is left of it is told once.
    ...doubled(
      'told',
      told.flatMap((text) => /^(?:Started|Outcome|Resolved)\b/.exec(text) ?? []),
    ),
  ];
}

/** Only a leader makes these. */
export function isLeadersOwn({ method, path, body }: Write): boolean {
  if (path.includes('/leases') || path.includes('selfsubjectaccessreviews')) return false;
  const asksFor = path.endsWith('/rollbacks') && method === 'POST';
  // People's inputs go through whoever heard them.
  const adds = /\/rollbacks\/[^/]+$/.test(path) && method === 'PATCH' && !Array.isArray(body);
  return !asksFor && !adds;
}

/** etcd's revision with which each replica came to lead, oldest first. */
function terms(night: Night): { member: Member; from: number }[] {
  const taken = night.members.flatMap((member) =>
    member.gateway.writes
      .filter(({ path, status, answer }) => path.includes('/leases') && status < 300 && answer.spec?.holderIdentity)
      .map(({ revision, answer }) => ({ member, from: revision!, holder: answer.spec!.holderIdentity! })),
  );
  const ordered = taken.toSorted((a, b) => a.from - b.from);
  return ordered.filter(({ holder }, i) => ordered[i - 1]?.holder !== holder);
}

/** I7: writes that the API server took from somebody after another one had come to lead. */
export function lateWrites(night: Night): string[] {
  const all = terms(night);
  return night.members.flatMap((member) =>
    member.gateway.writes
      .filter((write) => write.status < 300 && write.revision !== undefined && isLeadersOwn(write))
      .filter(({ revision }) => all.findLast(({ from }) => from < revision!)?.member !== member)
      .map(({ method, path }) => `${member.replica.name} wrote without leading: ${method} ${path}`),
  );
}

/** Patches of a Deployment that the API server took, by anybody. */
function patchesOf(night: Night, { namespace }: Story): string[] {
  return night.members.flatMap(({ gateway }) =>
    gateway.writes
      .filter(
        ({ method, path, status }) =>
          method === 'PATCH' && status < 300 && path.includes(`/namespaces/${namespace}/deployments/`),
      )
      .map(({ path }) => path.split('/').at(-1)!),
  );
}

export async function faultsAfter(night: Night, story: Story): Promise<string[]> {
  const rollback = await night.rollback(story);
  if (rollback === undefined) return ['there is no Rollback'];
  const api = administrator();
  const deployments = await faultsOfDeployments(api, story, new AbortController().signal);
  await api.close();
  const patched = patchesOf(night, story);
  return [
    ...deployments,
    ...count('patches', patched.length, story.services.length),
    ...doubled('patched', patched),
    ...(isSettled(rollback) ? [] : ['it is not closed']),
    ...faultsInStatus(rollback),
    ...faultsInSlack(night, rollback),
    ...lateWrites(night),
  ].map((fault) => `${story.environment}: ${fault}`);
}
