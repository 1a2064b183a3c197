/**
 * The ways onward from a rollback are new ones that name their parent: the form, filled in. Nothing is started here, so nobody is refused
 * here: the form itself says who may.
 */
import { decodeButtonValue } from '#messages/action-ids.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Parent } from '#rollback/spec.ts';
import type { Click } from '../click.ts';
import { emptyState, type FormState } from '../form/form-state.ts';
import { planFor, targetName } from '../form/preview.ts';
import { openForm } from '../form/show-form.ts';
import type { Room } from '../room.ts';
import { rollbackOf } from './record.ts';

/** Reason of the refusal to go to a version that the cluster does not have. */
const UNKNOWN_VERSION = 'UnknownVersion';

/** Services of the rollback that did not come back; all of them when every one did. */
function notBack({ spec, status }: Rollback): string[] {
  const missing = (status?.targets ?? []).filter(({ state }) =>
    ['NotBack', 'Refused', 'Unknown', 'Patched'].includes(state),
  );
  const services = missing.length > 0 ? missing : spec.targets;
  return services.map(({ service }) => service);
}

/**
 * What ran before, per service that was patched and not changed by somebody else since. Revision numbers of that time still hold: going
 * back renumbers only the target.
 */
function before({ spec, status }: Rollback): Record<string, string> {
  const patched = new Set(
    (status?.targets ?? [])
      .filter(({ patchedAt, state }) => patchedAt !== undefined && state !== 'Superseded')
      .map((t) => t.service),
  );
  const planned = (status?.plan?.services ?? []).filter(({ service }) => patched.has(service));
  const known = planned.flatMap(({ service, from }) =>
    from === undefined ? [] : [[service, targetName(from)] as const],
  );
  return known.length > 0
    ? Object.fromEntries(known)
    : Object.fromEntries(spec.targets.map((t) => [t.service, t.to ?? '']));
}

const REASONS: Record<Parent['relation'], string> = {
  undo: 'Undo of',
  retry: 'Next try after',
  'further-back': 'Further back than',
};

/** The form's choices for the way onward. `service`: the one named on the button. */
export function onwardState(rollback: Rollback, relation: Parent['relation'], service?: string): FormState {
  const { spec, metadata } = rollback;
  const to = relation === 'undo' ? before(rollback) : {};
  const services = service === undefined ? (relation === 'undo' ? Object.keys(to) : notBack(rollback)) : [service];
  const { kind, text } = spec.reason;
  const why =
    relation === 'undo'
      ? `${REASONS.undo} ${metadata.name}`
      : `${REASONS[relation]} ${metadata.name}${text === undefined ? '' : `: ${text}`}`;
  return {
    ...emptyState(),
    environment: spec.environment,
    services,
    to: Object.fromEntries(Object.entries(to).filter(([name, version]) => version !== '' && services.includes(name))),
    reason: { kind: relation === 'undo' ? 'other' : kind, text: why.slice(0, 3000) },
    drill: spec.drill === true,
    parent: { name: metadata.name, uid: metadata.uid, relation },
  };
}

/** The same once more, for what was not touched: to the version that was asked for then. */
export function retryState(rollback: Rollback, service?: string): FormState {
  const { spec, status } = rollback;
  const untouched = (status?.targets ?? []).filter((t) => t.state !== 'Back' && t.patchedAt === undefined);
  const services = service === undefined ? untouched.map((target) => target.service) : [service];
  const asked = spec.targets.filter((target) => services.includes(target.service));
  const to = asked.flatMap((target) => (target.to === undefined ? [] : [[target.service, target.to]]));
  return { ...onwardState(rollback, 'retry', service), services, to: Object.fromEntries(to) as Record<string, string> };
}

/** The plan of a refused one made anew: the same services, to the versions that were asked for. */
export function newPlanState(rollback: Rollback): FormState {
  const { targets } = rollback.spec;
  const to = targets.flatMap((target) => (target.to === undefined ? [] : [[target.service, target.to]]));
  return {
    ...onwardState(rollback, 'retry'),
    services: targets.map(({ service }) => service),
    to: Object.fromEntries(to) as Record<string, string>,
  };
}

/** Versions that are gone from the cluster are asked for no more: the default stands in for them. */
async function withoutGone(room: Room, state: FormState): Promise<FormState> {
  if (Object.keys(state.to).length === 0) return state;
  const preview = await planFor(room, state).catch(() => undefined);
  const gone = (preview?.plan?.services ?? []).filter(({ refused }) => refused?.reason === UNKNOWN_VERSION);
  const names = new Set(gone.map(({ service }) => service));
  return { ...state, to: Object.fromEntries(Object.entries(state.to).filter(([service]) => !names.has(service))) };
}

function opening(
  stateOf: (rollback: Rollback, service: string | undefined) => FormState,
  complete: (room: Room, state: FormState) => Promise<FormState> = (_room, state) => Promise.resolve(state),
): (room: Room, click: Click) => Promise<void> {
  return async (room, click) => {
    const rollback = await rollbackOf(room, click);
    if (rollback === undefined) return;
    const state = stateOf(rollback, decodeButtonValue(click.value)?.service);
    const { channel } = click;
    const known = { ...state, ...(channel === undefined ? {} : { channel }) };
    await openForm(room, click.triggerId, known, click.person, (opened) => complete(room, opened));
  };
}

export const retryAction = opening(retryState);
export const newPlanAction = opening(newPlanState, withoutGone);

export const onwardAction = (relation: Parent['relation']): ReturnType<typeof opening> =>
  opening((rollback, service) => onwardState(rollback, relation, service));
