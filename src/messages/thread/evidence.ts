/** What was captured before the patch, where it is kept and what is missing: for the post-mortem. */
import { section, sections } from '#blocks/blocks.ts';
import { code, preformatted } from '#blocks/escape.ts';
import { clause, environment, listed, serviceName, type Told } from '../said.ts';
import type { Slot } from '../slot.ts';
import { reply } from '../slots.ts';

function missingLine(missing: readonly string[]): string[] {
  if (missing.length === 0) return ['Nothing that was asked for is missing.'];
  return [
    `MISSING: ${listed(
      missing.map((what) => clause(what, 200)),
      '; ',
      1500,
    )}.`,
  ];
}

export function evidence(rollback: Told): Slot[] {
  const { status, metadata } = rollback;
  if (status.evidence === undefined) return [];
  const { configMaps, missing } = status.evidence;
  const patched = new Set(status.targets.flatMap((t) => (t.patchedAt === undefined ? [] : [t.service])));
  const images = status.plan.services
    .filter(({ service, from }) => from !== undefined && patched.has(service))
    .map(({ service, from }) => `Broken image of ${serviceName(service)}: ${code(from?.image ?? '')}`);
  const names = configMaps.map(({ name }) => name).join(' ');
  const first =
    names === '' ? 'Nothing was captured before the patch.' : 'Captured before the patch, kept in the cluster.';
  return [
    reply(rollback, {
      key: 'evidence',
      text: `${first.slice(0, -1)}, for the post-mortem of the rollback in ${environment(rollback)}.`,
      blocks: [
        ...sections([first, ...missingLine(missing), ...images]),
        ...(names === ''
          ? []
          : [section(preformatted(`kubectl get configmap ${names} -n ${metadata.namespace} -o yaml`))]),
      ],
      urgency: 'progress',
    }),
  ];
}
