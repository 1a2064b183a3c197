/**
 * The definition of Rollbacks on a plane. That it is established says only that its names are free: the API server serves it, lists it and
 * describes it a moment later, each by a controller of its own.
 */
const STEPS = ['apply -f k8s/crd.yaml', 'get rollbacks', 'explain rollback.spec'];

/** Resolves when Rollbacks are served and kubectl knows them. `untilSucceeds`: runs kubectl until it succeeds. Several may do so at once. */
export async function defineRollbacks(untilSucceeds: (words: string) => Promise<unknown>): Promise<void> {
  for (const words of STEPS) await untilSucceeds(words);
}
