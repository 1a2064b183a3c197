/** I10: what must stay in the cluster is nowhere else: not in Slack, not in a log, not in an object of the bot's. */
import type { Scene } from '../world/scene.ts';
import { LOG_CANARY } from '../world/cluster.ts';
import { ENV_CANARY } from '../world/people.ts';
import { HOME } from '../world/setting.ts';

const CANARIES = [LOG_CANARY, ENV_CANARY, 'not-a-real-password', 'not-a-real-secret'];
const OWN = ['rollbacks', 'configmaps', 'leases'];

export function checkSecrets({ slack, lines, cluster, setting }: Scene): string[] {
  const { channel } = setting.catalogue.environments[setting.environment]!;
  const objects = cluster.storage
    .resources()
    .filter(({ plural }) => OWN.includes(plural))
    .flatMap((resource) => cluster.storage.peek(resource, HOME));
  const said: [string, string][] = [
    [
      'Slack',
      slack.core.workspace.messages
        .of(channel)
        .map(({ text, blocks }) => text + JSON.stringify(blocks))
        .join('\n'),
    ],
    ['the log', lines.join('')],
    ['an object of the bot', JSON.stringify(objects)],
  ];
  return said.flatMap(([where, text]) =>
    CANARIES.filter((canary) => text.includes(canary)).map((canary) => `I10 ${canary} is in ${where}`),
  );
}
