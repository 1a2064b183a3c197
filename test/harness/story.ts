/** What nearly every story tells: a version is deployed, somebody asks for a rollback, the channel and the thread are read. */
import type { DeployAction } from '#playground/scenarios/world.ts';
import type { Person, SeenMessage } from '#playground/slack/people/person.ts';
import { render } from '#messages/render.ts';
import { agrees } from '#notify/pending.ts';
import { slotHash } from '#notify/slot-hash.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { goesFromNow } from './form.ts';
import type { Journey } from './journey.ts';

/** A version goes out as its pipeline would do it; resolves when only its pods are left, ready or not, or one of them crashes again and again. */
export async function deploy(night: Journey, action: DeployAction, service: string): Promise<string> {
  const { version } = night.world.act(action, service);
  await night.until(`${version} of ${service} is out`, () => {
    const seen = night.world.view().find(({ name }) => name === service);
    if (action === 'deploy-crash-loop')
      return seen?.pods.some((pod) => pod.version === version && pod.reason === 'CrashLoopBackOff');
    return seen?.pods.length === seen?.desired && seen?.pods.every((pod) => pod.version === version);
  });
  return version;
}

/** Types the command and waits until the form shows a plan, again until it is one of what runs now. The form stays open. */
export async function openForm(night: Journey, line: string, person: Person = night.maya): Promise<void> {
  await night.until(`the form of "${line}" goes from what runs`, async () => {
    await person.type('#incidents', `/rollback ${line}`);
    const form = await night.until(`the form of "${line}" shows a plan`, () => {
      const modal = person.modal();
      return modal && /Now v\d|→/.test(modal.reads) ? modal : undefined;
    });
    if (goesFromNow(night, form)) return true;
    await person.close();
    return undefined;
  });
}

/** Types, reads, presses, closes the receipt. */
export async function askFor(night: Journey, line: string, person: Person = night.maya): Promise<void> {
  await openForm(night, line, person);
  await person.submit();
  await night.until('a receipt', () => /Started: |Not started|Not confirmed/.test(person.modal()?.reads ?? ''));
  await person.close();
}

/** The same, until INITIATED stands in the channel. */
export async function rollBack(night: Journey, line: string, person: Person = night.maya): Promise<SeenMessage> {
  const before = roots(night).length;
  await askFor(night, line, person);
  return night.until('INITIATED', () => (roots(night).length > before ? roots(night).at(-1) : undefined));
}

function roots(night: Journey): SeenMessage[] {
  return inChannel(night).filter(({ reads }) => reads.includes('ROLLBACK INITIATED'));
}

/** The bot's messages in #incidents that are no replies. */
export function inChannel({ maya }: Journey): SeenMessage[] {
  return maya.sees('#incidents').filter((m) => m.user === 'U0BOT' && m.threadTs === undefined && !m.ephemeral);
}

/** The replies under a message, people's included, oldest first; what only one person sees is left out. */
export function thread({ maya }: Journey, root: SeenMessage): SeenMessage[] {
  return maya.sees(root).filter((m) => !m.ephemeral && m.ts !== root.ts);
}

/** A post of the channel that the bot makes after a wait of its own. */
export function soonPosted(night: Journey, words: RegExp): Promise<SeenMessage> {
  return night.soon(`#incidents reads ${String(words)}`, () => night.maya.message(words, '#incidents'));
}

/** A reply of the thread by its words. */
export function reply(night: Journey, root: SeenMessage, words: RegExp): Promise<SeenMessage> {
  return night.until(`the thread reads ${String(words)}`, () =>
    thread(night, root).findLast((m) => words.test(m.reads)),
  );
}

/** The message as it reads now. */
export function again({ maya }: Journey, { channel, ts }: SeenMessage): string {
  return maya.sees(channel).find((m) => m.ts === ts)?.reads ?? 'gone';
}

/** Resolves when the message reads so. */
export function untilReads(night: Journey, message: SeenMessage, words: RegExp): Promise<string> {
  return night.until(`the message reads ${String(words)}`, () => {
    const reads = again(night, message);
    return words.test(reads) ? reads : undefined;
  });
}

/** Somebody is answered so, for their eyes only. */
export function told(night: Journey, person: Person, words: RegExp): Promise<SeenMessage> {
  return night.until(`${person.id} is told ${String(words)}`, () =>
    person.sees().findLast((m) => m.ephemeral && words.test(m.reads)),
  );
}

/** Types `/rollback <line>` and resolves with what is answered to that, for Maya's eyes only. */
export async function answered(night: Journey, line: string, words: RegExp): Promise<SeenMessage> {
  const { maya } = night;
  const before = new Set(maya.sees('#incidents').map(({ ts }) => ts));
  await maya.type('#incidents', `/rollback ${line}`);
  return night.until(`“${line}” is answered ${String(words)}`, () =>
    maya.sees('#incidents').find((m) => m.ephemeral && !before.has(m.ts) && words.test(m.reads)),
  );
}

/** As `untilReads`, for what comes after a wait of the bot's own. */
export function soonReads(night: Journey, message: SeenMessage, words: RegExp): Promise<string> {
  return night.soon(`the message reads ${String(words)}`, () => {
    const reads = again(night, message);
    return words.test(reads) ? reads : undefined;
  });
}

/** As `reply`, for what comes after a wait of the bot's own. */
export function soonReplied(night: Journey, root: SeenMessage, words: RegExp): Promise<SeenMessage> {
  return night.soon(`the thread reads ${String(words)}`, () =>
    thread(night, root).findLast((m) => words.test(m.reads)),
  );
}

/** Everything there is to say of the newest rollback of a service stands in Slack, and the bot has written down that it does. */
export function untilTold(night: Journey, service: string): Promise<Rollback> {
  return night.until(`all of ${service} is told`, () => {
    const rollback = rollbackOf(night, service);
    const slots = rollback?.status && render(rollback);
    return slots && agrees(slots, rollback.status?.slack ?? {}, slotHash) ? rollback : undefined;
  });
}

/** Rollbacks of a service, oldest first. */
export function rollbacksOf({ rollbacks }: Journey, service: string): Rollback[] {
  return rollbacks().filter(({ spec }) => spec.targets.some((target) => target.service === service));
}

export function rollbackOf(night: Journey, service: string): Rollback | undefined {
  return rollbacksOf(night, service).at(-1);
}

/** `index`: of several rollbacks of the service; the newest by default. */
export function untilPhase(night: Journey, service: string, phase: string, index = -1): Promise<Rollback> {
  return night.until(`${service} is ${phase}`, () => {
    const rollback = rollbacksOf(night, service).at(index);
    return rollback?.status?.phase === phase ? rollback : undefined;
  });
}
