/** I3: what the channel shows once all is over: one root and one outcome per rollback, no message doubled, each as the object renders it. */
import { render } from '#messages/render.ts';
import type { Message } from '#playground/slack/workspace/messages.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { Scene } from '../world/scene.ts';
import { atItsEnd, type History } from './history.ts';

interface Payload {
  rollback: string;
  slot: string;
}

function ours({ slack, setting }: Scene): Message[] {
  const { channel } = setting.catalogue.environments[setting.environment]!;
  return slack.core.workspace.messages.of(channel).filter(({ user }) => user === slack.core.workspace.app.botUser);
}

function payloadOf({ metadata }: Message): Payload | undefined {
  return metadata?.event_payload as Payload | undefined;
}

/** Without what Slack adds. */
const shown = (blocks: unknown): string =>
  JSON.stringify(blocks, (key, value: unknown) => (key === 'block_id' ? undefined : value));

function checkRollback(rollback: Rollback, messages: readonly Message[]): string[] {
  const { status, metadata } = rollback;
  if (status === undefined) return [];
  const faults: string[] = [];
  const slots = rollback.spec.dryRun ? [] : render(rollback);
  for (const slot of slots) {
    const record = status.slack[slot.key];
    const found = messages.find(({ ts }) => ts === record?.ts);
    if (!found) faults.push(`${slot.key} is not in the channel`);
    else if (found.text !== slot.text) faults.push(`${slot.key} reads "${found.text}" in place of "${slot.text}"`);
    else if (shown(found.blocks) !== shown(slot.blocks)) faults.push(`${slot.key} shows an older state`);
  }
  const [root, outcome] = [status.slack['root']?.ts, status.slack['outcome']?.ts];
  if (root !== undefined && outcome !== undefined && Number(outcome) < Number(root))
    faults.push('ends above its begin');
  for (const message of messages) {
    const slot = payloadOf(message)?.slot ?? '';
    if (status.slack[slot]?.ts !== message.ts)
      faults.push(`${slot} stands in the channel as ${message.ts}, and nobody knows`);
  }
  return faults.map((fault) => `I3 ${metadata.name}: ${fault}`);
}

export function checkMessages(scene: Scene, history: History): string[] {
  const messages = ours(scene);
  const counts = new Map<string, number>();
  const faults: string[] = [];
  for (const message of messages) {
    const payload = payloadOf(message);
    if (payload === undefined) faults.push(`I3 a message without a key: ${message.text}`);
    const key = `${payload?.rollback} ${payload?.slot}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const [key, count] of counts) if (count > 1) faults.push(`I3 ${key}: posted ${count} times`);
  for (const rollback of scene.rollbacks()) {
    const own = messages.filter((m) => payloadOf(m)?.rollback === rollback.metadata.uid);
    faults.push(...checkRollback(atItsEnd(history, rollback), own));
  }
  return faults;
}
