import { describe, expect, it } from '@jest/globals';
import { ApiError, ApiUnreachable } from '#clients/kubernetes/api.ts';
import { TerminalError } from '#rollback/failure.ts';
import { NotFoundError, UnavailableError } from '#rollback/ports.ts';
import { translated } from '#store/translated.ts';

const answered = (status: number, reason: string) =>
  translated(new ApiError({ status, reason, operation: 'patch rollbacks/status a', message: 'no' }));

describe('a failure of the API server', () => {
  it.each([
    [401, 'Unauthorized'],
    [409, 'Conflict'],
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [503, 'ServiceUnavailable'],
  ])('%d passes', (status, reason) => {
    expect(answered(status, reason)).toBeInstanceOf(UnavailableError);
  });

  it('is no answer, or no object', () => {
    expect(translated(new ApiUnreachable('patch rollbacks/status a', 'reset'))).toBeInstanceOf(UnavailableError);
    expect(answered(404, 'NotFound')).toBeInstanceOf(NotFoundError);
  });

  it.each([
    [403, 'Forbidden'],
    [422, 'Invalid'],
    [413, 'RequestEntityTooLarge'],
  ])('%d is a verdict with its reason', (status, reason) => {
    expect(answered(status, reason)).toBeInstanceOf(TerminalError);
    expect(answered(status, reason)).toMatchObject({ reason });
  });

  it("leaves the caller's own abort as it is", () => {
    const abort = new DOMException('enough', 'AbortError');
    expect(translated(abort)).toBe(abort);
  });
});
