import { afterAll, describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '#clients/kubernetes/api.ts';
import { connect } from '#clients/kubernetes/api-server.ts';
import type { LeaseSpec } from '#controller/leading/lease-record.ts';
import { runElection, type Term } from '#controller/leading/lease.ts';
import type { Log } from '#rollback/ports.ts';
import { Recording } from '#test/conformance/harness/recording.ts';
import { beUnhurried } from '#test/harness/unhurried-time.ts';
import { clock, eventually, kubeconfigPath, usePlane } from './plane.ts';

const plane = usePlane('lease');
const { api, namespace, signal } = plane;
const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/rollback-bot`;
const stopping: (() => Promise<void>)[] = [];
// Both replicas stand still with this process: for neither does that time pass.
const stopUnhurried = beUnhurried();
afterAll(stopUnhurried);
afterAll(async () => {
  await Promise.all(stopping.map((stop) => stop()));
});

const quiet: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const lease = (): Promise<KubernetesObject & { spec: LeaseSpec }> => api.get(path, { signal });

/** A replica with a connection of its own, that can be cut. */
function replica(identity: string, epochFloor = 0) {
  const own = connect({ kubeconfigPath: kubeconfigPath(), clock });
  const stop = new AbortController();
  const terms: Term[] = [];
  const running = runElection(
    {
      api: own,
      namespace,
      identity,
      clock,
      log: quiet,
      epochFloor: () => epochFloor,
      onOverrun: () => undefined,
      lead: async (term) => {
        terms.push(term);
        const { promise, resolve } = Promise.withResolvers<void>();
        term.signal.addEventListener('abort', () => resolve(), { once: true });
        await promise;
      },
    },
    stop.signal,
  );
  const end = async (): Promise<void> => {
    stop.abort(new Error('stop'));
    await running;
    await own.close();
  };
  stopping.push(end);
  return { terms, stop: end, cut: () => own.close(), leads: () => terms.at(-1)?.isHeld() === true };
}

describe('an election', () => {
  it('has one leader, goes on at once after a clean end, and each term has a higher number', async () => {
    const first = replica('first', 41);
    await eventually('the first leads', () => first.leads() || undefined);
    const epoch = first.terms[0]!.epoch;
    expect(epoch).toBeGreaterThanOrEqual(42);
    const second = replica('second');
    const history = new Recording<KubernetesObject & { spec: LeaseSpec }>(api, path.replace(/\/[^/]+$/, ''));
    await history.until('the lease', (events) => events.length > 0);
    await first.stop();
    expect(first.terms[0]?.signal.aborted).toBe(true);
    await history.until('it is given back', (events) =>
      events.some(({ object: { spec } }) => spec.holderIdentity === '' && spec.leaseTransitions === epoch),
    );
    history.stop();
    await eventually('the second leads', () => second.leads() || undefined);
    expect(second.terms[0]?.epoch).toBe(epoch + 1);

    // A foreign write to the Lease makes one renewal conflict, which is no loss.
    await api.mergePatch(path, { metadata: { annotations: { note: 'looked at' } } }, { signal });
    const { renewTime } = (await lease()).spec;
    await eventually('it is renewed', async () => ((await lease()).spec.renewTime === renewTime ? undefined : true));
    // A lease that was deleted comes back with the number of the running term.
    await api.delete(path, { signal });
    const back = await eventually('it is there again', () => lease().catch(() => undefined));
    expect(back.spec).toMatchObject({ holderIdentity: 'second', leaseTransitions: epoch + 1 });
    expect(second.terms).toHaveLength(1);
    expect(second.leads()).toBe(true);
    await second.stop();
  });

  it('stops a leader that is cut off before another one takes its place', async () => {
    const old = replica('old');
    await eventually('the old one leads', () => old.leads() || undefined);
    const next = replica('next');
    const term = old.terms.at(-1)!;
    await old.cut();
    await eventually('the next leads', () => next.leads() || undefined);
    expect(term.isHeld()).toBe(false);
    expect(term.signal.aborted).toBe(true);
    expect(next.terms[0]!.epoch).toBe(term.epoch + 1);
  });
});
