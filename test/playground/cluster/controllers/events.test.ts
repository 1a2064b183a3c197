import { describe, expect, it } from '@jest/globals';
import { events } from '#playground/cluster/objects.ts';
import { namespace, rehearse } from './rehearsal.ts';

describe('events', () => {
  it('tell a rollout as kubectl describe does', () => {
    const cluster = rehearse();
    cluster.create({ replicas: 1 });
    cluster.clock.advance(1000);
    cluster.setImage('web:2');
    cluster.clock.advance(1000);
    const [first, second] = [cluster.setOf('web:1'), cluster.setOf('web:2')].map((set) => set?.metadata.name ?? '');
    expect(cluster.events('ScalingReplicaSet')).toEqual([
      `Scaled up replica set ${first} from 0 to 1`,
      `Scaled up replica set ${second} from 0 to 1`,
      `Scaled down replica set ${first} from 1 to 0`,
    ]);
    const [pod] = cluster.podsOf('web:2');
    expect(cluster.events('SuccessfulCreate')).toContain(`Created pod: ${pod?.metadata.name ?? ''}`);
    expect(cluster.events('Scheduled')).toContain(
      `Successfully assigned lomash-wood/${pod?.metadata.name ?? ''} to ${pod?.spec.nodeName ?? ''}`,
    );
    expect(cluster.events('Pulling')).toContain('Pulling image "web:2"');
    expect(cluster.events('Killing')).toEqual(['Stopping container web']);
  });

  it('count repetitions instead of repeating themselves', () => {
    const cluster = rehearse();
    cluster.create({ replicas: 1 });
    cluster.setImage('web:2-broken');
    cluster.clock.advance(5 * 60_000);
    const pulls = cluster.storage
      .list(events, namespace)
      .filter((e) => e['message'] === 'Pulling image "web:2-broken"');
    expect(pulls).toHaveLength(1);
    expect(pulls[0]?.['count']).toBeGreaterThan(3);
    expect(pulls[0]).toMatchObject({ source: { component: 'kubelet' }, type: 'Normal', reason: 'Pulling' });
  });

  it('combine many similar texts into one', () => {
    const cluster = rehearse();
    cluster.create({ replicas: 1 });
    for (let n = 2; n < 12; n += 1) {
      cluster.clock.advance(1000);
      cluster.setImage(`web:${n}`);
    }
    cluster.clock.advance(1000);
    const combined = cluster
      .events('ScalingReplicaSet')
      .filter((text) => text.startsWith('(combined from similar events): '));
    expect([combined.length, cluster.events('ScalingReplicaSet').length]).toEqual([1, 10]);
  });

  it('are gone after an hour', () => {
    const cluster = rehearse();
    cluster.create();
    cluster.clock.advance(50 * 60_000);
    expect(cluster.storage.list(events, namespace)).not.toHaveLength(0);
    cluster.clock.advance(25 * 60_000);
    expect(cluster.storage.list(events, namespace)).toHaveLength(0);
  });
});
