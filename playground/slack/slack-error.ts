/** A refusal in Slack's words: becomes `{ ok: false, error, …more }`. */
export class SlackError extends Error {
  override name = 'SlackError';
  readonly error: string;
  readonly more: Record<string, unknown>;

  constructor(error: string, more: Record<string, unknown> = {}) {
    super(error);
    this.error = error;
    this.more = more;
  }
}

/** One broken rule of an argument: what, and where as a JSON pointer ("/blocks/0/text"). */
export interface Problem {
  at: string;
  message: string;
}

/** Refuses with every broken rule, in the two shapes Slack sends. */
export function refuseProblems(error: string, problems: Problem[]): void {
  if (problems.length === 0) return;
  const errors = problems.map(({ at, message }) => `${message} [json-pointer:${at}]`);
  throw new SlackError(error, { errors, response_metadata: { messages: errors.map((line) => `[ERROR] ${line}`) } });
}
