/** Why a status write was not made. */

/** A newer term has written: whoever meets this must stop all its work. Nothing was changed. */
export class FencedError extends Error {
  override name = 'FencedError';
  constructor(rollback: string, term: { own: number; written: number }) {
    super(`${rollback}: written by term ${term.written}, this is term ${term.own}`);
  }
}

/** The object is not what the writer saw, and it asked for that. Nothing was changed: read again and decide anew. */
export class ConflictError extends Error {
  override name = 'ConflictError';
  constructor(rollback: string) {
    super(`${rollback}: changed since it was read`);
  }
}
