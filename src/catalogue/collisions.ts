/** Names that a person could type and that would mean two things. */
import type { Catalogue } from './catalogue.ts';

interface Name {
  name: string;
  of: string;
}

const RESERVED = ['all', 'history', 'status', 'locks', 'help'];

function names(catalogue: Catalogue): Name[] {
  const entry =
    (kind: string) =>
    ([key, { aliases }]: [string, { aliases: string[] }]): Name[] =>
      [key, ...aliases].map((name) => ({ name, of: `${kind} ${key}` }));
  return [
    ...RESERVED.map((name) => ({ name, of: `the word "${name}" of the command` })),
    ...Object.entries(catalogue.environments).flatMap(entry('environment')),
    ...Object.entries(catalogue.services).flatMap(entry('service')),
  ];
}

function sameName(all: readonly Name[]): string[] {
  const owner = new Map<string, string>();
  return all.flatMap(({ name, of }) => {
    const other = owner.get(name);
    owner.set(name, of);
    return other === undefined || other === of ? [] : [`"${name}" means both ${other} and ${of}`];
  });
}

/** A whole name that begins another one's: typing it could mean either, and exact wins, so the longer can never be abbreviated to it. */
function prefixes(catalogue: Catalogue): string[] {
  const keys = Object.entries(catalogue.services).flatMap(([key, { aliases }]) =>
    [key, ...aliases].map((name) => ({ name, key })),
  );
  return keys.flatMap(({ name, key }) =>
    keys
      .filter((other) => other.key !== key && other.name.startsWith(name) && other.name !== name)
      .map((other) => `services.${key}: "${name}" is a prefix of "${other.name}" (services.${other.key}): rename one`),
  );
}

/** One sentence per collision; empty: every name has one meaning. */
export function collisions(catalogue: Catalogue): string[] {
  const { environments, services } = catalogue;
  const gateways = Object.entries(services).filter(([, service]) => service.gateway);
  const empty = [
    ...(Object.keys(environments).length === 0 ? ['environments: at least one is needed'] : []),
    ...(Object.keys(services).length === 0 ? ['services: at least one is needed'] : []),
    ...(gateways.length > 1 ? [`services: more than one gateway: ${gateways.map(([key]) => key).join(', ')}`] : []),
  ];
  const nobody = Object.entries(environments)
    .filter(([, { mayRollBack }]) => mayRollBack.users.length + mayRollBack.groups.length === 0)
    .map(
      ([key]) => `environments.${key}.mayRollBack: expected at least one user or group, otherwise nobody may roll back`,
    );
  const ids = catalogue.checklist.map(({ id }) => id);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `checklist: the id "${id}" stands twice`);
  return [...empty, ...nobody, ...twice, ...sameName(names(catalogue)), ...prefixes(catalogue)];
}
