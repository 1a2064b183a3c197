/** Rows 21 to 25: what Slack loses, refuses and closes. */
import { emulated, everyEffect, fault, journey, type Row, seeds } from '../row.ts';

export const slack: readonly Row[] = [
  {
    number: 21,
    where: 'Slack out',
    expected: 'the thread is read, our message adopted, else posted',
    faults: [
      fault(
        'killed between the post and its record',
        journey('restart-crash-points', 'power cut %s %s %i: patched once, told once'),
        everyEffect,
      ),
    ],
  },
  {
    number: 22,
    where: 'Slack out',
    expected: 'never posted again blindly: looked up first, after a delay',
    faults: [
      fault(
        'the answer is lost',
        journey('slack-faults', 'the answer to a post is lost: nothing stands there twice'),
        seeds,
      ),
    ],
  },
  {
    number: 23,
    where: 'Slack out',
    expected: 'progress is coalesced, the final message never dropped',
    faults: [
      fault(
        '429',
        journey('slack-faults', 'Slack limits every message: pods are back on time, and it catches up once'),
        seeds,
      ),
    ],
  },
  {
    number: 24,
    where: 'Slack out',
    expected: 'the rollback goes on; what was missed is told later',
    faults: [
      fault(
        'a refusal',
        journey(
          'slack-faults',
          'a bot that was removed from the channel rolls back all the same, and tells once it is back',
        ),
        journey('slack-faults', 'a scope that was taken away is named in the log, and keeps nobody from rolling back'),
      ),
      fault(
        'a refusal of what one person is told',
        journey(
          'slack-presses',
          'the answer to a command is refused: it stands in the channel, for that person alone, once',
        ),
        journey(
          'slack-presses',
          'nor may the bot speak there: all are answered directly, once, and what was pressed is recorded once',
        ),
      ),
      fault(
        'a message deleted',
        journey('slack-faults', 'a root that somebody deleted is posted anew, and the thread goes on there'),
      ),
      fault(
        'down',
        journey(
          'slack-faults',
          'Slack is down while it rolls back: it finishes, then Slack catches up with one of each',
        ),
      ),
      fault(
        'checklist or outcome deleted',
        journey('slack-refusals', 'a checklist and an outcome that somebody deletes are posted anew, once'),
      ),
      fault(
        'the token is revoked',
        emulated(
          'playground/bot/bot-and-slack',
          'whose token is revoked while it serves: ends on purpose, and says what a person has to do',
        ),
      ),
    ],
  },
  {
    number: 25,
    where: 'Slack socket',
    expected: 'two live sockets at least; a supervisor opens them again; no command is lost',
    faults: [
      fault(
        'refreshed',
        journey(
          'sockets',
          'both sockets are warned at once: the next two are open before the old ones go, and no command is lost',
        ),
        journey(
          'sockets',
          'both are refreshed in one instant and without a warning: they are back at once, and nobody is left in silence',
        ),
        journey('form-faults', 'sockets that Slack refreshes are back at once'),
      ),
      fault('cut', journey('slack-faults', 'sockets that break while a command comes: it is served')),
      fault(
        'disabled, too many',
        journey(
          'slack-connections',
          '%s while pods are waited for: the connections are back, and the next click is heard',
        ),
      ),
      fault(
        'apps.connections.open fails',
        journey(
          'slack-connections',
          'no new connection for a minute: said where it is asked, tried again, and back by itself',
        ),
        journey('slack-connections', 'all the while the rollback went on, told once'),
      ),
    ],
  },
];
