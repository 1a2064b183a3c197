/** "Take over": questions and mentions go to the clicker from now on. */
import { holder } from '#rollback/inputs.ts';
import { alreadyEnded, requestAction } from './record.ts';

export const takeOver = requestAction({
  request: 'take-over',
  tooLate: (rollback, { person }) =>
    alreadyEnded(rollback) ?? (holder(rollback.spec).id === person.id ? 'You hold this rollback already.' : undefined),
  recorded: 'you hold this rollback now. Questions go to you.',
});
