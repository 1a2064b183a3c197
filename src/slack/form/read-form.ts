/** The form as the person left it: what the metadata kept, and over it what stands in the inputs. */
import { ReasonKind } from '#rollback/spec.ts';
import { ONE, readMetadata, type FormState, type Shown } from './form-state.ts';
import { ACTION, EVER, EVERY_SERVICE } from './ids.ts';

/** One input's state as Slack sends it; only the fields we use. */
export interface InputValue {
  value?: string | null | undefined;
  selected_option?: { value?: string | undefined } | null | undefined;
  selected_options?: { value?: string | undefined }[] | null | undefined;
}

export interface SentView {
  id: string;
  hash: string;
  private_metadata: string;
  state: { values: Record<string, Record<string, InputValue>> };
}

export interface ReadForm {
  state: FormState;
  /** The choices that the shown plan was made for. */
  planned: FormState;
  shown: Shown[];
  /** What was typed to confirm a full system. */
  confirmation: string;
}

function valuesByAction(view: SentView): Map<string, InputValue> {
  return new Map(Object.values(view.state.values).flatMap((actions) => Object.entries(actions)));
}

const strings = (options: InputValue['selected_options']): string[] =>
  (options ?? []).flatMap(({ value }) => (value === undefined ? [] : [value]));

/** "All" beside others: the one that was added last is what was meant. */
function readServices(chosen: readonly string[], before: FormState): Pick<FormState, 'services' | 'fullSystem'> {
  const services = chosen.filter((value) => value !== EVERY_SERVICE);
  const every = chosen.includes(EVERY_SERVICE);
  if (every && !(before.fullSystem && services.length > 0)) return { services: [], fullSystem: true };
  return { services, fullSystem: false };
}

function readSince(value: string | undefined, before: FormState): number | undefined {
  if (value === undefined) return before.since;
  return value === EVER ? undefined : Number(value);
}

const sameChoice = (a: FormState, b: FormState): boolean =>
  a.environment === b.environment &&
  a.fullSystem === b.fullSystem &&
  a.services.toSorted().join() === b.services.toSorted().join();

/** `changed` and what depends on it: another service has other versions, and another plan other blockers. */
function withDependents(before: FormState, changed: FormState): FormState {
  if (sameChoice(before, changed)) return changed;
  const { since, parent, ...rest } = changed;
  const samePlace = before.environment === changed.environment;
  const stays = ([service]: [string, string]): boolean =>
    service === ONE || changed.fullSystem || changed.services.includes(service);
  return {
    ...rest,
    ...(changed.fullSystem && since !== undefined ? { since } : {}),
    ...(samePlace && parent !== undefined ? { parent } : {}),
    to: samePlace ? Object.fromEntries(Object.entries(changed.to).filter(stays)) : {},
    override: [],
  };
}

/** undefined: the metadata is not ours. */
export function readForm(view: SentView): ReadForm | undefined {
  const kept = readMetadata(view.private_metadata);
  if (kept === undefined) return undefined;
  const { state: planned, shown } = kept;
  const values = valuesByAction(view);
  const selected = (action: string): string | undefined => values.get(action)?.selected_option?.value;
  const chosen = values.get(ACTION.services)?.selected_options;
  const override = values.get(ACTION.override)?.selected_options;
  const environment = selected(ACTION.environment) ?? planned.environment;
  const target = selected(ACTION.target);
  const [only] = shown;
  const isChosen = target !== undefined && target !== planned.shownTo && only !== undefined && shown.length === 1;
  const kind = ReasonKind.safeParse(selected(ACTION.reasonKind));
  const text = values.has(ACTION.reasonText)
    ? (values.get(ACTION.reasonText)?.value ?? '').trim()
    : planned.reason.text;
  const { since: _since, environment: _environment, ...rest } = planned;
  const since = readSince(selected(ACTION.since), planned);
  const state: FormState = {
    ...rest,
    ...(environment === undefined ? {} : { environment }),
    ...(chosen === undefined ? {} : readServices(strings(chosen), planned)),
    ...(since === undefined ? {} : { since }),
    to: isChosen ? { [only.service]: target } : planned.to,
    reason: {
      ...(kind.success ? { kind: kind.data } : planned.reason.kind === undefined ? {} : { kind: planned.reason.kind }),
      ...(text === undefined || text === '' ? {} : { text }),
    },
    override: override === undefined ? planned.override : strings(override),
  };
  const confirmation = values.get(ACTION.confirm)?.value?.trim() ?? '';
  return { state: withDependents(planned, state), planned, shown, confirmation };
}
