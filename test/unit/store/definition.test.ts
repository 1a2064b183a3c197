import { expect, it } from '@jest/globals';
import { STATUS_SCHEMA } from '#rollback/status.ts';
import { problemOf } from '#store/definition.ts';

it.each([
  ['is the bot’s own', String(STATUS_SCHEMA)],
  ['is newer', String(STATUS_SCHEMA + 1)],
])('a definition whose mark %s may be used', (_which, mark) => {
  expect(problemOf(mark)).toBeUndefined();
});

it.each([
  ['is older', String(STATUS_SCHEMA - 1), /older than this bot.*Apply k8s\/crd\.yaml/],
  ['is missing', undefined, /has no schema mark/],
  ['is no number', 'v2', /has no schema mark/],
])('a definition whose mark %s may not', (_which, mark, problem) => {
  expect(problemOf(mark)).toMatch(problem);
});
