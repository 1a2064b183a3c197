/** "Watch 15 more minutes": the monitoring period begins again. */
import { alreadyEnded, requestAction } from './record.ts';

export const watchLonger = requestAction({
  request: 'watch-longer',
  tooLate: alreadyEnded,
  recorded: 'watching on. I ask again at the end.',
});
