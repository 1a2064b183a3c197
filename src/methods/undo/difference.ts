/** What separates two versions of a service: one line in plain words, and the changed lines for Details. Pure; no secret comes out. */
import type { RawTemplate } from '#clients/kubernetes/rows/template-parts.ts';
import { type Leaf, templateLeaves } from './template-lines.ts';
import { mainImage, versionText } from './versions.ts';

const MAX_DETAILS = 3_000;
const MAX_LINE = 200;
const MAX_NAMED = 2;

export interface Difference {
  /** "image v1.4.3 → v1.4.2; 2 env variables changed". */
  line: string;
  /** Changed lines, `-` as it is, `+` as it will be; at most 3,000 characters. */
  details: string;
}

type Change = { path: string; before?: Leaf | undefined; after?: Leaf | undefined };

function changesBetween(from: RawTemplate, to: RawTemplate): Change[] {
  const [before, after] = [templateLeaves(from), templateLeaves(to)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((path) => ({ path, before: before.get(path), after: after.get(path) }))
    .filter((change) => change.before?.same !== change.after?.same);
}

/** Kinds of change in the order people ask for them; what none matches is "other settings". */
const KINDS: { of: RegExp; one: string; many: string }[] = [
  { of: /\.env\[([^\]]*)\]/, one: 'env variable', many: 'env variables' },
  { of: /\.envFrom\[([^\]]*)\]/, one: 'env source', many: 'env sources' },
  { of: /\.(command|args)\[/, one: 'start', many: 'start' },
  { of: /\.(\w+Probe)\./, one: 'probe', many: 'probes' },
  { of: /\.resources\.(\w+\.\w+)/, one: 'resource limit', many: 'resource limits' },
  { of: /^volumes\[([^\]]*)\]|\.volumeMounts\[([^\]]*)\]/, one: 'volume', many: 'volumes' },
  { of: /^labels\.(.+)/, one: 'label', many: 'labels' },
  { of: /^annotations\.(.+)/, one: 'annotation', many: 'annotations' },
];
const RESTARTED = 'annotations.kubectl.kubernetes.io/restartedAt';

function inWords(changes: readonly Change[]): string[] {
  const named = new Map<string, Set<string>>();
  for (const { path } of changes) {
    const kind = KINDS.find(({ of }) => of.test(path));
    const match = kind?.of.exec(path)?.slice(1).find(Boolean);
    const title = kind === undefined ? '' : kind.one;
    named.set(title, (named.get(title) ?? new Set()).add(match ?? path));
  }
  const known = KINDS.flatMap(({ one, many }) => {
    const names = [...(named.get(one) ?? [])];
    if (names.length === 0) return [];
    return [
      names.length <= MAX_NAMED
        ? `${names.length === 1 ? one : many} ${names.join(' and ')} changed`
        : `${names.length} ${many} changed`,
    ];
  });
  const rest = named.get('')?.size ?? 0;
  return rest === 0 ? known : [...known, `${rest} other ${rest === 1 ? 'setting' : 'settings'} changed`];
}

function imagesOf(template: RawTemplate): Record<string, string> {
  return Object.fromEntries((template.spec?.containers ?? []).map((c) => [c.name, c.image ?? '']));
}

/** "v1.4.3 → v1.4.2"; whole images where the tags are equal. */
function arrow(before: string, after: string): string {
  const [old, next] = [versionText(before), versionText(after)];
  return old === next ? `${before} → ${after}` : `${old} → ${next}`;
}

function imageWords(from: RawTemplate, to: RawTemplate, workload: string): string[] {
  const [before, after] = [imagesOf(from), imagesOf(to)];
  const [mainBefore, mainAfter] = [mainImage(before, workload), mainImage(after, workload)];
  const main = Object.keys(after).find((name) => after[name] === mainAfter);
  const words = [
    mainBefore === mainAfter ? `same image ${versionText(mainAfter)}` : `image ${arrow(mainBefore, mainAfter)}`,
  ];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, next] = [before[name], after[name]];
    if (name === main || old === next) continue;
    if (old === undefined) words.push(`container ${name} added`);
    else if (next === undefined) words.push(`container ${name} removed`);
    else words.push(`${name} ${arrow(old, next)}`);
  }
  return words;
}

function lineOf({ path, before, after }: Change): string[] {
  const cut = (text: string): string => (text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text);
  if (before !== undefined && after !== undefined && before.shown === after.shown) {
    return [`~ ${path}: ${after.shown} (another value)`];
  }
  return [
    ...(before === undefined ? [] : [cut(`- ${path}: ${before.shown}`)]),
    ...(after === undefined ? [] : [cut(`+ ${path}: ${after.shown}`)]),
  ];
}

/** As many whole lines as fit; the last says how many do not. */
function withinLimit(lines: readonly string[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const [index, line] of lines.entries()) {
    length += line.length + 1;
    if (length > MAX_DETAILS - 40) return [...kept, `… and ${lines.length - index} more lines`].join('\n');
    kept.push(line);
  }
  return kept.join('\n');
}

/** `workload` tells which container is the main one. */
export function difference(from: RawTemplate, to: RawTemplate, workload: string): Difference {
  const changes = changesBetween(from, to);
  const settings = changes.filter(({ path }) => !/^(?:containers)\[[^\]]*\]\.(image|name)$/.test(path));
  const known = new Set(Object.keys(imagesOf(from)).filter((name) => name in imagesOf(to)));
  // A container that comes or goes is one change, not one for each of its lines.
  const own = settings.filter(({ path }) => {
    const container = /^containers\[([^\]]*)\]/.exec(path)?.[1];
    return container === undefined || known.has(container);
  });
  const isRestart = own.length > 0 && own.every(({ path }) => path === RESTARTED);
  const words = isRestart ? ['only the time of a restart differs'] : inWords(own);
  return {
    line: [...imageWords(from, to, workload), ...words].join('; '),
    details: withinLimit(changes.flatMap(lineOf)),
  };
}
