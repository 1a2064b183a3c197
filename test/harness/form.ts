/** The form as its reader goes through it: it opens, it reads so, it says what is missing. */
import type { Person, SeenMessage } from '#playground/slack/people/person.ts';
import type { Journey } from './journey.ts';

export type Form = NonNullable<ReturnType<Person['modal']>>;

/** Resolves when the person's form reads so. */
export function formReads(night: Journey, words: RegExp, person: Person = night.maya): Promise<Form> {
  return night.until(`the form reads ${String(words)}`, () => {
    const modal = person.modal();
    return modal && words.test(modal.reads) ? modal : undefined;
  });
}

/** Whether the form goes from what runs now: a bot that has not heard of a deploy yet plans from the version before. */
export function goesFromNow({ world }: Journey, { title, reads }: Form): boolean {
  const seen = world.view(title.split(' ').at(-1));
  const planned = [...reads.matchAll(/\*([a-z-]+)\*: \*(v[\d.]+)\* →/g)];
  return planned.every(([, service, version]) => seen.find(({ name }) => name === service)?.wanted === version);
}

/** Types `/rollback <line>`, again until the form goes from what runs; resolves when it reads so. */
export function opens(night: Journey, line: string, words: RegExp, person: Person = night.maya): Promise<Form> {
  return night.until(`a form of “${line}” goes from what runs`, async () => {
    await person.type('#incidents', `/rollback ${line}`);
    const form = await night.until(`the form of “${line}” reads ${String(words)}`, () => {
      const modal = person.modal();
      return modal && (words.test(modal.reads) || !goesFromNow(night, modal)) ? modal : undefined;
    });
    if (goesFromNow(night, form)) return form;
    await person.close();
    return undefined;
  });
}

/** Types it anew until the form has come to read so: for what the bot has yet to hear of the cluster. The form stays open. */
export function opensOnce(night: Journey, line: string, settled: RegExp, words: RegExp): Promise<Form> {
  return night.until(`a form of “${line}” reads ${String(words)}`, async () => {
    const form = await opens(night, line, settled);
    if (words.test(form.reads)) return form;
    await night.maya.close();
    return undefined;
  });
}

/** The words on the button that starts it; undefined: there is none. */
export function submitLabel({ view }: Pick<Form, 'view'>): string | undefined {
  return (view as { submit?: { text: string } }).submit?.text;
}

/** Whatever stands below the fields in red, as one text. */
export function fieldErrors(person: Person): string {
  return Object.values(person.modal()?.errors ?? {}).join('\n');
}

/** Presses the button that is refused: resolves with the errors below the fields. */
export async function pressedInVain(night: Journey, person: Person = night.maya): Promise<string> {
  await person.submit();
  return await night.until('a field says what is missing', () => fieldErrors(person) || undefined);
}

/** Presses the button, reads the receipt, closes it. */
export async function pressed(night: Journey, person: Person = night.maya): Promise<string> {
  await person.submit();
  const { reads } = await formReads(night, /Started: |Not started|Not confirmed/, person);
  await person.close();
  return reads;
}

/** Everything the bot said in the channels, ephemeral answers left out. */
export function saidByBot({ maya }: Journey): SeenMessage[] {
  return maya.sees().filter((message) => message.user === 'U0BOT' && !message.ephemeral);
}
