/** Where the captured diagnostics are: one reply, with the command to read them. What is missing is named by the timeline. */
import { section } from '#blocks/blocks.ts';
import { escape, preformatted } from '#blocks/escape.ts';
import { drill, type Told } from './said.ts';
import type { Slot } from './slot.ts';

export function evidence(rollback: Told): Slot[] {
  const { status, metadata } = rollback;
  const kept = status.evidence?.configMaps ?? [];
  if (kept.length === 0) return [];
  const names = kept.map(({ name }) => name).join(' ');
  const images = status.plan.services
    .filter(({ from }) => from !== undefined)
    .map(({ service, from }) => `${escape(service)}: \`${escape(from?.image ?? '')}\``);
  const text = `${drill(rollback)}Diagnostics of the broken version are kept in the cluster, for the post-mortem.`;
  return [
    {
      key: 'evidence',
      channel: status.plan.environment.channel,
      thread: 'root',
      text,
      blocks: [
        section([text, ...images.map((image) => `Broken image, ${image}`)].join('\n')),
        section(preformatted(`kubectl get configmap ${names} -n ${metadata.namespace} -o yaml`)),
      ],
      urgency: 'progress',
    },
  ];
}
