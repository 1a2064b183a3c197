/** Who may know whom, as oxlint overrides: one per room, because an override replaces a rule's options whole. */

import manifest from '../package.json' with { type: 'json' };

interface Room {
  /** Rooms it may import as `#room/…`. */
  knows: readonly string[];
  /** Packages it may load. */
  packages?: readonly string[];
  why: string;
}

const node = 'node:';

/** The rooms of src/, each with the reason for its limits. */
export const rooms: Record<string, Room> = {
  rollback: { knows: [], packages: ['zod'], why: 'the vocabulary is pure: it imports zod and nothing else' },
  blocks: { knows: [], packages: ['@slack/types'], why: 'Block Kit builders are pure and know no domain' },
  messages: {
    knows: ['rollback', 'blocks'],
    packages: ['@slack/types', 'zod'],
    why: 'messages are a pure function of the object: no catalogue, no clock, no world',
  },
  catalogue: { knows: ['rollback'], packages: ['zod', 'yaml', node], why: 'the catalogue is data about the company' },
  clients: {
    knows: [],
    packages: ['@kubernetes/client-node', 'undici', 'yaml', 'zod', node],
    why: 'clients speak to one outside system and know no domain',
  },
  methods: {
    knows: ['rollback', 'clients'],
    packages: ['zod', node],
    why: 'a method is a stranger to Slack, phases and other methods',
  },
  preflight: {
    knows: ['rollback', 'clients'],
    packages: ['zod', node],
    why: 'a check looks at facts and knows no plan',
  },
  journal: {
    knows: ['rollback', 'clients'],
    packages: ['zod', node],
    why: 'the journal remembers versions, nothing else',
  },
  capture: { knows: ['rollback', 'clients'], packages: ['zod', node], why: 'capture reads and stores evidence' },
  verification: { knows: ['rollback', 'clients'], packages: ['zod', node], why: 'verification asks whether it worked' },
  planning: {
    knows: ['rollback', 'methods', 'preflight', 'catalogue', 'journal', 'clients'],
    packages: ['zod', node],
    why: 'planning joins methods and preflight; it touches nothing',
  },
  store: {
    knows: ['rollback', 'clients'],
    packages: ['zod', node],
    why: 'the store keeps Rollbacks in the API server',
  },
  controller: {
    knows: ['rollback', 'methods', 'planning', 'capture', 'verification', 'journal', 'store', 'catalogue', 'clients'],
    packages: ['zod', node],
    why: 'the controller never speaks to Slack: what it knows goes into status',
  },
  notify: {
    knows: ['rollback', 'messages', 'blocks', 'store', 'clients'],
    packages: ['@slack/web-api', '@slack/types', 'zod', node],
    why: 'notify makes Slack agree with rendered slots and decides nothing',
  },
  slack: {
    knows: ['rollback', 'blocks', 'messages', 'catalogue'],
    packages: ['@slack/bolt', '@slack/web-api', '@slack/types', 'zod', node],
    why: 'slack/ turns interactions into spec writes through ports; it never imports controller, methods or a client',
  },
};

const everyRoom = [...Object.keys(rooms), 'config', 'main', 'replica', 'playground', 'test'];
const everyPackage = [node, ...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
const escape = (text: string): string => text.replace(/[/\\^$.*+?()[\]{}|-]/g, '\\$&');
/** Rust's regular expressions have no look-ahead, so what is forbidden is listed. */
const anyOf = (names: string[]): string => `(?:${names.map(escape).join('|')})`;

/** oxlint's `no-restricted-imports` options for files of one room; `depth` is the number of folders below src/. */
function restrictions(name: string, room: Room, depth: number): object {
  const rest = `Room "${name}": ${room.why}.`;
  const foreignRooms = everyRoom.filter((r) => r !== name && !room.knows.includes(r));
  const foreignPackages = everyPackage.filter((p) => !room.packages?.includes(p));
  return {
    patterns: [
      { regex: `^(?:\\.\\./){${depth},}`, message: `${rest} Leave the room by #room/… only.` },
      { regex: `^#${anyOf(foreignRooms)}(?:/|$)`, message: rest },
      {
        regex: `^${anyOf(foreignPackages)}(?:/|$)|^node:`.replace(room.packages?.includes(node) ? '|^node:' : '', ''),
        message: `${rest} This package is not for it.`,
      },
    ],
  };
}

export const boundaries = Object.entries(rooms).flatMap(([name, room]) =>
  [1, 2].map((depth) => ({
    files: [depth === 1 ? `src/${name}/*.ts` : `src/${name}/*/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', restrictions(name, room, depth)] as ['error', object] },
  })),
);
