/**
 * The ways in which Slack misbehaves, by name: what a person at the page switches on is what a journey switches on. The words say what
 * happens, to somebody who does not know Slack's protocol. One that ends by itself (the next form, for one minute) is off again by then.
 */
import type { Faults } from './faults.ts';
import type { EmulatedSlack } from './server.ts';
import type { Channel } from './workspace.ts';

interface Trouble {
  label: string;
  detail: string;
  turn(slack: EmulatedSlack, on: boolean): void;
  /** Absent: it happens in an instant. */
  isOn?(slack: EmulatedSlack): boolean;
}

/** Characters of a view: a sentence is taken, a form is not. */
const LARGE = 1500;

const incidents = ({ workspace }: EmulatedSlack): Channel => workspace.channels.get('C0INCIDENT')!;

/** Calls of these methods with blocks are refused with this word. */
const refusesBlocks = (words: Record<string, string>): Pick<Trouble, 'turn' | 'isOn'> => ({
  turn({ faults }, on) {
    for (const word of Object.values(words)) faults.stopRefusing(word);
    if (on)
      for (const [method, word] of Object.entries(words)) faults.refuse(method, word, {}, (args) => 'blocks' in args);
  },
  isOn: ({ faults }) => Object.values(words).some((word) => faults.isRefusing(word)),
});

const refuses = (
  method: string,
  word: string,
  until: { times?: number } = { times: 1 },
): Pick<Trouble, 'turn' | 'isOn'> => ({
  turn({ faults }, on) {
    faults.stopRefusing(word);
    if (on) faults.refuse(method, word, until);
  },
  isOn: ({ faults }) => faults.isRefusing(word),
});

const once = (name: 'acksToLose' | 'doubledClicks'): Pick<Trouble, 'turn' | 'isOn'> => ({
  turn: ({ faults }, on) => void (faults[name] = on ? 1 : 0),
  isOn: ({ faults }) => faults[name] > 0,
});

const copies = (newEnvelopeId: boolean): Pick<Trouble, 'turn' | 'isOn'> => ({
  turn: ({ faults }, on) => faults.duplicateEnvelopes(on ? Infinity : 0, newEnvelopeId),
  isOn: ({ faults: { duplicates } }) => duplicates.left > 0 && duplicates.newEnvelopeId === newEnvelopeId,
});

const atOnce = (act: (faults: Faults) => void): Pick<Trouble, 'turn'> => ({ turn: ({ faults }) => act(faults) });

