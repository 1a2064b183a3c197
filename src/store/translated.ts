/** What a failure of the API server means to whoever uses the store. Pure. */
import { ApiError, ApiUnreachable } from '#clients/kubernetes/api.ts';
import { TerminalError } from '#rollback/failure.ts';
import { NotFoundError, UnavailableError } from '#rollback/ports.ts';

/** Client errors in the words of the port; 401 is an outdated token and passes. The caller's own abort stays what it is. */
export function translated(error: unknown): unknown {
  if (error instanceof ApiUnreachable) return new UnavailableError(error.message, { cause: error });
  if (!(error instanceof ApiError)) return error;
  if (error.status === 404) return new NotFoundError(error.message, { cause: error });
  if (error.status === 401 || error.status === 429 || error.status >= 500)
    return new UnavailableError(error.message, { cause: error });
  return new TerminalError(error.reason || 'RefusedByServer', error.message, { cause: error });
}
