/** What a failure of the API server means to whoever uses the store. Pure. */
import { ApiError, ApiUnreachable } from '#clients/kubernetes/api.ts';
import { TerminalError } from '#rollback/failure.ts';
import { NotFoundError, UnavailableError } from '#rollback/ports.ts';

const PASSING: ReadonlySet<number> = new Set([401, 409, 429]);

/**
 * Client errors in the words of the port. 401 is an outdated token and passes; so does 409 to a patch, which was made too often on an object
 * that changes (seed 50003717). The caller's own abort stays what it is.
 */
export function translated(error: unknown): unknown {
  if (error instanceof ApiUnreachable) return new UnavailableError(error.message, { cause: error });
  if (!(error instanceof ApiError)) return error;
  if (error.status === 404) return new NotFoundError(error.message, { cause: error });
  if (PASSING.has(error.status) || error.status >= 500) return new UnavailableError(error.message, { cause: error });
  return new TerminalError(error.reason || 'RefusedByServer', error.message, { cause: error });
}
