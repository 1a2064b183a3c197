/** "Wait 10 more minutes": the ETA moves. */
import { alreadyEnded, requestAction } from './record.ts';

export const waitLonger = requestAction({
  request: 'wait-longer',
  tooLate: (rollback) =>
    alreadyEnded(rollback) ??
    (rollback.status?.outcomeAt === undefined ? undefined : 'Nothing to wait for: the outcome is known already.'),
  recorded: '10 more minutes before I ask again.',
});
