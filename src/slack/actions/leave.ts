/** "Leave it as it is…": what did not come back is accepted. */
import { alreadyEnded, requestAction } from './record.ts';

export const leave = requestAction({
  request: 'leave',
  tooLate: alreadyEnded,
  recorded: 'what did not come back stays as it is. The others are monitored on.',
});
