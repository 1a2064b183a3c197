import { describe, expect, it } from '@jest/globals';
import { emptyState, writeMetadata, type FormState } from '#slack/form/form-state.ts';
import { readForm, type InputValue, type SentView } from '#slack/form/read-form.ts';
import { faultsOf, specOf } from '#slack/form/submit.ts';
import { maya } from '#test/harness/builders.ts';

const planned: FormState = {
  ...emptyState(),
  environment: 'production',
  services: ['auth-service'],
  reason: { kind: 'other', text: 'all logins fail' },
  shownTo: '3',
};
const expected = { from: 'hash-v1.4.3', to: 'uid-v1.4.2' };

function sent(inputs: Record<string, InputValue>, state: FormState = planned): SentView {
  const shown = (state.fullSystem ? ['auth-service', 'content-service'] : state.services).map((service) => ({
    service,
    expected,
  }));
  return {
    id: 'V1',
    hash: 'h',
    private_metadata: writeMetadata(state, shown, false) ?? '',
    state: {
      values: Object.fromEntries(Object.entries(inputs).map(([id, value]) => [`${id}:block`, { [id]: value }])),
    },
  };
}
const chosen = (value: string): InputValue => ({ selected_option: { value } });
const several = (...values: string[]): InputValue => ({ selected_options: values.map((value) => ({ value })) });
const asShown = {
  form_environment: chosen('production'),
  form_services: several('auth-service'),
  form_target: chosen('3'),
  form_reason: chosen('health-check'),
  form_reason_text: { value: 'since 02:51' },
};
const read = (inputs: Record<string, InputValue>, state = planned) => readForm(sent({ ...asShown, ...inputs }, state))!;

describe('choices', () => {
  it('that were only shown change nothing', () => {
    expect(read({}).state).toMatchObject({ environment: 'production', services: ['auth-service'], to: {} });
  });
  it('of another version name its revision', () => {
    expect(read({ form_target: chosen('2') }).state.to).toEqual({ 'auth-service': '2' });
  });
  it('of another environment forget version, parent and overrides', () => {
    const parent = { name: 'p', uid: 'u', relation: 'undo' as const };
    const before = { ...planned, to: { 'auth-service': '2' }, override: ['auth-service/same-image'], parent };
    const { state } = read({ form_environment: chosen('staging'), form_target: { selected_option: null } }, before);
    expect(state).toMatchObject({ environment: 'staging', to: {}, override: [] });
    expect(state.parent).toBeUndefined();
  });
  it('of one service fewer keep the versions of the others', () => {
    const before = {
      ...planned,
      services: ['auth-service', 'content-service'],
      to: { 'auth-service': '2', 'content-service': '7' },
    };
    expect(read({}, before).state.to).toEqual({ 'auth-service': '2' });
  });
  it('of “all” take the full system, and a service chosen beside “all” ends it', () => {
    expect(read({ form_services: several('*', 'auth-service') }).state).toMatchObject({
      fullSystem: true,
      services: [],
    });
    const before = { ...planned, services: [], fullSystem: true };
    expect(read({ form_services: several('*', 'auth-service') }, before).state).toMatchObject({
      fullSystem: false,
      services: ['auth-service'],
    });
  });
  it('of a time are kept until “all of them” is chosen', () => {
    const before = { ...planned, services: [], fullSystem: true, since: 1000 };
    expect(read({ form_services: several('*'), form_since: chosen('1000') }, before).state.since).toBe(1000);
    expect(read({ form_services: several('*'), form_since: chosen('ever') }, before).state.since).toBeUndefined();
  });
  it('may be missing from the state: then what the form kept counts', () => {
    expect(readForm(sent({}))?.state).toMatchObject({ environment: 'production', services: ['auth-service'] });
  });
});

describe('pressing', () => {
  it('finds no fault in a form pressed as it was shown', () => {
    expect(faultsOf(read({}))).toEqual({});
  });
  it.each<[string, Record<string, InputValue>, string]>([
    ['no environment', { form_environment: { selected_option: null } }, 'environment'],
    ['no service', { form_services: several() }, 'services'],
    ['another service than planned', { form_services: several('content-service') }, 'services'],
    ['another version than planned', { form_target: chosen('2') }, 'services'],
    ['no reason', { form_reason: { selected_option: null } }, 'reason'],
    ['“other” without words', { form_reason: chosen('other'), form_reason_text: { value: ' ' } }, 'reason_text'],
  ])('with %s is answered at that input', (what, inputs, block) => {
    const { environment: _none, ...nowhere } = planned;
    const { kind: _kind, ...text } = planned.reason;
    const state = what === 'no environment' ? nowhere : what === 'no reason' ? { ...planned, reason: text } : planned;
    expect(Object.keys(faultsOf(read(inputs, state)))).toEqual([block]);
  });
  it('the full system asks for the name of the environment, in any case', () => {
    const all = { ...planned, services: [], fullSystem: true };
    const press = (typed: string) =>
      faultsOf(read({ form_services: several('*'), form_confirm: { value: typed } }, all));
    expect(press('')).toEqual({ 'confirm:production': expect.stringContaining('production') });
    expect(press('staging')).toEqual({ 'confirm:production': expect.stringContaining('production') });
    expect(press(' Production ')).toEqual({});
  });
  it('asks for exactly what was shown', () => {
    expect(specOf(read({}), maya)).toEqual({
      environment: 'production',
      method: 'undo',
      targets: [{ service: 'auth-service', expected }],
      reason: { kind: 'health-check', text: 'since 02:51' },
      requestedBy: { ...maya, via: 'slack' },
    });
  });
});
