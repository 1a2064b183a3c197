/** The rollbacks that are cut short at every side effect: who presses what, and how it has to end. */
import type { RollbackSpec } from '#rollback/spec.ts';
import { hasEnded } from '#rollback/status.ts';
import { createRollback, deployVersion, press, scale, setVariable, specFor } from '../world/people.ts';
import type { Scene } from '../world/scene.ts';
import type { SettingOptions } from '../world/setting.ts';

export interface Night {
  setting: SettingOptions;
  /** Deploys what is wrong; there are four seconds until the press. */
  before(scene: Scene): void;
  spec: Partial<RollbackSpec>;
  /** Looked at every 20 ms of the night: what people do besides, each once. */
  besides?: (scene: Scene, once: (what: string, run: () => void) => void) => void;
  ends: {
    /** One, or several that are as good: what a person presses and what the bot sees may come in either order. */
    phase: string;
    /** By service, one state or several that are as good; the others Back. */
    targets?: Record<string, string>;
    /** Rollbacks of the night. Default: one. */
    rollbacks?: number;
  };
}

export const NINE = [
  'api-gateway',
  'auth-service',
  'product-service',
  'order-payment-service',
  'appointment-service',
  'content-service',
  'customer-service',
  'notification-service',
  'analytics-service',
] as const;
const ONE = ['content-service'];
const THREE = ['content-service', 'customer-service', 'analytics-service'];
const production = (services: readonly string[]): SettingOptions => ({ services, environment: 'production' });
const breakAll =
  (services: readonly string[]) =>
  (scene: Scene): void => {
    for (const service of services) deployVersion(scene, service, 'bad');
  };

/** `kubectl get` of the first one, by anybody. */
const first = (scene: Scene) => scene.rollbacks()[0];

export const nights: Record<string, Night> = {
  'one service': { setting: production(ONE), before: breakAll(ONE), spec: {}, ends: { phase: 'Resolved' } },
  'the full system': { setting: production(NINE), before: breakAll(NINE), spec: {}, ends: { phase: 'Resolved' } },
  'one that comes back in part': {
    setting: production(THREE),
    before(scene) {
      breakAll(THREE)(scene);
      // The version it goes back to cannot be pulled any more.
      scene.cluster.images.expire(scene.setting.images.findLast((image) => image.includes('customer-service'))!);
    },
    spec: {},
    ends: { phase: 'Resolved', targets: { 'customer-service': 'NotBack' } },
  },
  'one that is cancelled before it begins': {
    setting: production(ONE),
    before: breakAll(ONE),
    spec: {
      inputs: {
        k: {
          kind: 'request',
          request: 'cancel',
          by: { id: 'U0ONCALL', name: 'Maya Chen' },
          at: '2026-11-23T03:00:06Z',
        },
      },
    },
    ends: { phase: 'Cancelled', targets: { 'content-service': 'Cancelled' } },
  },
  'one that is refused, and one service that is': {
    setting: production(THREE),
    before: breakAll(THREE),
    spec: {
      targets: THREE.map((service) => ({ service, ...(service === 'customer-service' ? { to: 'v0.0.1' } : {}) })),
    },
    ends: { phase: 'Resolved', targets: { 'customer-service': 'Refused' } },
  },
  'one that may not': {
    setting: production(ONE),
    before: breakAll(ONE),
    spec: { requestedBy: { id: 'U0NOTALLOWED', name: 'Sam Reed', via: 'slack' } },
    ends: { phase: 'Refused', targets: { 'content-service': 'Refused' } },
  },
  'one that is undone': {
    setting: production(ONE),
    before: breakAll(ONE),
    spec: {},
    besides(scene, once) {
      const parent = first(scene);
      if (parent?.status?.phase !== 'Monitoring' && !(parent?.status && hasEnded(parent.status.phase))) return;
      const { name, uid } = parent.metadata;
      once('undo', () =>
        createRollback(scene, 'undoing', specFor(scene, { services: ONE, parent: { name, uid, relation: 'undo' } })),
      );
    },
    ends: { phase: 'Superseded|Resolved', targets: { 'content-service': 'Back|Superseded' }, rollbacks: 2 },
  },
  'a drill': {
    setting: { services: ONE, environment: 'staging' },
    before: breakAll(ONE),
    spec: { drill: true },
    ends: { phase: 'Resolved' },
  },
  'one that people answer, scale and write notes on': {
    setting: production(ONE),
    before: breakAll(ONE),
    spec: {},
    besides(scene, once) {
      const rollback = first(scene);
      if (rollback?.status?.phase !== 'Monitoring') return;
      const { name } = rollback.metadata;
      once('scale', () => scale(scene, ONE[0]!, 3));
      once('login', () => press(scene, name, { kind: 'check', item: 'login', answer: 'pass' }));
      once('note', () => press(scene, name, { kind: 'note', text: 'The showroom can log in again' }));
      once('take over', () => press(scene, name, { kind: 'request', request: 'take-over' }));
    },
    ends: { phase: 'Resolved' },
  },
  'one that somebody deploys over': {
    setting: production(ONE),
    before: breakAll(ONE),
    spec: {},
    besides(scene, once) {
      if (first(scene)?.status?.phase === 'Monitoring') once('deploy', () => setVariable(scene, ONE[0]!, 'on'));
    },
    ends: { phase: 'Superseded', targets: { 'content-service': 'Superseded' } },
  },
};
