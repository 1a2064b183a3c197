/** What the playground and the bot's process say to each other over the child process's channel. */
import { z } from 'zod';

/** To the bot: the world's time was moved forward. */
export const ToBot = z.object({ skip: z.number().nonnegative() });
export type ToBot = z.infer<typeof ToBot>;

/** From the bot: it listens to Slack and watches the cluster. */
export const FromBot = z.object({ ready: z.literal(true) });
export type FromBot = z.infer<typeof FromBot>;
