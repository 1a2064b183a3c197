/**
 * The Web API: one call in, one outcome out. In Slack's order: is Slack there, is the caller limited, is the token good, does it carry
 * the scopes, are the arguments right. Every call is kept in the history.
 */
import type { Core } from './core.ts';
import { methods } from './methods/index.ts';
import type { WebMethod } from './methods/method.ts';
import { Budgets } from './rate-limits.ts';
import { SlackError } from './slack-error.ts';
import { appToken, botToken } from './tokens.ts';

export interface ApiRequest {
  method: string;
  token?: string | undefined;
  args: Record<string, unknown>;
}

type ApiOutcome =
  | { kind: 'answer'; status: number; headers: Record<string, string>; body: Record<string, unknown> }
  /** The connection breaks without an answer. */
  | { kind: 'lost' };

type Result = Exclude<ApiOutcome, { kind: 'lost' }>;

const ok = (body: Record<string, unknown>, headers: Record<string, string> = {}): Result => ({
  kind: 'answer',
  status: 200,
  headers,
  body,
});

function limited(retryAfterSeconds: number): Result {
  const headers = { 'retry-after': String(retryAfterSeconds) };
  return { kind: 'answer', status: 429, headers, body: { ok: false, error: 'ratelimited' } };
}

export class WebApi {
  readonly #core: Core;
  readonly #budgets: Budgets;

  constructor(core: Core) {
    this.#core = core;
    this.#budgets = new Budgets(core.clock);
  }

  async call(request: ApiRequest): Promise<ApiOutcome> {
    const { faults, calls } = this.#core;
    const end = calls.begin(request.method, request.args);
    await faults.waitFor(request.method);
    if (faults.isDown) {
      end({}, true);
      return { kind: 'lost' };
    }
    const outcome = await this.#answer(request);
    const isLost = outcome.body['ok'] === true && faults.takeLostReply(request.method);
    end(outcome.body, isLost);
    return isLost ? { kind: 'lost' } : outcome;
  }

  async #answer({ method: name, token, args }: ApiRequest): Promise<Result> {
    const { faults } = this.#core;
    const status = faults.takeStatus(name);
    if (status !== undefined) return { ...ok({}), status };
    const retryAfterSeconds = faults.takeRateLimit(name);
    if (retryAfterSeconds !== undefined) return limited(retryAfterSeconds);
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    try {
      if (!method) throw new SlackError('unknown_method', { req_method: name });
      this.#authorise(method, token, args);
      const waitSeconds = this.#budgets.take(method.tier, `${name}/${method.budget?.(args) ?? ''}`);
      if (waitSeconds > 0) return limited(waitSeconds);
      const refusal = faults.takeRefusal(name, args);
      if (refusal !== undefined) throw new SlackError(refusal);
      const answer = await method.run(args, this.#core);
      return ok({ ok: true, ...answer }, this.#scopeHeaders(method, args));
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      return ok({ ok: false, error: error.error, ...error.more }, method ? this.#scopeHeaders(method, args) : {});
    }
  }

  #authorise(method: WebMethod, token: string | undefined, args: Record<string, unknown>): void {
    if (method.token === 'none') return;
    if (!token) throw new SlackError('not_authed');
    if (token !== botToken && token !== appToken) throw new SlackError('invalid_auth');
    const { revoked } = this.#core.faults;
    if (revoked) throw new SlackError(revoked);
    if (token !== (method.token === 'app' ? appToken : botToken)) throw new SlackError('not_allowed_token_type');
    const provided = this.#provided();
    const needed = method.scopes(args, this.#core).filter((scope) => !provided.includes(scope));
    if (needed.length > 0) {
      throw new SlackError('missing_scope', { needed: needed.join(','), provided: provided.join(',') });
    }
  }

  #provided(): string[] {
    return this.#core.manifest.oauth_config.scopes.bot;
  }

  #scopeHeaders(method: WebMethod, args: Record<string, unknown>): Record<string, string> {
    return {
      'x-oauth-scopes': this.#provided().join(','),
      'x-accepted-oauth-scopes': method.scopes(args, this.#core).join(','),
    };
  }
}
