import { describe, expect, it } from '@jest/globals';
import { apiError, operationOf, unreachable } from '#clients/kubernetes/answer.ts';

const status = (more: object): string =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', ...more });
const cause = (field: string, message: string): object => ({ field, message, reason: 'FieldValueInvalid' });

describe('what is addressed', () => {
  it.each([
    ['PATCH', '/apis/apps/v1/namespaces/n/deployments/auth', 'patch deployments.apps auth'],
    ['GET', '/apis/apps/v1/namespaces/n/deployments?limit=1', 'list deployments.apps'],
    ['GET', '/api/v1/namespaces/n/pods/auth-1/log?container=main', 'get pods/log auth-1'],
    [
      'PATCH',
      '/apis/ops.lomashwood.com/v1alpha1/namespaces/n/rollbacks/r/status',
      'patch rollbacks/status.ops.lomashwood.com r',
    ],
    ['GET', '/api/v1/namespaces/n', 'get namespaces n'],
    [
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      'create selfsubjectaccessreviews.authorization.k8s.io',
    ],
    ['DELETE', '/apis/apps/v1/namespaces/n/deployments/auth', 'delete deployments.apps auth'],
    ['GET', '/version', 'get /version'],
  ])('%s %s is called "%s"', (method, path, expected) => {
    expect(operationOf(method, path)).toBe(expected);
  });
});

describe('a refusal', () => {
  it('keeps reason and message where they name objects only', () => {
    const body = status({ reason: 'NotFound', message: 'deployments.apps "auth" not found' });
    expect(apiError('get deployments.apps auth', 404, body)).toMatchObject({
      status: 404,
      reason: 'NotFound',
      message: 'get deployments.apps auth: deployments.apps "auth" not found',
    });
  });

  it.each([
    [
      'the path and the rule of a field error',
      'spec.replicas',
      'Invalid value: -4: must be greater than 0',
      'spec.replicas: Invalid value: must be greater than 0',
    ],
    [
      'no object in it',
      'spec',
      'Invalid value: {"token":"hunter2: x"}: may only grow',
      'spec: Invalid value: may only grow',
    ],
    [
      'the whole words of a rule of ours, colons and all',
      'spec',
      'Invalid value: "object": may only grow: add {"service":"auth"}: see the runbook',
      'spec: Invalid value: may only grow: add {"service":"auth"}: see the runbook',
    ],
    ['no quotes inside a value', 'env', String.raw`Invalid value: "a\": hunter2": bad`, 'env: Invalid value: bad'],
    ['no value of several lines', 'env', 'Invalid value: "hunter2\nhunter3": bad', 'env: Invalid value: bad'],
    [
      'no unsupported value',
      'spec.type',
      'Unsupported value: "hunter2": supported values: "A", "B"',
      'spec.type: Unsupported value: supported values: "A", "B"',
    ],
    ['no value at its end', 'a', 'Duplicate value: "hunter2"', 'a: Duplicate value'],
  ])('shows %s', (_what, field, text, expected) => {
    const body = status({ reason: 'Invalid', message: `refused: ${text}`, details: { causes: [cause(field, text)] } });
    expect(apiError('patch x', 422, body).message).toBe(`patch x: ${expected}`);
  });

  it('shows nothing of what may quote the object: a failed test has its reason only', () => {
    const body = status({ reason: 'Invalid', message: 'the server rejected hunter2', details: {} });
    expect(apiError('patch x', 422, body).message).toBe('patch x: Invalid');
    expect(apiError('create x', 400, status({ message: 'cannot read {"a":"hunter2"}' })).message).toBe(
      'create x: HTTP 400',
    );
  });

  it('that is no Status is told by its number', () => {
    expect(apiError('get x', 502, '<html>hunter2</html>').message).toBe('get x: HTTP 502');
  });

  it.each([
    ['its header', '7', {}, 7],
    ['its body', undefined, { details: { retryAfterSeconds: 3 } }, 3],
    ['nothing', undefined, {}, undefined],
    ['nothing, for a date in the header', 'Wed, 21 Oct 2026 07:28:00 GMT', {}, undefined],
  ])('knows when to come back by %s', (_where, header, more, expected) => {
    expect(apiError('get x', 429, status(more), header).retryAfterSeconds).toBe(expected);
  });
});

it.each([
  ['connection refused', Object.assign(new Error('connect 10.0.0.1'), { code: 'ECONNREFUSED' })],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', Object.assign(new Error('x'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })],
  ['no answer in time', new DOMException('t', 'TimeoutError')],
  ['no answer', new Error('Authorization: hunter2')],
  ['no answer', 'hunter2'],
])('an outage is told as "%s", with its cause for the log', (text, cause_) => {
  const error = unreachable('get x', cause_);
  expect(error.message).toBe(`get x: ${text}`);
  expect(error.cause).toBe(cause_);
});

describe('a webhook that refuses', () => {
  it('is named, without what it quotes', () => {
    const message = 'admission webhook "policy.example.com" denied the request: env DB_PASSWORD=hunter2 is not allowed';
    const error = apiError('patch deployments.apps auth', 400, status({ message, reason: 'BadRequest', code: 400 }));
    expect(error.message).toBe(
      'patch deployments.apps auth: admission webhook "policy.example.com" denied the request',
    );
  });
});
