/**
 * Who may roll back: ids and user groups of the catalogue, nothing else. Fails closed: what cannot be read is a no that says so. The
 * controller asks the same object again before it touches anything; Slack being down never stops what was accepted, nor the way through
 * kubectl, so there what Slack said last counts.
 */
import type { Catalogue, Environment, WhoMay } from '#catalogue/catalogue.ts';
import type { Refusal } from '#rollback/failure.ts';
import type { Permission } from '#rollback/ports.ts';
import type { Log } from '#rollback/ports.ts';
import type { People, SlackPerson } from './people.ts';

const NOTHING = 'Not started, nothing was touched.';

const OUTSIDERS: Record<NonNullable<SlackPerson['outsider']>, string> = {
  guest: 'Guests of this workspace may not roll back',
  stranger: 'People of other workspaces may not roll back',
  bot: 'Bots may not roll back',
  deactivated: 'This account is deactivated',
};

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** "@oncall-backend", or names and ids when the catalogue says nothing better. No markup: refusals are plain text. */
export function shownWhoMay({ mayRollBack }: Environment, { people }: Pick<Catalogue, 'people'>): string {
  const { shownAs, users, groups } = mayRollBack;
  const names = users.map((id) => people.find(({ slack }) => slack === id)?.name ?? id);
  return shownAs ?? [...groups.map((id) => `user group ${id}`), ...names].join(', ');
}

const refusal = (reason: string, message: string): Refusal => ({ reason, message });

function notAllowed(name: string, who: string): Refusal {
  return refusal('NotAllowed', `${NOTHING} ${capital(name)} may be rolled back by ${who}. Ask one of them.`);
}

/** The Slack id that decides: a kubectl author is looked up by Kubernetes name. */
function slackId(catalogue: Catalogue, person: { id: string; via?: string }): string | undefined {
  if (person.via === undefined || person.via === 'slack') return person.id;
  if (person.via !== 'kubectl') return undefined;
  return catalogue.people.find(({ kubernetes }) => kubernetes === person.id)?.slack;
}

async function isAllowed(people: People, { users, groups }: WhoMay, id: string): Promise<boolean> {
  if (users.includes(id)) return true;
  const answers = await Promise.allSettled(groups.map((group) => people.members(group)));
  if (answers.some((answer) => answer.status === 'fulfilled' && answer.value.has(id))) return true;
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (failed !== undefined) throw failed.reason as Error;
  return false;
}

/** By what Slack said last: enough to let through, never enough to send away, for groups change. */
function wasAllowed({ lastKnown }: People, { users, groups }: WhoMay, id: string): boolean {
  if (lastKnown.person(id)?.outsider !== undefined) return false;
  return users.includes(id) || groups.some((group) => lastKnown.members(group)?.has(id) === true);
}

type Question = Parameters<Permission['mayRollBack']>;

/**
 * Reasons of its refusals: `NotAllowed`, `Outsider`, `UnknownEnvironment`, `UnknownPerson`, and `MembershipUnknown` when Slack did not
 * answer: only that one may change by itself.
 */
export function createPermission(catalogue: Catalogue, people: People, log: Log): Permission {
  /** `instead`: what counts while Slack does not say. */
  async function decide([person, name, signal]: Question, instead: (whoMay: WhoMay, id: string) => boolean) {
    const environment = catalogue.environments[name];
    if (environment === undefined) {
      return refusal('UnknownEnvironment', `${NOTHING} ${name} is not an environment of the catalogue.`);
    }
    const who = shownWhoMay(environment, catalogue);
    const id = slackId(catalogue, person);
    if (id === undefined) {
      const cure = 'Add them under "people" with their Slack id, or ask somebody who is listed';
      return refusal('UnknownPerson', `${NOTHING} The catalogue does not know ${person.id}. ${cure}.`);
    }
    try {
      signal.throwIfAborted();
      const [known, allowed] = await Promise.all([people.find(id), isAllowed(people, environment.mayRollBack, id)]);
      if (known.outsider !== undefined) {
        return refusal('Outsider', `${NOTHING} ${OUTSIDERS[known.outsider]}. Ask ${who}.`);
      }
      return allowed ? undefined : notAllowed(name, who);
    } catch (error) {
      if (instead(environment.mayRollBack, id)) return undefined;
      log.warn('membership could not be read', { environment: name, person: id, error: String(error) });
      const cure = `Try again in a moment, or ask ${who}`;
      return refusal('MembershipUnknown', `${NOTHING} Slack did not say whether you may roll back ${name}. ${cure}.`);
    }
  }
  return {
    mayRollBack: (...question) => decide(question, () => false),
    mayStill: (...question) => decide(question, (whoMay, id) => wasAllowed(people, whoMay, id)),
  };
}
