/** Rows 26 to 35: other systems, the process, the network, and time. */
import { fault, journey, processes, type Row } from '../row.ts';

const later = (number: number, where: string, expected: string, awaits: string): Row => ({
  number,
  where,
  expected,
  faults: [],
  awaits,
});

export const surroundings: readonly Row[] = [
  later(26, 'Jira', 'looked up before a second create', 'tickets in Jira'),
  later(27, 'Jira', 'the rollback is unaffected', 'tickets in Jira'),
  later(28, 'ECR', 'a tag that is there already is success', 'tags in ECR'),
  later(29, 'SQL', 'an SQL step runs once', 'the undoing of migrations'),
  later(30, 'webhooks in', 'replays and forgeries are told', 'alerts that come in by HTTP'),
  {
    number: 31,
    where: 'metrics',
    expected: '"unknown" is not healthy; no automatic verdict',
    faults: [
      fault(
        'the gateway does not answer',
        journey(
          'monitoring-health',
          'when the gateway does not answer, the services behind it are not known, rather than failed',
        ),
      ),
    ],
  },
  {
    number: 32,
    where: 'process',
    expected: 'exits and recovers',
    faults: [
      fault(
        'its heap is exhausted',
        journey(
          'bot-process-starved',
          'its memory runs out: it ends, and the next bot brings to its end what was begun',
        ),
      ),
      fault(
        'out of memory: killed',
        journey(
          'bot-process',
          'killed before the object is created: Slack says so, nothing is left, and a new press works',
        ),
      ),
      fault(
        'event loop blocked for 12 s',
        journey('bot-process', 'its event loop is blocked for 12 s, longer than its lease is believed: done once'),
      ),
      fault('unhandled rejection', journey('bot-process', 'a promise is rejected that nobody waits for: it goes on')),
      fault(
        'ENOSPC under its log',
        journey('bot-process', 'the disk under its log is full: it rolls back all the same'),
      ),
      fault('EMFILE', journey('bot-process', 'no file descriptor is left: it goes on when there are some again')),
      fault(
        'a storm of SIGTERM',
        journey('bot-process', 'many signals to end: it ends in order, and the next bot goes on at once'),
      ),
    ],
  },
  {
    number: 33,
    where: 'rollout',
    expected: 'the same end state',
    faults: [
      fault(
        'a newer bot has written',
        journey('another-version', 'a status that a newer bot wrote is left alone, and that is said'),
        processes(
          'versions',
          'what the newer one began the older one leaves alone, also where it leads, until a newer one leads again',
        ),
      ),
      fault('an older bot has written', processes('versions', 'what the older one began the newer one ends')),
      fault(
        'a definition older and newer than the bot',
        journey(
          'another-version',
          'a definition older than the bot: it is not ready, says what to apply, and begins nothing',
        ),
        journey('another-version', 'the definition is brought up to date, or is newer: the bot goes to work by itself'),
      ),
    ],
  },
  {
    number: 34,
    where: 'network',
    expected: 'the other replica takes over; Slack is told later',
    faults: [
      fault(
        'the leader is cut off from the API server',
        journey(
          'two-replicas',
          'the leader is cut off from the API server: the other goes on with it, and when it is back nothing is doubled',
        ),
      ),
      fault(
        'names cannot be looked up',
        journey(
          'bot-process-starved',
          'the name of the API server is not known any more: its log says so, and it goes on when it is again',
        ),
      ),
      fault(
        'the bot is cut off from Slack',
        journey(
          'slack-faults',
          'Slack is down while it rolls back: it finishes, then Slack catches up with one of each',
        ),
      ),
    ],
  },
  {
    number: 35,
    where: 'liveness',
    expected: 'looked at again by its deadline, and told; never silent',
    faults: [
      fault(
        'nothing moves',
        journey('thread-past-eta', 'pods that never become ready: past the ETA a person is called, in the channel too'),
        journey(
          'not-begun',
          'a cluster that does not answer: after a minute the channel says what is known, then it begins',
        ),
        journey('not-begun', 'a cluster that stays silent: half an hour later it is refused, with a call'),
      ),
    ],
  },
];
