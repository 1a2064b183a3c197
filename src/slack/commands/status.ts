/** `/rollback status`: what is running, and how the newest ones ended. */
import { escape } from '#blocks/escape.ts';
import { holder } from '#rollback/inputs.ts';
import type { Rollbacks } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { hasEnded } from '#rollback/status.ts';
import { ago } from '../age.ts';

const RECENT = 5;

/** The thread of a rollback, as a link that opens in any client; empty before it was posted. */
function threadLink({ status }: Rollback): string {
  const root = status?.slack['root'];
  if (root?.ts === undefined) return '';
  return ` in <#${root.channel}>`;
}

/** One line: what, where, how far, who, when. */
export function rollbackLine(rollback: Rollback, now: number): string {
  const { spec, status, metadata } = rollback;
  const services = spec.targets.map(({ service }) => service);
  const what = services.length <= 3 ? services.join(', ') : `${services.length} services`;
  const phase = status?.phase ?? 'Pending';
  const back = status?.targets.filter(({ state }) => state === 'Back').length ?? 0;
  const progress = hasEnded(phase) || status === undefined ? '' : `, ${back} of ${services.length} back`;
  const person = escape(holder(spec).name);
  const drill = spec.drill === true ? 'DRILL — ' : '';
  return `${drill}*${escape(what)}* in ${escape(spec.environment)}: ${phase}${progress}, held by ${person}, started ${ago(metadata.creationTimestamp, now)}${threadLink(rollback)}`;
}

export const isRunning = ({ status }: Rollback): boolean => status === undefined || !hasEnded(status.phase);

export function statusText(rollbacks: Rollbacks, environment: string | undefined, now: number): string {
  const all = rollbacks.list().filter(({ spec }) => environment === undefined || spec.environment === environment);
  const running = all.filter(isRunning);
  const ended = all.filter((rollback) => !isRunning(rollback)).slice(0, RECENT);
  const where = environment === undefined ? '' : ` in ${escape(environment)}`;
  return [
    ...(rollbacks.isFresh() ? [] : [':warning: The API server has not answered for a while: this may be out of date.']),
    running.length === 0 ? `No rollback is running${where}.` : `*Running${where}*`,
    ...running.map((rollback) => `• ${rollbackLine(rollback, now)}`),
    ...(ended.length === 0 ? [] : ['*Before*', ...ended.map((rollback) => `• ${rollbackLine(rollback, now)}`)]),
    ...rollbacks.setAside().map(({ name, message }) => `:warning: ${escape(name)} is left alone. ${escape(message)}`),
  ].join('\n');
}
