/**
 * The real bot as the playground's child process: the same startBot as `npm start`, except that its clock follows the playground's skips.
 * It reads its environment as in production and knows nothing else of the playground.
 */
import { readConfig } from '#config';
import { startBot } from '#main';
import { worldClock } from '../clock.ts';
import { type FromBot, ToBot } from './messages.ts';

const clock = worldClock();
const skippedMs = Number(process.argv[2] ?? 0);
if (skippedMs > 0) clock.advance(skippedMs);

process.on('message', (message: unknown) => clock.advance(ToBot.parse(message).skip));
// The playground is gone: nobody is left to work for.
process.on('disconnect', () => process.exit(0));

await startBot(readConfig(), { clock });
const ready: FromBot = { ready: true };
process.send?.(ready);
