/** ROLLBACK COMPLETE, PARTIAL or FAILED: the second message of the channel, which calls the holder. Its status line is edited to the end. */
import { actions, section } from '#blocks/blocks.ts';
import { button } from '#blocks/elements.ts';
import { escape } from '#blocks/escape.ts';
import { utcTime } from '#blocks/time.ts';
import { requests } from '#rollback/inputs.ts';
import type { TargetStatus } from '#rollback/status.ts';
import { ACTION_IDS, encodeButtonValue } from './action-ids.ts';
import { because, drill, hasReturned, mention, name, outcomeWord, planned, pods, title, type Told } from './said.ts';
import type { Slot } from './slot.ts';
import { verificationLine } from './verification.ts';

const missing = ({ status }: Told): TargetStatus[] => status.targets.filter((t) => !hasReturned(status, t));

function returnedTo(rollback: Told, target: TargetStatus): string {
  const service = planned(rollback, target.service);
  const version = escape(service?.to?.version ?? 'not known');
  if (service?.isPrevious !== false || !service.to) return `${escape(target.service)}, ${version}`;
  return `${escape(target.service)}, returned to revision ${service.to.revision} (${version})`;
}

function notReturned(rollback: Told, target: TargetStatus): string {
  const service = planned(rollback, target.service);
  const now = service?.from ? `still ${escape(service.from.version)}` : 'its version is not known';
  const to = service?.to ? `to ${escape(service.to.version)}: ` : '';
  switch (target.state) {
    case 'Refused':
    case 'Cancelled':
      return `${escape(target.service)}, ${now}, not touched${because(target)}`;
    case 'Superseded':
      return `${escape(target.service)}, changed by somebody else${because(target)}`;
    default:
      return `${escape(target.service)}, ${to}${pods(target)}${because(target)}`;
  }
}

function resultLine(rollback: Told): string {
  const { targets } = rollback.status;
  const back = targets.filter((t) => hasReturned(rollback.status, t));
  const gone = missing(rollback)
    .map((t) => notReturned(rollback, t))
    .join('; ');
  const list = back.map((t) => returnedTo(rollback, t)).join('; ');
  if (gone === '') return `All services returned to previous version. (${back.length} of ${targets.length}: ${list})`;
  if (back.length === 0) return `No service returned to its previous version. NOT returned: ${gone}.`;
  return `${back.length} of ${targets.length} services returned to previous version. NOT returned: ${gone}.`;
}

function statusLine(rollback: Told): string {
  const { status, spec } = rollback;
  const who = mention(rollback);
  const gone = missing(rollback)
    .filter(({ state }) => state === 'NotBack')
    .map((t) => escape(t.service));
  const isLeft = requests(spec, 'leave').length > 0;
  switch (status.phase) {
    case 'Monitoring': {
      const back = status.targets.filter((t) => t.state === 'Back').length;
      if (gone.length > 0 && !isLeft) {
        return `Monitoring the ${back} for ${status.plan.monitoringMinutes} minutes. ${gone.join(', ')} needs a person: ${who}`;
      }
      return `Monitoring for ${status.plan.monitoringMinutes} minutes before marking resolved. ${who}`;
    }
    case 'Resolved': {
      const by = requests(spec, 'resolve').at(-1)?.by;
      const at = utcTime(status.endedAt ?? '');
      return by
        ? `Resolved ${at} by ${name(by)}.`
        : `Resolved ${at}, stable for ${status.plan.monitoringMinutes} minutes.`;
    }
    case 'Superseded':
      return status.supersededBy === undefined
        ? 'No longer monitored: another version was deployed since.'
        : `No longer monitored: superseded by rollback ${escape(status.supersededBy)}.`;
    default:
      return `NOT monitoring, needs a person. ${who}`;
  }
}

function buttons(rollback: Told): ReturnType<typeof button>[] {
  const { status, metadata } = rollback;
  if (status.phase === 'Resolved' || status.phase === 'Superseded') return [];
  const gone = missing(rollback);
  const value = encodeButtonValue({ rollback: metadata.name });
  const [one] = gone;
  const ofOne = encodeButtonValue({
    rollback: metadata.name,
    ...(gone.length === 1 && one ? { service: one.service } : {}),
  });
  if (gone.length > 0) {
    const isLeft = requests(rollback.spec, 'leave').length > 0;
    return [
      button({ id: ACTION_IDS.chooseVersion, text: 'Choose another version…', value: ofOne, style: 'primary' }),
      button({
        id: ACTION_IDS.retry,
        text: gone.length === 1 && one ? `Retry ${one.service}…` : 'Retry…',
        value: ofOne,
      }),
      ...(isLeft || status.phase === 'Failed'
        ? []
        : [button({ id: ACTION_IDS.leave, text: 'Leave as it is…', value })]),
      button({ id: ACTION_IDS.showCommands, text: 'Show commands', value }),
    ];
  }
  if (status.phase === 'Verifying') {
    return [
      button({ id: ACTION_IDS.goFurtherBack, text: 'Go further back…', value, style: 'primary' }),
      button({ id: ACTION_IDS.showCommands, text: 'Show commands', value }),
    ];
  }
  return [];
}

/** Once the outcome is known. */
export function outcome(rollback: Told): Slot[] {
  const { status } = rollback;
  if (status.outcomeAt === undefined) return [];
  const word = outcomeWord(status);
  const lines = [
    title(rollback, word),
    resultLine(rollback),
    verificationLine(rollback),
    `Status: ${statusLine(rollback)}`,
  ];
  return [
    {
      key: 'outcome',
      channel: status.plan.environment.channel,
      text: `${drill(rollback)}Rollback ${word} in ${escape(status.plan.environment.name)}. ${resultLine(rollback)} ${verificationLine(rollback)} ${statusLine(rollback)}`,
      blocks: [section(lines.join('\n')), ...actions('outcome', buttons(rollback))],
      urgency: 'outcome',
    },
  ];
}
