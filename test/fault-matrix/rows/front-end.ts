/** Rows 1 to 6: from the press to the object. */
import { everyEffect, fault, journey, type Row, seeds } from '../row.ts';

export const frontEnd: readonly Row[] = [
  {
    number: 1,
    where: 'front end',
    expected: 'Slack shows the failure, a new click works, nothing is left',
    faults: [
      fault(
        'SIGKILL before the object is created',
        journey(
          'bot-process',
          'killed before the object is created: Slack says so, nothing is left, and a new press works',
        ),
      ),
    ],
  },
  {
    number: 2,
    where: 'front end',
    expected: 'Slack shows an error, the work proceeds, a second click is the same rollback',
    faults: [
      fault(
        'killed after create, before the acknowledgement',
        journey('form-faults', 'an acknowledgement that is lost: pressing again is the same rollback'),
        journey('restart', 'killed right after the button was pressed: the next bot does it, once'),
      ),
    ],
  },
  {
    number: 3,
    where: 'front end',
    expected: 'read by its name and adopted',
    faults: [
      fault(
        'the create is not answered',
        journey(
          'api-server-outage',
          'the button is pressed as it goes down: not confirmed yet, then one rollback, whoever presses again',
        ),
        journey(
          'form-faults',
          'an API server that is silent when the button is pressed: not confirmed yet, then started, once',
        ),
        seeds,
      ),
      fault(
        'made, and never answered',
        journey(
          'half-done',
          'the create is made and its answer never comes: the object is found by its name, and is the only one',
        ),
      ),
    ],
  },
  {
    number: 4,
    where: 'Slack in',
    expected: 'the same object name',
    faults: [
      fault(
        'delivered again',
        journey('slack-faults', 'an envelope that comes twice is one rollback and one answer'),
        journey('form-choices', 'an envelope that Slack sends twice is one rollback'),
        journey(
          'slack-presses',
          'an event whose acknowledgements are lost comes again, under the same id and under a new one: the Home stands',
        ),
        journey('slack-presses', 'what comes twice at once is answered once: %s'),
      ),
    ],
  },
  {
    number: 5,
    where: 'Slack in',
    expected: 'one wins, the other is told who',
    faults: [
      fault(
        'two people at once',
        journey(
          'plan-needs',
          'two forms open at once: the second press is told that the first one runs, and touches nothing',
        ),
        journey('clicks', 'two people tick at once, and neither undoes the other'),
        journey(
          'slack-presses',
          'two people press the same button in the same instant: both are kept and answered, one holds',
        ),
      ),
      fault('a double click', journey('form-choices', 'two presses at once are one rollback')),
    ],
  },
  {
    number: 6,
    where: 'Slack in',
    expected: 'compare-and-set on the object, one outcome, both told',
    faults: [
      fault(
        'a cancel and the beginning race',
        journey('holder-cancel', 'too late: what is patched already is said by name, and stays'),
        journey('holder-cancel', 'cancelled while the API server takes no patch: nothing is touched, then or later'),
        everyEffect,
      ),
    ],
  },
];
