/** Seeds that failed once, and what was wrong with the bot. They run each time; a change of the story's drawing may make them tame. */
export const remembered: readonly { seed: number; why: string }[] = [
  { seed: 3, why: 'a status write that arrived late, or twice, took back what was written since' },
  { seed: 5, why: 'the same, for messages that were posted already' },
  { seed: 206, why: 'a new lease began with the number of the term that still ran under a deleted one' },
  { seed: 1160, why: 'two leaders each posted the root, and nobody took one away' },
  { seed: 1323, why: 'two leaders in one term each posted the outcome' },
  { seed: 1420, why: 'a service was told as cancelled while its patch was still on its way' },
  { seed: 20577, why: 'a rollback was settled while a note was being added to it' },
  { seed: 600088, why: 'the root was waited for, and the outcome was posted above it' },
  {
    seed: 4200135,
    why: 'the lease was deleted, and the leader that did not know yet posted a root that nobody looked for',
  },
  { seed: 631390, why: 'the same, where the new leader had just been started and never saw the lease' },
  {
    seed: 643934,
    why: 'an intent that another leader wrote was taken for its own, and a patched service was told as cancelled',
  },
  { seed: 940203, why: 'a leader whose clock was behind wrote an outcome that was older than what came before it' },
  { seed: 20008026, why: 'a post that calls for a person arrived late, and stood on above "refused"' },
  { seed: 50003717, why: 'a conflict that would have passed ended a rollback as refused' },
  { seed: 50009694, why: 'a rollback was settled while its evidence was still to be kept' },
  { seed: 90005011, why: 'a post was repeated while the first was still on its way, and both stood' },
  { seed: 97001524, why: 'an edit that arrived late took back what a newer one showed' },
  { seed: 98000275, why: 'a clock that was put right ended the wait for what may still arrive' },
];
