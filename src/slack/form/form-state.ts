/**
 * What the form knows: the choices, and of the plan exactly what is needed to do what was shown. It rides in `private_metadata` (Slack
 * brings it back unread and at most 3,000 characters of it), so that any replica serves the next step.
 */
import { z } from 'zod';
import type { Plan } from '#rollback/plan.ts';
import { Parent, ReasonKind, type Expected, type Target } from '#rollback/spec.ts';

export const MAX_METADATA = 3000;

export interface FormState {
  environment?: string;
  services: string[];
  fullSystem: boolean;
  /** Full system cut to services deployed at or after this time (ms). */
  since?: number;
  /** Service → revision or version, where it is not the default target. */
  to: Record<string, string>;
  reason: { kind?: ReasonKind; text?: string };
  /** Overridden blockers as `service/check`. */
  override: string[];
  dryRun: boolean;
  drill: boolean;
  parent?: Parent;
  /** Where it was asked for: ephemeral answers go there. */
  channel?: string;
  /** The typed line as it was read, for showing. */
  readAs?: string;
  /** Name of the target that the form shows, and its versions in words, for reading a choice and for the receipt. */
  shownTo?: string;
  versions?: string;
  /** Raised when inputs must forget what was chosen in them. */
  round: number;
}

/** One service of the plan as it was shown. Blocked ones stay in the rollback, so that its messages name them and say why. */
export interface Shown {
  service: string;
  /** Absent: the service was not found. `to` is empty where there was nothing to go back to. */
  expected?: Expected;
}

export const emptyState = (): FormState => ({
  services: [],
  fullSystem: false,
  to: {},
  reason: {},
  override: [],
  dryRun: false,
  drill: false,
  round: 0,
});

const ShownRow = z.union([z.tuple([z.string()]), z.tuple([z.string(), z.string(), z.string()])]);

/** Short keys: every character counts. */
const Metadata = z.object({
  e: z.string().optional(),
  s: z.array(z.string()).optional(),
  a: z.literal(1).optional(),
  n: z.number().optional(),
  to: z.record(z.string(), z.string()).optional(),
  k: ReasonKind.optional(),
  t: z.string().optional(),
  o: z.array(z.string()).optional(),
  d: z.literal(1).optional(),
  p: z.literal(1).optional(),
  f: Parent.optional(),
  c: z.string().optional(),
  l: z.string().optional(),
  v: z.string().optional(),
  w: z.string().optional(),
  r: z.number(),
  x: z.array(ShownRow).optional(),
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A uid in 22 characters instead of 36; anything that is no UUID stays as it is behind "~". */
export function packUid(uid: string): string {
  return UUID.test(uid) ? Buffer.from(uid.replaceAll('-', ''), 'hex').toString('base64url') : `~${uid}`;
}

export function unpackUid(packed: string): string {
  if (packed.startsWith('~')) return packed.slice(1);
  const hex = Buffer.from(packed, 'base64url').toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** What the person is looking at, from the plan that was rendered. */
export function shownOf(plan: Plan): Shown[] {
  return plan.services.map(({ service, from, to }) =>
    from === undefined ? { service } : { service, expected: { from: from.templateHash, to: to?.replicaSet.uid ?? '' } },
  );
}

const flag = <K extends string>(key: K, on: boolean): { [P in K]?: 1 } => (on ? ({ [key]: 1 } as { [P in K]: 1 }) : {});
type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const present = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;

/** undefined: it does not fit, so what was shown could not be kept; the form must not be submitted. `keepReason`: no input holds it. */
export function writeMetadata(state: FormState, shown: readonly Shown[], keepReason: boolean): string | undefined {
  const write = (text: string | undefined): string =>
    JSON.stringify({
      ...present({ e: state.environment, n: state.since, k: state.reason.kind, t: text }),
      ...present({ f: state.parent, c: state.channel, l: state.readAs?.slice(0, 200) }),
      ...present({ v: state.shownTo, w: state.versions?.slice(0, 200) }),
      // The full system is named by `x`, once.
      ...(state.fullSystem ? {} : { s: state.services }),
      ...flag('a', state.fullSystem),
      ...(Object.keys(state.to).length === 0 ? {} : { to: state.to }),
      ...(state.override.length === 0 ? {} : { o: state.override }),
      ...flag('d', state.dryRun),
      ...flag('p', state.drill),
      r: state.round,
      x: shown.map(({ service, expected }) =>
        expected === undefined ? [service] : [service, expected.from, packUid(expected.to)],
      ),
    } satisfies z.input<typeof Metadata>);
  const bare = write(undefined);
  if (bare.length > MAX_METADATA) return undefined;
  const { text } = state.reason;
  if (!keepReason || text === undefined) return bare;
  for (let length = text.length; length > 0; length = Math.floor(length * 0.8)) {
    const whole = write(text.slice(0, length));
    if (whole.length <= MAX_METADATA) return whole;
  }
  return bare;
}

/** undefined: written by another version, or by nobody we know. */
export function readMetadata(raw: string): { state: FormState; shown: Shown[] } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(raw);
  } catch {
    return undefined;
  }
  const result = Metadata.safeParse(json);
  if (!result.success) return undefined;
  const m = result.data;
  const shown = (m.x ?? []).map(([service, from, to]): Shown =>
    from === undefined || to === undefined ? { service } : { service, expected: { from, to: unpackUid(to) } },
  );
  const state: FormState = {
    ...present({ environment: m.e, since: m.n, parent: m.f, channel: m.c, readAs: m.l }),
    ...present({ shownTo: m.v, versions: m.w }),
    services: m.s ?? [],
    fullSystem: m.a === 1,
    to: m.to ?? {},
    reason: present({ kind: m.k, text: m.t }),
    override: m.o ?? [],
    dryRun: m.d === 1,
    drill: m.p === 1,
    round: m.r,
  };
  return { state, shown };
}

/** Key of a target that was typed before its service was chosen. */
export const ONE = '';

/** The checks of one service that the person overrode. */
export function overriddenChecks(service: string, override: readonly string[]): string[] {
  return override.filter((o) => o.startsWith(`${service}/`)).map((o) => o.slice(service.length + 1));
}

/** What is asked of the planner. */
export function requestedTargets(services: readonly string[], state: Pick<FormState, 'to' | 'override'>): Target[] {
  return services.map((service) => {
    const to = state.to[service] ?? (services.length === 1 ? state.to[ONE] : undefined);
    const override = overriddenChecks(service, state.override);
    return {
      service,
      ...(to === undefined ? {} : { to }),
      ...(override.length === 0 ? {} : { override }),
    };
  });
}

/** The targets of the Rollback: what was shown is what is done. */
export function targetsOf(state: FormState, shown: readonly Shown[]): Target[] {
  const targets = requestedTargets(
    shown.map(({ service }) => service),
    state,
  );
  return targets.map((target, at) => {
    const expected = shown[at]?.expected;
    return { ...target, ...(expected === undefined ? {} : { expected }) };
  });
}

/** The choices that a plan depends on, in one comparable text. */
export function selectionOf(state: FormState): string {
  const { environment, services, fullSystem, since, to, override } = state;
  return JSON.stringify([
    environment,
    fullSystem ? 'all' : services.toSorted(),
    since,
    Object.entries(to).toSorted(),
    override.toSorted(),
  ]);
}
