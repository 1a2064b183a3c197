/** What stands in #incidents when a person first opens the workspace: the words of a colleague who hands over. */
import type { EmulatedSlack } from '../slack/server.ts';

const lead = 'U0LEAD';
const channel = 'C0INCIDENT';

const lines = [
  'Quiet day. <@U0ONCALL> is on call from here, <@U0BACKEND> is second.',
  'If a deploy goes wrong: `/rollback` first, questions after. It asks before it touches anything.',
];

export function postOpening(slack: EmulatedSlack): void {
  for (const text of lines) slack.post({ user: lead, channel, text });
}
