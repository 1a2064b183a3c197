/** Names and keys that come out the same when Slack, a person or a replica repeats an interaction. */
import { createHash } from 'node:crypto';

const shortHash = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

/** `<service|all|several>-<hash of the view id>`: pressing twice is the same object. A DNS label of at most 63 characters. */
export function rollbackName(services: readonly string[], fullSystem: boolean, viewId: string): string {
  const [first = 'several'] = services;
  const subject = fullSystem ? 'all' : services.length === 1 ? first : 'several';
  return `${subject.slice(0, 50)}-${shortHash(viewId, 8)}`;
}

/** Key of one entry of `spec.inputs`. */
export function inputKey(...interaction: readonly string[]): string {
  return shortHash(interaction.join('\n'), 16);
}

/** What a person quotes when something failed on our side. */
export function incidentId(seed: string): string {
  return shortHash(seed, 6);
}
