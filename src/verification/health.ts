/**
 * Health over HTTP, of every service of an environment: the runbook's first manual check asks for all. Three tries each. All health
 * paths pass through the gateway, so when that fails the others are "unknown: gateway" rather than failed; a path that never answered
 * well before is "unknown: check the catalogue"; a connection that the bot could not make says nothing about the service.
 */
import type { HttpAnswer, HttpReader } from '#clients/http/http-reader.ts';
import type { Clock } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { HealthResult } from '#rollback/status.ts';
import type { Outcome } from './check.ts';

const PAUSE_MS = 300;

interface HealthSubject {
  service: string;
  healthPath?: string;
  /** All other services' health paths pass through this one. */
  gateway: boolean;
}

export interface HealthQuestion {
  environment: string;
  /** Health paths are appended to it; absent: nothing can be asked. */
  baseUrl?: string;
  services: readonly HealthSubject[];
  /** Per path; the first good answer ends it. */
  tries: number;
  /** Services whose path answered well at some time before. */
  answeredBefore: ReadonlySet<string>;
}

const isGood = (answer: HttpAnswer): boolean =>
  answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;

function words(answer: HttpAnswer): string {
  return answer.kind === 'answered' ? `answered ${answer.status}` : answer.why;
}

/** What the tries of one path mean, the last one being good or all of them bad. Pure. */
export function judge(path: string, answers: readonly HttpAnswer[], hasAnsweredBefore: boolean): Outcome {
  const last = answers.at(-1);
  if (last === undefined) return { result: 'unknown', evidence: 'not asked' };
  if (last.kind === 'answered' && isGood(last)) {
    return { result: 'pass', evidence: `GET ${path} answered ${last.status} in ${last.durationMs} ms` };
  }
  const tries = answers.length > 1 ? `, ${answers.length} of ${answers.length} tries` : '';
  const said = `GET ${path} ${[...new Set(answers.map(words))].join(', then ')}${tries}`;
  if (last.kind === 'not-reached') {
    // Without the path, so that the same trouble of nine services is told once.
    return { result: 'unknown', evidence: `unknown: the bot got no connection (${last.why})` };
  }
  // 3xx and 4xx on a path that never answered well: the path is wrong, not the service. 5xx and silence are the service's own.
  const isPathInDoubt = last.kind === 'answered' && last.status < 500 && !hasAnsweredBefore;
  if (isPathInDoubt)
    return { result: 'unknown', evidence: `unknown: check the catalogue. ${said}, and never answered 200 before` };
  return { result: 'fail', evidence: said };
}

/** When the gateway fails, what did not answer well through it is unknown. Pure. */
export function throughGateway(results: readonly HealthResult[], gateways: ReadonlySet<string>): HealthResult[] {
  const isDown = results.some((r) => gateways.has(r.service) && r.result === 'fail');
  if (!isDown) return [...results];
  return results.map((r) =>
    r.result === 'fail' && !gateways.has(r.service) ? { ...r, result: 'unknown', evidence: 'unknown: gateway' } : r,
  );
}

export interface HealthParts {
  http: Pick<HttpReader, 'get'>;
  clock: Pick<Clock, 'sleep'>;
}

/** Never rejects but for the caller's own abort. All services at once. */
export async function verifyHealth(
  { http, clock }: HealthParts,
  { environment, baseUrl, services, tries, answeredBefore }: HealthQuestion,
  signal: AbortSignal,
): Promise<HealthResult[]> {
  const base = baseUrl?.replace(/\/+$/, '');

  async function ask(url: string): Promise<HttpAnswer[]> {
    const answers: HttpAnswer[] = [];
    while (answers.length < Math.max(tries, 1)) {
      if (answers.length > 0) await clock.sleep(PAUSE_MS, signal);
      const answer = await http.get(url, signal);
      answers.push(answer);
      if (isGood(answer)) break;
    }
    return answers;
  }

  async function one({ service, healthPath }: HealthSubject): Promise<HealthResult> {
    if (base === undefined)
      return { service, result: 'unknown', evidence: `unknown: no base URL for ${environment} in the catalogue` };
    if (healthPath === undefined)
      return { service, result: 'unknown', evidence: 'unknown: no health path in the catalogue' };
    return { service, ...judge(healthPath, await ask(base + healthPath), answeredBefore.has(service)) };
  }

  const gateways = new Set(services.filter((s) => s.gateway).map((s) => s.service));
  return throughGateway(await Promise.all(services.map(one)), gateways);
}

/** Services of an environment whose path passed in any rollback on record. Pure. */
export function servicesThatAnswered(rollbacks: readonly Rollback[], environment: string): Set<string> {
  const all = rollbacks
    .filter((r) => r.spec.environment === environment)
    .flatMap((r) => [...(r.status?.before?.health ?? []), ...(r.status?.verification?.health ?? [])]);
  return new Set(all.filter((h) => h.result === 'pass').map((h) => h.service));
}

export interface HealthOptions extends HealthParts {
  /** The catalogue's view of an environment. */
  environment(name: string): { baseUrl?: string; services: readonly HealthSubject[] };
  rollbacks: { list(): Rollback[] };
}

/** Health of every service of a rollback's environment, as the controller asks for it; `tries` per path. */
export function createHealth(options: HealthOptions) {
  /** Remembered for the life of this process, beside what rollbacks hold. */
  const seen = new Map<string, Set<string>>();

  return async (rollback: Rollback, tries: number, signal: AbortSignal): Promise<HealthResult[]> => {
    const { environment } = rollback.spec;
    const known = seen.get(environment) ?? new Set<string>();
    seen.set(environment, known);
    const before = new Set([...known, ...servicesThatAnswered([...options.rollbacks.list(), rollback], environment)]);
    const question = { environment, ...options.environment(environment), tries, answeredBefore: before };
    const results = await verifyHealth(options, question, signal);
    for (const r of results) if (r.result === 'pass') known.add(r.service);
    return results;
  };
}