export const troubles = {
  'ack-lost': {
    label: 'Loses one acknowledgement',
    detail: 'The bot does what was pressed, Slack shows an error; what Slack tells by itself comes again',
    ...once('acksToLose'),
  },
  copies: { label: 'Tells everything twice', detail: 'At once, over two connections', ...copies(false) },
  'renamed-copies': {
    label: 'Tells everything twice, under new ids',
    detail: 'So that the copies do not look like copies',
    ...copies(true),
  },
  'pressed-by-two': {
    label: 'A colleague presses with you',
    detail: 'The same button of the next message, in the same instant',
    ...once('doubledClicks'),
  },
  'reply-lost': {
    label: 'Posts three times without an answer',
    detail: 'The message stands there, the bot never hears of it',
    turn({ faults }, on) {
      faults.stopLosing('chat.postMessage');
      if (on) faults.loseReply('chat.postMessage', 3);
    },
    isOn: ({ faults }) => faults.isLosing('chat.postMessage'),
  },
  'responses-refused': {
    label: 'Takes no answers to commands',
    detail: 'The address that came with a command or a click refuses what the bot says there',
    turn: ({ faults }, on) => void (faults.refuseResponses = on),
    isOn: ({ faults }) => faults.refuseResponses,
  },
  'trigger-expired': {
    label: 'Opens one form too late',
    detail: 'Its three seconds are over',
    ...refuses('views.open', 'expired_trigger_id'),
  },
  'trigger-exchanged': {
    label: 'Says that one form is open already',
    detail: 'Its ticket was used by somebody else',
    ...refuses('views.open', 'exchanged_trigger_id'),
  },
  'slow-views': {
    label: 'Fills forms two seconds late',
    detail: 'Time enough to close one while it loads',
    turn({ faults }, on) {
      faults.stopSlowing('views.update');
      if (on) faults.slowDown('views.update', 2000, {});
    },
    isOn: ({ faults }) => faults.isSlow('views.update'),
  },
  'hash-conflict': {
    label: 'Finds one form changed meanwhile',
    detail: 'The next change of a form is refused once',
    ...refuses('views.update', 'hash_conflict'),
  },
  'view-too-large': {
    label: 'Finds every form too large',
    detail: 'It opens, and only a sentence can stand in it',
    turn({ faults }, on) {
      faults.stopRefusing('view_too_large');
      if (on) faults.refuse('views.update', 'view_too_large', {}, ({ view }) => JSON.stringify(view).length > LARGE);
    },
    isOn: ({ faults }) => faults.isRefusing('view_too_large'),
  },
  'blocks-refused': {
    label: 'Refuses the layout of messages',
    detail: 'Only plain text is taken',
    ...refusesBlocks({ 'chat.postMessage': 'invalid_blocks', 'chat.update': 'invalid_blocks' }),
  },
  'too-long': {
    label: 'Finds every message too long',
    detail: 'Only a sentence is taken',
    ...refusesBlocks({ 'chat.postMessage': 'msg_blocks_too_long', 'chat.update': 'msg_too_long' }),
  },
  'not-in-channel': {
    label: 'The bot was removed from #incidents',
    detail: 'It may not post there until it is invited again',
    turn(slack, on) {
      const { botUser } = slack.workspace.app;
      if (on) incidents(slack).members.delete(botUser);
      else incidents(slack).members.add(botUser);
    },
    isOn: (slack) => !incidents(slack).members.has(slack.workspace.app.botUser),
  },
  archived: {
    label: '#incidents is archived',
    detail: 'Nobody can post there',
    turn(slack, on) {
      incidents(slack).isArchived = on;
    },
    isOn: (slack) => incidents(slack).isArchived,
  },
  'channel-unknown': {
    label: 'Knows no such channel',
    detail: 'As if the catalogue named a wrong one',
    ...refuses('chat.*', 'channel_not_found', {}),
  },
  'no-new-connections': {
    label: 'Takes no new connection for a minute',
    detail: 'And those that there are break',
    turn({ faults }, on) {
      faults.stopFailing('apps.connections.open');
      if (!on) return;
      faults.failHttp('apps.connections.open', 503, { forMs: 60_000 });
      faults.dropSockets();
    },
    isOn: ({ faults }) => faults.isFailing('apps.connections.open'),
  },
  'token-revoked': {
    label: 'Revokes the bot’s token',
    detail: 'The bot ends and says so; mend it and start it again',
    turn: ({ faults }, on) => (on ? faults.revokeToken() : faults.restoreToken()),
    isOn: ({ faults }) => faults.revoked !== undefined,
  },
  down: {
    label: 'Is not there at all',
    detail: 'Nothing is answered, every connection breaks',
    turn: ({ faults }, on) => faults.setDown(on),
    isOn: ({ faults }) => faults.isDown,
  },
  refresh: {
    label: 'Refresh its connections',
    detail: 'As it does every few hours',
    ...atOnce((faults) => faults.refreshSockets()),
  },
  'too-many': {
    label: 'Count too many connections',
    detail: 'All are closed',
    ...atOnce((faults) => faults.tooManySockets()),
  },
  'link-disabled': {
    label: 'Switch the connections off',
    detail: 'As an admin does in the app’s settings',
    ...atOnce((faults) => faults.disableLink()),
  },
  deaf: {
    label: 'Stop hearing its connections',
    detail: 'Nothing the bot says there arrives, not even that it closes them',
    ...atOnce((faults) => faults.stopReading()),
  },
  'old-button': {
    label: 'Post a button of last year’s bot',
    detail: 'Press it and see',
    turn: (slack) =>
      void slack.post({
        user: slack.workspace.app.botUser,
        channel: incidents(slack).id,
        text: 'Rolled back a year ago',
        blocks: [
          { type: 'section', text: { type: 'mrkdwn', text: 'Rolled back a year ago' } },
          {
            type: 'actions',
            elements: [
              {
                type: 'button',
                action_id: 'rollback.of_last_year',
                value: 'x',
                text: { type: 'plain_text', text: 'Old button' },
              },
            ],
          },
        ],
      }),
  },
} as const satisfies Record<string, Trouble>;

export type TroubleName = keyof typeof troubles;

export const troubleNames = Object.keys(troubles) as TroubleName[];

/** Switches one on or off; those that happen in an instant only happen. */
export function turn(slack: EmulatedSlack, name: TroubleName, on = true): void {
  const trouble: Trouble = troubles[name];
  if (on || trouble.isOn) trouble.turn(slack, on);
}

/** As the world panel shows them. */
export function troubleViews(slack: EmulatedSlack) {
  return troubleNames.map((name) => {
    const trouble: Trouble = troubles[name];
    const { label, detail } = trouble;
    return { name, label, detail, ...(trouble.isOn ? { isOn: trouble.isOn(slack) } : {}) };
  });
}
